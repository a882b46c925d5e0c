import type { Author, CallContext, TicketDraft, TicketEvent, TicketsApi } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { textLimit, titleLimit } from "../../src/core/contract/limits.ts";
import { checkFields } from "../../src/adapter/fields.ts";
import type { Desk } from "./parts.ts";
import { parseCursor } from "./events.ts";
import { type MemberRow, toMember } from "./members.ts";
import { deskAuthor } from "./messages.ts";
import { checkDraft, checkRating, checkTexts } from "./text.ts";
import { textsFor } from "./texts.ts";
import { placeOf, settle } from "./ticket-changes.ts";
import type { TicketRow } from "./tickets.ts";
import { transcriptOf } from "./transcript.ts";

const pageLimit = 50;

/** The member's access to tickets: other members' do not exist for them. */
export function createMemberTickets(desk: Desk): Required<TicketsApi> {
  const { database, events, members, messages, tickets } = desk;

  function own(ticketId: string, ctx: CallContext): TicketRow {
    const member = members.asking(ctx);
    const row = tickets.find(ticketId);
    if (!row || row.memberId !== member.id) throw new AdapterError("not-found", "The member has no such ticket.");
    return row;
  }

  function make(draft: TicketDraft, member: MemberRow, ctx: CallContext): TicketRow {
    const conversation = draft.conversationId === undefined ? undefined : desk.conversations.find(draft.conversationId);
    if (draft.conversationId !== undefined && conversation?.memberId !== member.id) {
      throw new AdapterError("not-found", "The member has no such conversation.");
    }
    const row = tickets.insert({
      memberId: member.id,
      clientId: draft.clientId,
      title: draft.title,
      locale: draft.locale ?? ctx.locale,
      fields: checkFields(desk.fields(ctx.locale), draft.fields),
      context: draft.context,
      conversationId: conversation?.id,
    });
    const place = placeOf(row);
    const texts = textsFor(ctx.locale);
    if (conversation) {
      const said = messages.all({ conversationId: conversation.id, memberId: member.id });
      const copy = messages.add(place, {
        author: deskAuthor,
        text: transcriptOf(said, texts.transcript(conversation.agentName ?? undefined)),
      });
      desk.files.share(
        said.map(({ id }) => id),
        copy.id,
      );
      messages.add(
        { conversationId: conversation.id, memberId: member.id },
        { author: deskAuthor, text: texts.ticketMade(String(row.number), row.title) },
      );
    }
    const author = authorOf(member);
    messages.add(place, { author, text: draft.text, clientId: draft.clientId, attachments: draft.attachments });
    if (conversation) desk.conversations.tell(conversation.id);
    return settle(desk, row, author, "open");
  }

  return {
    limits: { title: titleLimit, text: textLimit },
    async create(draft, ctx) {
      ctx.signal.throwIfAborted();
      const asking = members.asking(ctx);
      return database.write(() => {
        const sent = tickets.sent(asking.id, draft.clientId);
        if (sent) return tickets.showOne(sent);
        checkTexts({ title: draft.title, text: draft.text });
        return tickets.showOne(make(draft, members.writing(ctx), ctx));
      });
    },
    async list(query, ctx) {
      ctx.signal.throwIfAborted();
      const limit = Math.min(Math.max(query.limit ?? 20, 1), pageLimit);
      const rows = tickets.query({
        memberId: members.asking(ctx).id,
        status: query.filter === "all" ? undefined : query.filter,
        search: query.search,
        before: query.cursor === undefined ? undefined : parseCursor(query.cursor),
        limit: limit + 1,
      });
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return {
        items: tickets.show(shown),
        ...(rows.length > limit && last ? { next: String(last.changed) } : {}),
      };
    },
    async get(ticketId, ctx) {
      ctx.signal.throwIfAborted();
      return tickets.showOne(own(ticketId, ctx));
    },
    async thread(ticketId, before, ctx) {
      ctx.signal.throwIfAborted();
      const { id, memberId } = own(ticketId, ctx);
      return messages.pageBefore({ ticketId: id, memberId }, before);
    },
    async reply(ticketId, draft, ctx) {
      ctx.signal.throwIfAborted();
      return database.write(() => {
        const row = own(ticketId, ctx);
        const place = placeOf(row);
        const author = authorOf(members.writing(ctx));
        const sent = messages.sent(place, author, draft.clientId);
        if (sent) return sent;
        requireNotClosed(row);
        checkDraft(draft);
        const message = messages.add(place, { author, ...draft });
        settle(desk, row, author, "open");
        return message;
      });
    },
    async setStatus(ticketId, status, ctx) {
      ctx.signal.throwIfAborted();
      return database.write(() => {
        const row = own(ticketId, ctx);
        const author = authorOf(members.writing(ctx));
        requireNotClosed(row);
        return tickets.showOne(row.status === status ? row : settle(desk, row, author, status));
      });
    },
    async rate(ticketId, rating, ctx) {
      ctx.signal.throwIfAborted();
      return database.write(() => {
        const row = own(ticketId, ctx);
        if (row.status !== "resolved") {
          const message = "A ticket is rated once it is resolved.";
          throw new AdapterError("invalid", message, { fields: { status: message } });
        }
        checkRating(rating);
        return tickets.showOne(tickets.rate(row, rating));
      });
    },
    async counts(ctx) {
      ctx.signal.throwIfAborted();
      return tickets.counts(members.asking(ctx).id);
    },
    async fields(ctx) {
      ctx.signal.throwIfAborted();
      return desk.fields(ctx.locale);
    },
    events(cursor, ctx) {
      // Read at the call, so that events before the first iteration step count as live.
      const start = cursor === undefined ? events.last() : undefined;
      return listen(desk, start, cursor ?? "", ctx);
    },
  };
}

async function* listen(
  desk: Desk,
  start: number | undefined,
  cursor: string,
  ctx: CallContext,
): AsyncGenerator<TicketEvent, void, undefined> {
  const { id: memberId } = desk.members.asking(ctx);
  for await (const entry of desk.events.follow(
    { kind: "tickets", memberId },
    start ?? parseCursor(cursor),
    ctx.signal,
  )) {
    if (entry.type === "passing") continue;
    const at = String(entry.cursor);
    if (entry.type === "ticket" && entry.payload !== null) {
      yield { type: "ticket", ticket: desk.answerTimes.stillTrue(JSON.parse(entry.payload)), cursor: at };
    } else if (entry.type === "removed" && entry.ticketId !== null) {
      yield { type: "removed", ticketId: entry.ticketId, cursor: at };
    } else if (entry.type === "message" && entry.messageId !== null && entry.ticketId !== null) {
      const message = desk.messages.find(entry.messageId);
      if (message) yield { type: "message", ticketId: entry.ticketId, message, cursor: at };
    }
  }
}

export function authorOf(member: MemberRow): Author {
  const { id, name } = toMember(member);
  return { id, ...(name === undefined ? {} : { name }), role: "member" };
}

function requireNotClosed({ closed }: TicketRow): void {
  if (closed) throw new AdapterError("forbidden", "The ticket is closed: create a new one.");
}
