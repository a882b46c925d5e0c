import type {
  CallContext,
  FieldValue,
  Member,
  Message,
  MessageDraft,
  Rating,
  Ticket,
  TicketDraft,
} from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import {
  contextLines,
  checkMessageDraft,
  checkTicketDraft,
  checkRating,
  checkFields,
  createSingleFlight,
} from "../../adapter/index.ts";
import { compose, type Draft } from "./compose.ts";
import { askerOf, knownThread, ownThread, ticketOf, type Desk } from "./desk.ts";
import { sentKey } from "./entry.ts";
import { asSent, filesFor, type DraftFile, releaseFiles } from "./draft-files.ts";
import { messageOf, type Bodies } from "./messages.ts";
import type { SentRecord } from "./record.ts";
import type { Thread } from "./thread.ts";

const TITLE_MOST = 255;

export function createChanges(desk: Desk, bodies: Bodies) {
  const running = createSingleFlight<void>();
  const { seal, closed } = desk;
  const { fields } = desk.settings;

  /** Sends unless already sent. The caller may abort: a started send continues, and a retry finds it. */
  async function once(
    { thread, kind, clientId }: Pick<SentRecord, "thread" | "kind" | "clientId">,
    ctx: CallContext,
    draft: () => Promise<Draft>,
  ): Promise<void> {
    const key = sentKey({ thread, kind, clientId });
    await running.join([key], ctx.signal, async () => {
      await desk.sync.run(closed);
      if (desk.index.thread(thread)?.steps.some(({ entry }) => entry.key === key)) return;
      await desk.outbox.send(await compose(await draft(), desk.settings, seal));
      await desk.sync.run(closed);
    });
  }

  function recordOf(thread: Thread, more: Pick<SentRecord, "kind" | "clientId"> & Partial<SentRecord>) {
    // After everything that the member can have seen.
    const at = Math.max(Date.now(), thread.updatedAt + 1);
    return { thread: thread.id, owner: thread.owner, at, length: 0, files: [], ...more };
  }

  async function create(draft: TicketDraft, ctx: CallContext): Promise<Ticket> {
    const member = askerOf(ctx);
    checkTicketDraft(draft, TITLE_MOST);
    const answers = checkFields(fields, draft.fields);
    const { clientId, title } = draft;
    const thread = seal.threadId(member.id, clientId);
    let sent: readonly DraftFile[] = [];
    await once({ thread, kind: "ticket", clientId }, ctx, async () => {
      sent = await filesFor(desk, member, draft.attachments);
      const text = wordsOf(draft.text);
      const owner = seal.owner(member.id);
      const files = sent.map(told);
      const record = { thread, owner, kind: "ticket", clientId, at: Date.now(), length: text.length, title, files };
      const answered = fields.flatMap(({ key, label }) => (key in answers ? [lineOf(label, answers[key])] : []));
      const below = [whoIs(member), ...answered, ...contextLines(draft.context)];
      return { record: { ...record, kind: "ticket" }, member, text, below, files: sent.map(({ file }) => file) };
    });
    await releaseFiles(desk, member, sent);
    return ticketOf(knownThread(desk, thread, member));
  }

  async function reply(ticketId: string, draft: MessageDraft, ctx: CallContext): Promise<Message> {
    checkMessageDraft(draft);
    const thread = await ownThread(desk, ticketId, ctx);
    const member = askerOf(ctx);
    const { clientId } = draft;
    const key = sentKey({ thread: thread.id, kind: "reply", clientId });
    await once({ thread: thread.id, kind: "reply", clientId }, ctx, async () => {
      const now = knownThread(desk, ticketId, member);
      const sent = await filesFor(desk, member, draft.attachments);
      const text = wordsOf(draft.text);
      const record = recordOf(now, { kind: "reply", clientId, length: text.length, files: sent.map(told) });
      return { record, member, text, below: [], files: sent.map(({ file }) => file), thread: now };
    });
    const step = knownThread(desk, ticketId, member).steps.find(({ entry }) => entry.key === key);
    const message = step && (await messageOf(bodies, thread.id, step, member, ctx.signal));
    if (!message) throw new AdapterError("unknown", `the reply ${key} was sent, but is missing in the mailbox`);
    return asSent(message, draft.attachments);
  }

  /** A mail without a member's text: a line for agents, and the record. */
  async function tell(
    thread: Thread,
    ctx: CallContext,
    text: string,
    more: Partial<SentRecord> & Pick<SentRecord, "kind">,
  ) {
    const member = askerOf(ctx);
    const clientId = crypto.randomUUID();
    await once({ thread: thread.id, kind: more.kind, clientId }, ctx, async () => {
      const now = knownThread(desk, thread.id, member);
      return { record: recordOf(now, { clientId, ...more }), member, text, below: [], files: [], thread: now };
    });
    return ticketOf(knownThread(desk, thread.id, member));
  }

  async function setStatus(ticketId: string, status: "open" | "resolved", ctx: CallContext): Promise<Ticket> {
    const thread = await ownThread(desk, ticketId, ctx);
    if (thread.status === status) return ticketOf(thread);
    const text = status === "open" ? "The member has opened this again." : "The member says that this is resolved.";
    return await tell(thread, ctx, text, { kind: "status", status });
  }

  async function rate(ticketId: string, rating: Rating, ctx: CallContext): Promise<Ticket> {
    const thread = await ownThread(desk, ticketId, ctx);
    checkRating(rating, thread.status);
    const { score, comment = "" } = rating;
    if (thread.rating?.score === score && (thread.rating.comment ?? "") === comment) return ticketOf(thread);
    const text = `The member's rating: ${score} of 5${comment === "" ? "" : `\n\n${comment}`}`;
    return await tell(thread, ctx, text, { kind: "rating", score, ...(comment === "" ? {} : { comment }) });
  }

  return { create, reply, setStatus, rate };
}

const told = ({ file }: DraftFile): [string, number, string] => [file.name, file.size, file.type];

/** Mail has its own line ends. */
function wordsOf(text: string): string {
  return text.replaceAll(/\r\n?/g, "\n");
}

function lineOf(label: string, value: FieldValue | undefined): string {
  return `${label}: ${[value].flat().join(", ")}`.replaceAll(/\s*[\r\n]+\s*/g, " ");
}

/** A guest's address is unverified, so agents are not shown it. */
function whoIs({ id, name, email, guest }: Member): string {
  const address = guest === true || email === undefined ? "" : ` <${email}>`;
  return `Member: ${name ?? id}${address}${guest === true ? " (a guest)" : ""}`.replaceAll(/[\r\n]+/g, " ");
}
