import type {
  Author,
  CallContext,
  ChatEvent,
  Conversation,
  Member,
  Message,
  Rating,
  Ticket,
  TicketContext,
  TicketDraft,
  TicketEvent,
} from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { createLog, type Log } from "./log.ts";

/** Everything that the desk knows. A real adapter has a connection in its place. */
export interface Desk {
  readonly tickets: Map<string, TicketEntry>;
  readonly conversations: Map<string, ConversationEntry>;
  readonly files: Map<string, FileEntry>;
  /** Aborts when the adapter is disposed of. */
  readonly closed: AbortSignal;
  /** The member who asks. Rejects with `unauthorized` when nobody does, with the signal's reason when it is aborted. */
  asker(ctx: CallContext): Member;
  /** The same key gives what the first call with it made. */
  once<T>(key: readonly string[], make: () => T): T;
  /** What a call with this key made for one member, the same call gives another one too. */
  share(fromMemberId: string, toMemberId: string): void;
  /** What was made for this member is made anew by the same calls. */
  forgetCalls(memberId: string): void;
  /** Counts up: ids, and the order of changes. */
  next(): number;
  /** What a ticket is called. One that is removed leaves its number unused. */
  nextNumber(): string;
  ticketLog(memberId: string): Log<TicketEvent>;
  listeners(): number;
}

export interface TicketEntry {
  ticket: Ticket;
  /** When it last changed, by `Desk.next`. */
  changed: number;
  memberId: string;
  readonly messages: MessageEntry[];
  readonly fields: NonNullable<TicketDraft["fields"]>;
  readonly context?: TicketContext;
  /** The chat that it was made of. */
  readonly conversationId?: string;
}

export interface MessageEntry {
  readonly message: Message;
  /** For agents alone. */
  readonly internal: boolean;
}

export interface ConversationEntry {
  conversation: Conversation;
  rating?: Rating;
  /** What it is about. */
  ticketId?: string;
  memberId: string;
  readonly messages: Message[];
  /** The cursor of the newest message. */
  newest: string;
  /** The smallest is the next. */
  turn: number;
  /** How many of the messages an agent's screen has, and an agent has read. */
  delivered: number;
  read: number;
  readonly log: Log<ChatEvent>;
}

export interface FileEntry {
  readonly file: File;
  memberId: string;
  /** Stands on a ticket or message already. */
  linked: boolean;
}

export function createDesk(onlyMember: Member | undefined, closed: AbortSignal): Desk {
  const made = new Map<string, unknown>();
  const ticketLogs = new Map<string, Log<TicketEvent>>();
  const conversations = new Map<string, ConversationEntry>();
  let count = 0;
  let numbers = 1000;

  return {
    tickets: new Map(),
    conversations,
    files: new Map(),
    closed,
    asker(ctx) {
      ctx.signal.throwIfAborted();
      const member = ctx.member ?? onlyMember;
      if (member === undefined) throw new AdapterError("unauthorized", "nobody asks: the context has no member");
      return member;
    },
    once<T>(parts: readonly string[], make: () => T): T {
      const key = JSON.stringify(parts);
      if (!made.has(key)) made.set(key, make());
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a key belongs to one kind, which its first part names
      return made.get(key) as T;
    },
    share(from, to) {
      for (const [key, value] of made) {
        const [kind, memberId, ...rest]: unknown[] = JSON.parse(key);
        if (memberId === from) made.set(JSON.stringify([kind, to, ...rest]), value);
      }
    },
    forgetCalls(memberId) {
      for (const key of made.keys()) {
        const [, whose]: unknown[] = JSON.parse(key);
        if (whose === memberId) made.delete(key);
      }
    },
    next: () => (count += 1),
    nextNumber: () => String((numbers += 1)),
    ticketLog(memberId) {
      const log = ticketLogs.get(memberId) ?? createLog<TicketEvent>();
      ticketLogs.set(memberId, log);
      return log;
    },
    listeners() {
      const logs = [...ticketLogs.values(), ...Array.from(conversations.values(), (entry) => entry.log)];
      return logs.reduce((sum, log) => sum + log.listeners(), 0);
    },
  };
}

export function now(): string {
  return new Date().toISOString();
}

/** Not yours is not there. */
export function owned<T extends { readonly memberId: string }>(
  entries: ReadonlyMap<string, T>,
  id: string,
  who: Member,
): T {
  const entry = entries.get(id);
  if (entry === undefined || entry.memberId !== who.id) throw new AdapterError("not-found", `there is no "${id}"`);
  return entry;
}

/** Rejects with `invalid`, naming each field that is blank. */
export function requireText(values: Readonly<Record<string, string>>): void {
  const blank = Object.entries(values).filter(([, value]) => value.trim() === "");
  if (blank.length === 0) return;
  const fields = Object.fromEntries(blank.map(([field]) => [field, "must not be empty"]));
  throw new AdapterError("invalid", `empty: ${Object.keys(fields).join(", ")}`, { fields });
}

export function checkRating({ score }: Rating): void {
  if (Number.isInteger(score) && score >= 1 && score <= 5) return;
  throw new AdapterError("invalid", `${score} is no score`, { fields: { score: "must be from 1 to 5" } });
}

export function authorOf({ id, name }: Member): Author {
  return { id, ...(name === undefined ? {} : { name }), role: "member" };
}
