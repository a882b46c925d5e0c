import type { CallContext, Message, MessageDraft, Rating, Ticket } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { answerOf, statusOf } from "../shared/desk-refusal.ts";
import { checkMessageDraft } from "../shared/draft-check.ts";
import { checkRating } from "../shared/rating.ts";
import { createRunning } from "../shared/running.ts";
import { lacksRight, notFound } from "./api.ts";
import { ownIssue, readIssue, type Desk, type OwnIssue } from "./issues.ts";
import { refusedOf } from "./create.ts";
import { valueOf, wordsOf } from "./ticket.ts";
import type { FileTokens } from "./uploads.ts";

/** How often a write is tried that somebody else's write to the same issue came before. */
const TRIES = 4;

interface Change {
  readonly notes?: string;
  readonly private_notes?: boolean;
  readonly status_id?: number;
  readonly custom_fields?: readonly { readonly id: number; readonly value: string }[];
  readonly uploads?: readonly { readonly token: string }[];
}

/** `wrote` is called after each change. */
export function createChanges(desk: Desk, tokens: FileTokens, wrote: () => void) {
  const running = createRunning<Message>();
  const { api, settings, closed } = desk;

  /** As the member. Redmine refuses, with no error named, when the issue changed under its hands. */
  async function put({ client, issue, facts }: OwnIssue, change: Change): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        const call = { method: "PUT", path: `/issues/${issue.id}.json`, json: { issue: change } } as const;
        // oxlint-disable-next-line no-await-in-loop -- once more, after it was refused
        await client.done(call, closed);
        return;
      } catch (error) {
        const overtaken = statusOf(error) === 422 && /"errors":\s*\[\s*\]/.test(answerOf(error));
        if (!overtaken || tries === TRIES) throw lacksRight(refusedOf(error, facts), settings.role, "Edit own issues");
      }
    }
  }

  async function again(own: OwnIssue): Promise<OwnIssue> {
    return await readIssue(desk, own.ticket.id, own.customer, own.facts, closed);
  }

  /** What Redmine accepted from the member without doing it, the gateway's own account does. */
  async function settle(own: OwnIssue, change: Change, isDone: (now: OwnIssue) => boolean): Promise<OwnIssue> {
    const now = await again(own);
    if (isDone(now)) return now;
    await api.own.done({ method: "PUT", path: `/issues/${own.issue.id}.json`, json: { issue: change } }, closed);
    const then = await again(own);
    if (isDone(then)) return then;
    throw new AdapterError(
      "unavailable",
      `Redmine accepts a change of issue ${own.issue.id} and does not make it: look at the tracker's workflow and fields`,
    );
  }

  const isOpen = ({ ticket }: OwnIssue) => ticket.status === "open";

  function messageOf({ steps }: OwnIssue, clientId: string): Message | undefined {
    return steps
      .flatMap(({ messages }) => messages)
      .find((message) => message.clientId === clientId && message.id.startsWith("j"));
  }

  async function write(own: OwnIssue, draft: MessageDraft): Promise<Message> {
    const { facts, customer } = own;
    const known = messageOf(own, draft.clientId);
    if (known) return known;
    if (!own.issue.custom_fields.some(({ id }) => id === facts.replyField)) {
      throw new AdapterError(
        "unavailable",
        `the role "${settings.role}" does not see "${settings.replyField}" in the tracker "${settings.tracker}": no reply could be told from another`,
      );
    }
    const uploads = await tokens.of(draft.attachments, customer, closed);
    const reopen = isOpen(own) ? {} : { status_id: facts.reopenTo };
    const custom_fields = [{ id: facts.replyField, value: draft.clientId }];
    await put(own, { notes: draft.text, custom_fields, uploads, ...reopen });
    const now = isOpen(own) ? await again(own) : await settle(own, reopen, isOpen);
    wrote();
    const message = messageOf(now, draft.clientId);
    if (message?.text === wordsOf(draft.text)) return message;
    throw new AdapterError("unknown", `Redmine has not kept the reply to issue ${own.issue.id} as it was written`);
  }

  return {
    async reply(ticketId: string, draft: MessageDraft, ctx: CallContext): Promise<Message> {
      checkMessageDraft(draft);
      const [customer, facts] = await Promise.all([desk.customers.find(ctx), desk.facts(ctx.signal)]);
      if (!customer) throw notFound(`ticket "${ticketId}"`);
      return await running.join([customer.login, ticketId, draft.clientId], ctx.signal, async () =>
        write(await readIssue(desk, ticketId, customer, facts, closed), draft),
      );
    },

    async setStatus(ticketId: string, status: "open" | "resolved", ctx: CallContext): Promise<Ticket> {
      const own = await ownIssue(desk, ticketId, ctx);
      const isDone = ({ ticket }: OwnIssue) => ticket.status === status;
      if (isDone(own)) return own.ticket;
      const change = { status_id: status === "open" ? own.facts.reopenTo : own.facts.resolveTo };
      await put(own, change);
      const { ticket } = await settle(own, change, isDone);
      wrote();
      return ticket;
    },

    async rate(ticketId: string, rating: Rating, ctx: CallContext): Promise<Ticket> {
      const own = await ownIssue(desk, ticketId, ctx);
      checkRating(rating, own.ticket.status);
      const { score, comment = "" } = rating;
      const { ratingField, ratingCommentField } = own.facts;
      const values = [
        ...(ratingField === undefined ? [] : [{ id: ratingField, value: String(score) }]),
        ...(ratingCommentField === undefined ? [] : [{ id: ratingCommentField, value: comment }]),
      ];
      const isDone = ({ issue }: OwnIssue) => values.every(({ id, value }) => (valueOf(issue, id) ?? "") === value);
      if (isDone(own)) return own.ticket;
      await put(own, { custom_fields: values });
      const { ticket } = await settle(own, { custom_fields: values }, isDone);
      if (ratingCommentField === undefined && comment !== "") {
        const json = { issue: { notes: `Podpora: ${score} of 5\n\n${comment}`, private_notes: true } };
        await api.own.done({ method: "PUT", path: `/issues/${own.issue.id}.json`, json }, closed);
      }
      wrote();
      return ticket;
    },
  };
}
