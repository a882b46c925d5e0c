import type { Author, CallContext, FieldValue, TicketDraft, TicketEvent, TicketsApi } from "../../src/core/adapter.ts";
import { AdapterError } from "../../src/core/errors.ts";
import type { Desk } from "./parts.ts";
import { parseCursor } from "./events.ts";
import { type MemberRow, toMember } from "./members.ts";
import { checkDraft, checkTexts } from "./text.ts";
import { textsFor } from "./texts.ts";
import { type TicketRow, toTicket } from "./tickets.ts";
import { transcriptOf } from "./transcript.ts";

const pageLimit = 50;

/** The member's way to their tickets: whatever is not theirs is not there. */
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
      fields: checkFields(draft.fields ?? {}, ctx.locale),
      conversationId: conversation?.id,
    });
    const place = { ticketId: row.id, memberId: member.id };
    const texts = textsFor(ctx.locale);
    if (conversation) {
      const said = messages.all({ conversationId: conversation.id, memberId: member.id });
      const copy = messages.add(place, {
        author: systemAuthor,
        text: transcriptOf(said, texts.transcript(conversation.agentName ?? undefined)),
      });
      desk.files.share(
        said.map(({ id }) => id),
        copy.id,
      );
      messages.add(
        { conversationId: conversation.id, memberId: member.id },
        { author: systemAuthor, text: texts.ticketMade(String(row.number), row.title) },
      );
    }
    const author = authorOf(member);
    messages.add(place, { author, text: draft.text, clientId: draft.clientId, attachments: draft.attachments });
    return tickets.touch(row, "open");
  }

  return {
    async create(draft, ctx) {
      ctx.signal.throwIfAborted();
      const asking = members.asking(ctx);
      return database.write(() => {
        const sent = tickets.sent(asking.id, draft.clientId);
        if (sent) return toTicket(sent);
        checkTexts({ title: draft.title, text: draft.text });
        return toTicket(make(draft, members.writing(ctx), ctx));
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
        items: shown.map(toTicket),
        ...(rows.length > limit && last ? { next: String(last.changed) } : {}),
      };
    },
    async get(ticketId, ctx) {
      ctx.signal.throwIfAborted();
      return toTicket(own(ticketId, ctx));
    },
    async thread(ticketId, after, ctx) {
      ctx.signal.throwIfAborted();
      const { id, memberId } = own(ticketId, ctx);
      return messages.page({ ticketId: id, memberId }, after);
    },
    async reply(ticketId, draft, ctx) {
      ctx.signal.throwIfAborted();
      return database.write(() => {
        const row = own(ticketId, ctx);
        const place = { ticketId: row.id, memberId: row.memberId };
        const author = authorOf(members.writing(ctx));
        const sent = messages.sent(place, author, draft.clientId);
        if (sent) return sent;
        checkDraft(draft);
        const message = messages.add(place, { author, ...draft });
        tickets.touch(row, "open");
        return message;
      });
    },
    async setStatus(ticketId, status, ctx) {
      ctx.signal.throwIfAborted();
      return database.write(() => {
        const row = own(ticketId, ctx);
        return toTicket(row.status === status ? row : tickets.touch(row, status));
      });
    },
    async fields(ctx) {
      ctx.signal.throwIfAborted();
      return textsFor(ctx.locale).fields;
    },
    events(cursor, ctx) {
      // Taken at the call: what happens before the first step of the iteration is live too.
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
      yield { type: "ticket", ticket: JSON.parse(entry.payload), cursor: at };
    } else if (entry.type === "message" && entry.messageId !== null && entry.ticketId !== null) {
      const message = desk.messages.find(entry.messageId);
      if (message) yield { type: "message", ticketId: entry.ticketId, message, cursor: at };
    }
  }
}

const systemAuthor: Author = { id: "desk", role: "system" };

export function authorOf(member: MemberRow): Author {
  const { id, name } = toMember(member);
  return { id, ...(name === undefined ? {} : { name }), role: "member" };
}

function checkFields(
  given: Readonly<Record<string, FieldValue>>,
  locale: string,
): Readonly<Record<string, FieldValue>> {
  const known = new Map(textsFor(locale).fields.map((field) => [field.key, field]));
  const wrong: Record<string, string> = {};
  for (const [key, value] of Object.entries(given)) {
    const field = known.get(key);
    if (!field) wrong[key] = "The desk has no such field.";
    else if (value !== "" && !field.options?.some((option) => option.value === value)) {
      wrong[key] = "Choose one of the options.";
    }
  }
  if (Object.keys(wrong).length > 0) {
    throw new AdapterError("invalid", `Not accepted: ${Object.keys(wrong).join(", ")}.`, { fields: wrong });
  }
  return given;
}
