import type { ChatEvent, ChatHistory, Conversation, Message } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { channel, type Sink, markupFromText } from "../../adapter/index.ts";
import { agentAuthor } from "./author.ts";
import { isCommand } from "./commands.ts";
import type { Entry } from "./entry.ts";
import type { SharedFiles } from "./files.ts";
import { createMessageIndex } from "./message-index.ts";
import type { Chat, Place } from "./queue.ts";
import { chatRecordOf, type ChatRecord } from "./records.ts";

export type StateRecord = Extract<ChatRecord, { type: "state" }>;

/** The member's events, derived from the archive of the conversation's room. A cursor is a position in that archive. */
export interface ChatLog {
  apply(entry: Entry): void;
  /** To open streams; and, while it lasts, to new streams. */
  typing(nick: string, typing: boolean): void;
  /** The events after the cursor, then new ones. From the start for a cursor that is not in the archive. */
  read(cursor: string | undefined, signal: AbortSignal): AsyncIterable<ChatEvent>;
  history(before: string | undefined): ChatHistory;
  said(clientId: string): Message | undefined;
  /** Whether the archive contains an entry with the sender's id. */
  sent(id: string): boolean;
  has(messageId: string): boolean;
  /**
   * The archive's id of the message to which an agent's client refers by this id, if an agent may have sent a new mark
   * for it.
   */
  unmarked(mark: "delivered" | "read", id: string): string | undefined;
  state(): StateRecord | undefined;
  /** Sends the place in the queue to open streams, if it has changed. */
  moved(): void;
  /** Whether an agent has written a message that only their own devices can read. */
  hasEncrypted(): boolean;
  listeners(): number;
}

const PAGE = 50;
/** A client that reports typing may never report that it stopped. */
const TYPING_MS = 30_000;

export function createChatLog(chat: Chat, files: SharedFiles, placeNow: () => Place = () => ({})): ChatLog {
  const events: ChatEvent[] = [];
  const places = new Map<string, number>();
  const messages: Message[] = [];
  /** The author's address, if the room reported it. */
  const senders = new Map<number, string>();
  const index = createMessageIndex();
  const byClientId = new Map<string, Message>();
  const sinks = new Set<Sink<ChatEvent>>();
  const sentIds = new Set<string>();
  /** Retracted. It keeps its position, which marks and pages refer to. */
  const removed = new Set<string>();
  /** Who is typing now, and until when that is assumed. */
  const writing = new Map<string, number>();
  const marked = { delivered: -1, read: -1 };
  let state: StateRecord | undefined;
  let encrypted = false;
  let toldPlace = "";

  function tell(event: ChatEvent): void {
    for (const sink of sinks) sink.push(asOfNow(event));
  }

  /** A place is only sent with its current value. */
  function asOfNow(event: ChatEvent): ChatEvent {
    if (event.type !== "conversation" || event.conversation.status !== "queued") return event;
    return { ...event, conversation: { ...event.conversation, ...placeNow() } };
  }

  /** A stream that resumes at a place in the queue gets it again: it may have changed. */
  function placeAfter(missed: readonly ChatEvent[]): readonly ChatEvent[] {
    if (state?.status !== "queued" || missed.some(({ type }) => type === "conversation")) return [];
    return [{ type: "conversation", conversation: conversationOf(chat, state) }];
  }

  /** One entry may be two events, each with its own position. */
  function append(entry: Entry, ...told: readonly ChatEvent[]): void {
    for (const [part, event] of told.entries()) {
      const cursor = `${entry.id}.${part}`;
      const placed = { ...event, cursor };
      events.push(placed);
      places.set(cursor, events.length);
      tell(placed);
    }
  }

  function addMessage(entry: Entry, message: Message): void {
    index.add(entry, messages.length);
    if (entry.sender !== undefined) senders.set(messages.length, entry.sender);
    messages.push(message);
    append(entry, { type: "message", message });
  }

  function applyState(entry: Entry, record: StateRecord): void {
    const asker = state?.askedBy?.jid === record.askedBy?.jid ? undefined : record.askedBy;
    state = record;
    const told: ChatEvent[] = [{ type: "conversation", conversation: conversationOf(chat, record) }];
    if (asker) told.push({ type: "ticket-requested", by: agentAuthor(asker.name) });
    append(entry, ...told);
  }

  function applySaid(entry: Entry, record: Extract<ChatRecord, { type: "said" }>): void {
    // Two copies may have been asked at once to send the same message.
    if (byClientId.has(record.clientId)) return;
    const attachments = record.files.flatMap((file) => files.attachmentOf(file, chat.memberId) ?? []);
    const message: Message = {
      id: entry.id,
      clientId: record.clientId,
      author: { id: chat.memberId, name: chat.name, role: "member" },
      text: record.text ?? entry.body,
      at: entry.at,
      ...(attachments.length === 0 ? {} : { attachments }),
    };
    byClientId.set(record.clientId, message);
    addMessage(entry, message);
  }

  function applyMark(entry: Entry, { id, mark }: Extract<ChatRecord, { type: "mark" }>): void {
    const newest = index.find(id) ?? -1;
    if (newest <= marked[mark]) return;
    marked[mark] = newest;
    // A read message is delivered.
    if (mark === "read") marked.delivered = Math.max(marked.delivered, newest);
    append(entry, { type: mark, messageId: id });
  }

  function typingNow(): readonly ChatEvent[] {
    const now = Date.now();
    return [...writing].flatMap(([nick, until]) => (until > now ? [typingEvent(nick, true)] : []));
  }

  /** The position of the message, if this agent may change it, or any message for the room itself (XEP-0425). */
  function changeable(id: string, entry: Entry): number | undefined {
    const at = index.findOwn(id, entry);
    const author = at === undefined ? undefined : messages[at]?.author;
    if (at === undefined || author?.role !== "agent") return undefined;
    if (entry.nick === "") return at;
    // A name may have been taken by another person, and without an address no ownership is known.
    const isSame = entry.sender !== undefined && senders.get(at) === entry.sender;
    return isSame && author.id === agentAuthor(entry.nick).id ? at : undefined;
  }

  /** A stream from the start does not contain outdated content. */
  function rewrite(id: string, by: ChatEvent): void {
    for (const [place, event] of events.entries()) {
      if (event.type !== "message" || event.message.id !== id) continue;
      events[place] = event.cursor === undefined ? by : { ...by, cursor: event.cursor };
    }
  }

  function retract(entry: Entry, at: number): void {
    const id = messages[at]?.id;
    if (id === undefined || removed.has(id)) return;
    removed.add(id);
    const event: ChatEvent = { type: "message-removed", messageId: id };
    rewrite(id, event);
    append(entry, event);
  }

  function correct(entry: Entry, at: number, corrected: Pick<Message, "text" | "attachments">): void {
    const before = messages[at];
    if (before === undefined || removed.has(before.id)) return;
    const { attachments: _, ...rest } = before;
    const message: Message = { ...rest, ...corrected };
    messages[at] = message;
    // Marks and later corrections may use any of its ids.
    index.add(entry, at);
    rewrite(message.id, { type: "message", message });
    append(entry, { type: "message", message });
  }

  function applyAgent(entry: Entry): void {
    writing.delete(entry.nick);
    if (entry.retracts !== undefined) {
      const at = changeable(entry.retracts, entry);
      if (at !== undefined) retract(entry, at);
      return;
    }
    if (entry.encrypted) encrypted = true;
    // The room's own messages have no author, and the member could not read encrypted ones.
    if (entry.nick === "" || entry.encrypted) return;
    const at = entry.replaces === undefined ? undefined : changeable(entry.replaces, entry);
    if (isCommand(entry.body)) {
      // It was a command to the gateway.
      if (at !== undefined) retract(entry, at);
      return;
    }
    const { attachments, text } = files.inMessage(entry, chat.memberId);
    const said = { text: markupFromText(text), ...(attachments.length === 0 ? {} : { attachments }) };
    if (at !== undefined) correct(entry, at, said);
    // After the end, new messages reach nobody.
    else if (state?.status !== "ended")
      addMessage(entry, { id: entry.id, author: agentAuthor(entry.nick), at: entry.at, ...said });
  }

  return {
    apply(entry) {
      if (entry.record === undefined) {
        applyAgent(entry);
        return;
      }
      // A repeated record is a forged copy.
      if (entry.sentId !== undefined && sentIds.has(entry.sentId)) return;
      if (entry.sentId !== undefined) sentIds.add(entry.sentId);
      if (state?.status === "ended") return;
      const record = chatRecordOf(entry.record);
      if (record?.type === "said") applySaid(entry, record);
      else if (record?.type === "state") applyState(entry, record);
      else if (record?.type === "mark") applyMark(entry, record);
    },
    typing(nick, typing) {
      if (typing) writing.set(nick, Date.now() + TYPING_MS);
      else writing.delete(nick);
      tell(typingEvent(nick, typing));
    },
    read(cursor, signal) {
      return channel<ChatEvent>((sink) => {
        const after = cursor === undefined ? 0 : (places.get(cursor) ?? 0);
        const missed = events.slice(after);
        for (const event of [...missed, ...placeAfter(missed), ...typingNow()]) sink.push(asOfNow(event));
        sinks.add(sink);
        return () => sinks.delete(sink);
      }, signal);
    },
    history(before) {
      const until = before === undefined ? messages.length : messages.findIndex(({ id }) => id === before);
      if (until === -1) throw new AdapterError("invalid", `"${before}" is not a page of this conversation`);
      const start = Math.max(0, until - PAGE);
      const first = messages[start];
      const next = start > 0 && first !== undefined ? { next: first.id } : {};
      const page = { items: messages.slice(start, until).filter(({ id }) => !removed.has(id)), ...next };
      if (before !== undefined) return page;
      const [delivered, read] = [messages[marked.delivered]?.id, messages[marked.read]?.id];
      const cursor = events.at(-1)?.cursor;
      return {
        ...page,
        ...(cursor === undefined ? {} : { cursor }),
        ...(delivered === undefined ? {} : { delivered }),
        ...(read === undefined ? {} : { read }),
      };
    },
    sent: (id) => sentIds.has(id),
    said: (clientId) => byClientId.get(clientId),
    has: (messageId) => messages[index.find(messageId) ?? -1]?.id === messageId && !removed.has(messageId),
    unmarked(mark, id) {
      const newest = index.find(id) ?? -1;
      return newest > marked[mark] ? messages[newest]?.id : undefined;
    },
    state: () => state,
    moved() {
      if (state?.status !== "queued" || sinks.size === 0) return;
      const now = JSON.stringify(placeNow());
      if (now === toldPlace) return;
      toldPlace = now;
      tell({ type: "conversation", conversation: conversationOf(chat, state) });
    },
    hasEncrypted: () => encrypted,
    listeners: () => sinks.size,
  };
}

function conversationOf(chat: Chat, record: StateRecord): Conversation {
  const { agent, askedBy, status, ticket } = record;
  return {
    id: chat.id,
    status,
    createdAt: chat.openedAt,
    ...(agent === undefined ? {} : { agent: agentAuthor(agent.name) }),
    ...(askedBy === undefined ? {} : { ticketRequestedBy: agentAuthor(askedBy.name) }),
    ...(ticket === undefined ? {} : { ticket }),
  };
}

function typingEvent(nick: string, typing: boolean): ChatEvent {
  return { type: "typing", author: agentAuthor(nick), typing };
}
