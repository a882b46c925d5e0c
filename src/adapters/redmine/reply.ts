import {
  AdapterError,
  answerOf,
  checkMessageDraft,
  checkRating,
  statusOf,
  type CallContext,
  type Message,
  type MessageDraft,
  type Rating,
  type Ticket,
  type TicketsApi,
} from "../../adapter/index.ts";
import { refusedOf } from "./create.ts";
import { lacksRight, notFound, unavailable, type Desk } from "./desk.ts";
import type { FileTokens } from "./files.ts";
import { valueOf, wordsOf } from "./thread.ts";
import { ownIssue, readIssue, type OwnIssue } from "./ticket.ts";

/** How often a write is retried after another user's concurrent write to the same issue. */
const TRIES = 4;

interface Change {
  readonly notes?: string;
  readonly private_notes?: boolean;
  readonly status_id?: number;
  readonly custom_fields?: readonly { readonly id: number; readonly value: string }[];
  readonly uploads?: readonly { readonly token: string }[];
}

export function createReplies(desk: Desk, tokens: FileTokens): Pick<TicketsApi, "reply" | "setStatus" | "rate"> {
  const { api, settings } = desk;

  /** As the member. Redmine refuses, without an error message, if the issue changed meanwhile. */
  async function put({ client, issue, facts }: OwnIssue, change: Change, signal: AbortSignal): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        const call = { method: "PUT", path: `/issues/${issue.id}.json`, json: { issue: change } } as const;
        // oxlint-disable-next-line no-await-in-loop -- once more, after it was refused
        await client.done(call, signal);
        return;
      } catch (error) {
        const overtaken = statusOf(error) === 422 && /"errors":\s*\[\s*\]/.test(answerOf(error));
        if (!overtaken || tries === TRIES) throw lacksRight(refusedOf(error, facts), settings.role, "Edit own issues");
      }
    }
  }

  async function again(own: OwnIssue, signal: AbortSignal): Promise<OwnIssue> {
    return await readIssue(desk, own.ticket.id, own.customer, own.facts, signal);
  }

  /** A status change that Redmine accepted from the member without making it is made with the gateway's own account. */
  async function settle(own: OwnIssue, change: Change, isDone: (now: OwnIssue) => boolean, signal: AbortSignal) {
    const now = await again(own, signal);
    if (isDone(now)) return now;
    await api.own.done({ method: "PUT", path: `/issues/${own.issue.id}.json`, json: { issue: change } }, signal);
    const then = await again(own, signal);
    if (isDone(then)) return then;
    throw unavailable(
      `Redmine accepts a change of issue ${own.issue.id} but does not make it: check the tracker's workflow and fields`,
    );
  }

  const isOpen = ({ ticket }: OwnIssue) => ticket.status === "open";

  function messageOf({ steps }: OwnIssue, clientId: string): Message | undefined {
    return steps
      .flatMap(({ messages }) => messages)
      .find((message) => message.clientId === clientId && message.id.startsWith("j"));
  }

  async function write(own: OwnIssue, draft: MessageDraft, signal: AbortSignal): Promise<Message> {
    const { facts, customer } = own;
    const known = messageOf(own, draft.clientId);
    if (known) return known;
    if (!own.issue.custom_fields.some(({ id }) => id === facts.replyField)) {
      throw unavailable(
        `the role "${settings.role}" does not see "${settings.replyField}" in the tracker "${settings.tracker}": replies could not be distinguished`,
      );
    }
    const uploads = await tokens.of(draft.attachments, customer, signal);
    const reopen = isOpen(own) ? {} : { status_id: facts.reopenTo };
    const custom_fields = [{ id: facts.replyField, value: draft.clientId }];
    await put(own, { notes: draft.text, custom_fields, uploads, ...reopen }, signal);
    const now = isOpen(own) ? await again(own, signal) : await settle(own, reopen, isOpen, signal);
    const message = messageOf(now, draft.clientId);
    if (message?.text === wordsOf(draft.text)) return message;
    throw new AdapterError("unknown", `Redmine has not stored the reply to issue ${own.issue.id} as written`);
  }

  return {
    async reply(ticketId: string, draft: MessageDraft, ctx: CallContext): Promise<Message> {
      checkMessageDraft(draft);
      const [customer, facts] = await Promise.all([desk.people.find(ctx), desk.facts(ctx.signal)]);
      if (!customer) throw notFound(`ticket "${ticketId}"`);
      return await write(await readIssue(desk, ticketId, customer, facts, ctx.signal), draft, ctx.signal);
    },

    async setStatus(ticketId: string, status: "open" | "resolved", ctx: CallContext): Promise<Ticket> {
      const own = await ownIssue(desk, ticketId, ctx);
      const isDone = ({ ticket }: OwnIssue) => ticket.status === status;
      if (isDone(own)) return own.ticket;
      const change = { status_id: status === "open" ? own.facts.reopenTo : own.facts.resolveTo };
      await put(own, change, ctx.signal);
      const { ticket } = await settle(own, change, isDone, ctx.signal);
      return ticket;
    },

    ...(settings.ratingField === undefined ? {} : { rate }),
  };

  async function rate(ticketId: string, rating: Rating, ctx: CallContext): Promise<Ticket> {
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
    await put(own, { custom_fields: values }, ctx.signal);
    const { ticket } = await settle(own, { custom_fields: values }, isDone, ctx.signal);
    if (ratingCommentField === undefined && comment !== "") {
      const json = { issue: { notes: `Podpora: ${score} of 5\n\n${comment}`, private_notes: true } };
      await api.own.done({ method: "PUT", path: `/issues/${own.issue.id}.json`, json }, ctx.signal);
    }
    return ticket;
  }
}
