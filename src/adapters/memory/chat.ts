import type { Author, Availability, ChatApi, Conversation, Member, Message } from "../../core/adapter.ts";
import { AdapterError } from "../../core/errors.ts";
import type { ConversationEntry, Desk } from "./desk.ts";
import { checkRating, now, owned, requireText } from "./desk.ts";
import { createLog } from "./log.ts";
import { authorOf } from "./tickets.ts";
import { linkFiles } from "./uploads.ts";

export function createChat(desk: Desk, availability: Availability, maxFiles: number): Required<ChatApi> {
  return {
    async availability(ctx) {
      ctx.signal.throwIfAborted();
      return availability;
    },

    async current(ctx) {
      return unended(desk, desk.asker(ctx))?.conversation;
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

    async markRead(conversationId, _messageId, ctx) {
      owned(desk.conversations, conversationId, desk.asker(ctx));
    },

    async close(conversationId, ctx) {
      end(desk, owned(desk.conversations, conversationId, desk.asker(ctx)));
    },

    async rate(conversationId, rating, ctx) {
      const entry = owned(desk.conversations, conversationId, desk.asker(ctx));
      checkRating(rating);
      entry.rating = rating;
    },
  };
}

export function addChatMessage(desk: Desk, entry: ConversationEntry, said: Omit<Message, "id" | "at">): Message {
  const message: Message = { id: String(desk.next()), at: now(), ...said };
  entry.messages.push(message);
  entry.log.append({ type: "message", message });
  return message;
}

export function take(desk: Desk, entry: ConversationEntry, agent: Author): void {
  change(entry, { ...entry.conversation, status: "active", agent });
  moveUp(desk);
}

export function end(desk: Desk, entry: ConversationEntry): void {
  if (entry.conversation.status === "ended") return;
  change(entry, { ...entry.conversation, status: "ended" });
  moveUp(desk);
}

function join(desk: Desk, member: Member): ConversationEntry {
  const position = queued(desk).length + 1;
  const entry: ConversationEntry = {
    conversation: { id: String(desk.next()), status: "queued", position, createdAt: now() },
    memberId: member.id,
    messages: [],
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
  return [...desk.conversations.values()].filter((entry) => entry.conversation.status === "queued");
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
