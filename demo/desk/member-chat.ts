import type { CallContext, ChatApi, ChatEvent, ChatHistory, ChatRequest } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { parseMarkup } from "../../src/core/contract/markup.ts";
import { plainText } from "../../src/core/contract/plain-text.ts";
import { placeOf, type ConversationRow } from "./conversations.ts";
import { parseCursor, type LoggedEntry } from "./events.ts";
import { authorOf } from "./member-tickets.ts";
import type { Desk } from "./parts.ts";
import { checkDraft, checkRating, checkTexts } from "./text.ts";
import { textsFor } from "./texts.ts";
import { transcriptOf } from "./transcript.ts";

/** The member's access to conversations: other members' do not exist for them. */
export function createMemberChat(desk: Desk): Required<Omit<ChatApi, "linkTicket">> {
  const { conversations, database, events, members, messages, tickets } = desk;

  function own(conversationId: string, ctx: CallContext): ConversationRow {
    const member = members.asking(ctx);
    const row = conversations.find(conversationId);
    if (!row || row.memberId !== member.id) {
      throw new AdapterError("not-found", "The member has no such conversation.");
    }
    return row;
  }

  function join(request: ChatRequest, ctx: CallContext): ConversationRow {
    checkRequest(request, ctx);
    const member = members.writing(ctx, request);
    const author = authorOf(member);
    const { ticketId } = request;
    if (ticketId !== undefined && tickets.find(ticketId)?.memberId !== member.id) {
      throw new AdapterError("not-found", "The member has no such ticket.");
    }
    const current = conversations.current(member.id);
    const row =
      current ??
      conversations.join({
        memberId: member.id,
        clientId: request.clientId,
        name: member.name ?? request.name,
        email: member.email ?? request.email,
        memberNumber: request.memberId,
        page: request.page,
        locale: ctx.locale,
        ticketId,
      });
    if (current && ticketId !== undefined) conversations.setTicket(current, ticketId);
    // The member asked again on another device: the conversation continues, and the new question is added.
    messages.add(placeOf(row), { author, text: request.question, clientId: request.clientId });
    return row;
  }

  return {
    async open(request, ctx) {
      ctx.signal.throwIfAborted();
      const { id } = members.asking(ctx);
      return database.write(() =>
        conversations.toConversation(conversations.sent(id, request.clientId) ?? join(request, ctx)),
      );
    },
    async current(ctx) {
      ctx.signal.throwIfAborted();
      const row = conversations.current(members.asking(ctx).id);
      return row && conversations.toConversation(row);
    },
    async last(ctx) {
      ctx.signal.throwIfAborted();
      const [row] = conversations.ofMember(members.asking(ctx).id, 1);
      return row && conversations.toConversation(row);
    },
    async history(conversationId, before, ctx) {
      ctx.signal.throwIfAborted();
      const row = own(conversationId, ctx);
      const page = messages.pageBefore(placeOf(row), before);
      return before === undefined ? { ...page, ...standing(desk, row, page.items.at(-1)?.id) } : page;
    },
    async mailTranscript(conversationId, ctx) {
      ctx.signal.throwIfAborted();
      const row = own(conversationId, ctx);
      const { email } = members.asking(ctx);
      if (email === undefined) throw new AdapterError("forbidden", "The member has no verified address.");
      const said = messages.all(placeOf(row));
      const title = textsFor(ctx.locale).transcript(row.agentName ?? undefined);
      await desk.outbox.put(
        {
          // The same transcript is mailed once, however often the call is repeated.
          id: `${row.id}-${said.length}`,
          to: { name: row.name, address: email },
          subject: title,
          text: plainText(parseMarkup(transcriptOf(said, title))),
        },
        ctx.signal,
      );
    },
    async send(conversationId, draft, ctx) {
      ctx.signal.throwIfAborted();
      return database.write(() => {
        const row = own(conversationId, ctx);
        const author = authorOf(members.writing(ctx));
        const sent = messages.sent(placeOf(row), author, draft.clientId);
        if (sent) return sent;
        if (row.status === "ended") throw new AdapterError("invalid", "The conversation has ended: open another.");
        checkDraft(draft);
        return messages.add(placeOf(row), { author, ...draft });
      });
    },
    async *events(conversationId, cursor, ctx) {
      ctx.signal.throwIfAborted();
      const row = own(conversationId, ctx);
      yield* listen(desk, row, cursor, ctx.signal);
    },
    async availability(ctx) {
      ctx.signal.throwIfAborted();
      return desk.availability.now();
    },
    async setTyping(conversationId, typing, ctx) {
      ctx.signal.throwIfAborted();
      const row = own(conversationId, ctx);
      if (row.status === "ended") return;
      const author = { id: row.memberId, name: row.name, role: "member" } as const;
      events.announce({
        type: "passing",
        conversationId: row.id,
        from: "member",
        event: { type: "typing", author, typing },
      });
    },
    async markRead(conversationId, messageId, ctx) {
      ctx.signal.throwIfAborted();
      database.write(() => {
        const row = own(conversationId, ctx);
        const seq = messages.order(placeOf(row), messageId);
        if (seq === undefined) throw new AdapterError("not-found", "The conversation has no such message.");
        if (seq <= row.memberRead) return;
        database.run("UPDATE conversations SET member_read = ? WHERE id = ?", seq, row.id);
        events.append({ type: "read", internal: true, messageId, ...placeOf(row) });
      });
    },
    async close(conversationId, ctx) {
      ctx.signal.throwIfAborted();
      database.write(() => conversations.end(own(conversationId, ctx)));
    },
    async rate(conversationId, rating, ctx) {
      ctx.signal.throwIfAborted();
      database.write(() => {
        const row = own(conversationId, ctx);
        checkRating(rating);
        const { comment, score } = rating;
        database.run("UPDATE conversations SET score = ?, comment = ? WHERE id = ?", score, comment ?? null, row.id);
      });
    },
  };
}

async function* listen(
  desk: Desk,
  row: ConversationRow,
  cursor: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<ChatEvent, void, undefined> {
  const start = cursor === undefined ? 0 : parseCursor(cursor);
  const stopListening = desk.absences.listening(row.id);
  try {
    for await (const entry of desk.events.follow({ kind: "conversation", conversationId: row.id }, start, signal)) {
      if (entry.type === "passing") {
        yield entry.event;
        continue;
      }
      const event = toChatEvent(desk, entry);
      if (event) yield { ...event, cursor: String(entry.cursor) };
    }
  } finally {
    stopListening();
  }
}

/** The cursor after the newest message, and the receipts up to it. */
function standing(
  { events, messages }: Desk,
  row: ConversationRow,
  newestId: string | undefined,
): Pick<ChatHistory, "cursor" | "delivered" | "read"> {
  const cursor = newestId === undefined ? undefined : events.cursorOf(newestId);
  const delivered = messages.upTo(placeOf(row), row.agentDelivered);
  const read = messages.upTo(placeOf(row), row.agentRead);
  return {
    cursor: cursor ?? "0",
    ...(delivered === undefined ? {} : { delivered }),
    ...(read === undefined ? {} : { read }),
  };
}

function toChatEvent(desk: Desk, entry: Pick<LoggedEntry, "type" | "messageId" | "payload">): ChatEvent | undefined {
  if (entry.type === "message") {
    const message = entry.messageId === null ? undefined : desk.messages.find(entry.messageId);
    return message && { type: "message", message };
  }
  if (entry.type === "read" || entry.type === "delivered") {
    return entry.messageId === null ? undefined : { type: entry.type, messageId: entry.messageId };
  }
  if (entry.payload === null) return undefined;
  if (entry.type === "conversation") return { type: "conversation", conversation: JSON.parse(entry.payload) };
  return entry.type === "ticket-requested" ? { type: "ticket-requested", by: JSON.parse(entry.payload) } : undefined;
}

function checkRequest(request: ChatRequest, ctx: CallContext): void {
  if (!ctx.member?.guest) return checkTexts({ question: request.question });
  checkTexts({ name: request.name, email: request.email, question: request.question });
  if (!/^\S+@\S+$/.test(request.email)) {
    const message = "Write an address such as ana@example.org.";
    throw new AdapterError("invalid", message, { fields: { email: message } });
  }
}
