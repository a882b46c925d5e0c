import type {
  Author,
  Availability,
  ChatApi,
  ChatHistory,
  Conversation,
  Member,
  Message,
} from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import type { ConversationEntry, Desk } from "./desk.ts";
import { authorOf, checkRating, now, owned, requireText } from "./desk.ts";
import { createLog } from "./log.ts";
import { linkFiles } from "./uploads.ts";

/** Everything except the transcript by mail: this desk sends no mail. */
type MemoryChat = Required<Omit<ChatApi, "mailTranscript">>;

const pageSize = 50;

export function createChat(desk: Desk, availability: Availability, maxFiles: number): MemoryChat {
  return {
    async availability(ctx) {
      ctx.signal.throwIfAborted();
      return availability;
    },

    async current(ctx) {
      return unended(desk, desk.asker(ctx))?.conversation;
    },

    async last(ctx) {
      const { id } = desk.asker(ctx);
      return [...desk.conversations.values()].findLast((entry) => entry.memberId === id)?.conversation;
    },

    async history(conversationId, before, ctx) {
      return historyOf(owned(desk.conversations, conversationId, desk.asker(ctx)), before);
    },

    async open(request, ctx) {
      const member = desk.asker(ctx);
      return desk.once(["conversation", member.id, request.clientId], () => {
        requireText({ question: request.question });
        const about = request.ticketId === undefined ? undefined : owned(desk.tickets, request.ticketId, member);
        const entry = unended(desk, member) ?? join(desk, member);
        if (about) entry.ticketId = about.ticket.id;
        const author: Author = { id: member.id, name: member.name ?? request.name, role: "member" };
        addChatMessage(desk, entry, { clientId: request.clientId, author, text: request.question });
        return entry;
      }).conversation;
    },

    async send(conversationId, draft, ctx) {
      const member = desk.asker(ctx);
      const entry = owned(desk.conversations, conversationId, member);
      return desk.once(["message", member.id, conversationId, draft.clientId], () => {
        if (!draft.attachments?.length) requireText({ text: draft.text });
        if (entry.conversation.status === "ended") {
          throw new AdapterError("invalid", "the conversation has ended: open a new one");
        }
        const attachments = linkFiles(desk, member, draft.attachments, maxFiles);
        const author = authorOf(member);
        return addChatMessage(desk, entry, { clientId: draft.clientId, author, text: draft.text, attachments });
      });
    },

    async *events(conversationId, cursor, ctx) {
      const { log } = owned(desk.conversations, conversationId, desk.asker(ctx));
      yield* log.read(cursor, AbortSignal.any([ctx.signal, desk.closed]));
    },

    async setTyping(conversationId, typing, ctx) {
      const member = desk.asker(ctx);
      const { log } = owned(desk.conversations, conversationId, member);
      log.tell({ type: "typing", author: authorOf(member), typing });
    },

    async markRead(conversationId, messageId, ctx) {
      const { messages } = owned(desk.conversations, conversationId, desk.asker(ctx));
      place(messages, messageId);
    },

    async close(conversationId, ctx) {
      end(desk, owned(desk.conversations, conversationId, desk.asker(ctx)));
    },

    async rate(conversationId, rating, ctx) {
      const entry = owned(desk.conversations, conversationId, desk.asker(ctx));
      checkRating(rating);
      entry.rating = rating;
    },

    async linkTicket(conversationId, ticket, ctx) {
      makeTicket(desk, owned(desk.conversations, conversationId, desk.asker(ctx)), ticket);
    },
  };
}

export function addChatMessage(desk: Desk, entry: ConversationEntry, said: Omit<Message, "id" | "at">): Message {
  const message: Message = { id: String(desk.next()), at: now(), ...said };
  entry.messages.push(message);
  entry.newest = entry.log.append({ type: "message", message });
  return message;
}

export function take(desk: Desk, entry: ConversationEntry, agent: Author): void {
  change(entry, { ...entry.conversation, status: "active", agent });
  moveUp(desk);
}

/** Back to the front of the queue. */
export function giveBack(desk: Desk, entry: ConversationEntry): void {
  entry.turn = Math.min(...queued(desk).map(({ turn }) => turn), entry.turn) - 1;
  const { agent: _gone, ...rest } = entry.conversation;
  change(entry, { ...rest, status: "queued", position: 1 });
  moveUp(desk);
}

/** Only forwards: earlier states are not sent again. A read message is delivered. */
export function mark(entry: ConversationEntry, type: "delivered" | "read", messageId: string): void {
  const count = place(entry.messages, messageId) + 1;
  if (count <= entry[type]) return;
  entry[type] = count;
  entry.delivered = Math.max(entry.delivered, count);
  entry.log.append({ type, messageId });
}

export function makeTicket(
  desk: Desk,
  entry: ConversationEntry,
  ticket: { readonly id: string; readonly number: string },
): void {
  const text = `Ticket #${ticket.number} was filed from this chat.`;
  addChatMessage(desk, entry, { author: { id: "desk", role: "system" }, text });
  change(entry, { ...entry.conversation, ticket });
}

function historyOf({ delivered, messages, newest, read }: ConversationEntry, before: string | undefined): ChatHistory {
  const until = before === undefined ? messages.length : Number(before);
  if (!Number.isInteger(until) || until < 0 || until > messages.length) {
    throw new AdapterError("invalid", `"${before}" is not a page of this conversation`);
  }
  const start = Math.max(0, until - pageSize);
  const page = { items: messages.slice(start, until), ...(start > 0 ? { next: String(start) } : {}) };
  if (before !== undefined) return page;
  const [deliveredId, readId] = [messages[delivered - 1]?.id, messages[read - 1]?.id];
  return {
    ...page,
    cursor: newest,
    ...(deliveredId === undefined ? {} : { delivered: deliveredId }),
    ...(readId === undefined ? {} : { read: readId }),
  };
}

function place(messages: readonly Message[], id: string): number {
  const index = messages.findIndex((message) => message.id === id);
  if (index === -1) throw new AdapterError("not-found", `the conversation has no message "${id}"`);
  return index;
}

export function end(desk: Desk, entry: ConversationEntry): void {
  if (entry.conversation.status === "ended") return;
  change(entry, { ...entry.conversation, status: "ended" });
  moveUp(desk);
}

/** The guest has signed in: their data becomes the member's. Of two running chats the member's own continues. */
export function mergeGuest(desk: Desk, guest: Member, member: Member): void {
  if (guest.id === member.id) return;
  const running = unended(desk, guest);
  if (running && unended(desk, member)) end(desk, running);
  for (const entry of [...desk.tickets.values(), ...desk.conversations.values(), ...desk.files.values()]) {
    if (entry.memberId === guest.id) entry.memberId = member.id;
  }
  desk.share(guest.id, member.id);
}

function join(desk: Desk, member: Member): ConversationEntry {
  const position = queued(desk).length + 1;
  const entry: ConversationEntry = {
    conversation: { id: String(desk.next()), status: "queued", position, createdAt: now() },
    memberId: member.id,
    messages: [],
    newest: "0",
    turn: desk.next(),
    delivered: 0,
    read: 0,
    log: createLog(),
  };
  desk.conversations.set(entry.conversation.id, entry);
  change(entry, entry.conversation);
  return entry;
}

function unended(desk: Desk, member: Member): ConversationEntry | undefined {
  const entries = [...desk.conversations.values()];
  return entries.find((entry) => entry.memberId === member.id && entry.conversation.status !== "ended");
}

function queued(desk: Desk): readonly ConversationEntry[] {
  const waiting = [...desk.conversations.values()].filter((entry) => entry.conversation.status === "queued");
  return waiting.toSorted((left, right) => left.turn - right.turn);
}

function moveUp(desk: Desk): void {
  for (const [index, entry] of queued(desk).entries()) {
    if (entry.conversation.position !== index + 1) change(entry, { ...entry.conversation, position: index + 1 });
  }
}

function change(entry: ConversationEntry, conversation: Conversation): void {
  const { position, ...rest } = conversation;
  entry.conversation = conversation.status === "queued" && position !== undefined ? { ...rest, position } : rest;
  entry.log.append({ type: "conversation", conversation: entry.conversation });
}
