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

/** The desk's data. A real adapter has a connection instead. */
export interface Desk {
  readonly tickets: Map<string, TicketEntry>;
  readonly conversations: Map<string, ConversationEntry>;
  readonly files: Map<string, FileEntry>;
  /** Aborts when the adapter is disposed of. */
  readonly closed: AbortSignal;
  /** The caller. Rejects with `unauthorized` without a member, with the signal's reason when it is aborted. */
  asker(ctx: CallContext): Member;
  /** The same key returns the result of the first call with it. */
  once<T>(key: CallKey, make: () => T): T;
  /** The result of one member's call with this key becomes the result of another member's. */
  share(fromMemberId: string, toMemberId: string): void;
  /** The results for this member are forgotten: the same calls create new records. */
  forgetCalls(memberId: string): void;
  /** A counter: for ids, and the order of changes. */
  next(): number;
  /** The next ticket number. A removed ticket leaves its number unused. */
  nextNumber(): string;
  ticketLog(memberId: string): Log<TicketEvent>;
  listeners(): number;
}

/** The kind of call, the member, and a key unique among their calls. */
export type CallKey = readonly [kind: string, memberId: string, ...rest: readonly string[]];

export interface TicketEntry {
  ticket: Ticket;
  /** When it last changed, by `Desk.next`. */
  changed: number;
  memberId: string;
  readonly messages: MessageEntry[];
  readonly fields: NonNullable<TicketDraft["fields"]>;
  readonly context?: TicketContext;
  /** The chat that it was created from. */
  readonly conversationId?: string;
}

export interface MessageEntry {
  readonly message: Message;
  /** Only for agents. */
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
  /** The smallest is next. */
  turn: number;
  /** How many of the messages have been delivered to an agent, and read by one. */
  delivered: number;
  read: number;
  readonly log: Log<ChatEvent>;
}

export interface FileEntry {
  readonly file: File;
  memberId: string;
  /** Already attached to a ticket or message. */
  linked: boolean;
}

export function createDesk(onlyMember: Member | undefined, closed: AbortSignal): Desk {
  /** By member. */
  const made = new Map<string, Map<string, unknown>>();
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
      if (member === undefined) throw new AdapterError("unauthorized", "the context has no member");
      return member;
    },
    once<T>([kind, memberId, ...rest]: CallKey, make: () => T): T {
      const key = JSON.stringify([kind, ...rest]);
      const own = made.get(memberId) ?? new Map<string, unknown>();
      if (!own.has(key)) own.set(key, make());
      made.set(memberId, own);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a key belongs to one kind, which its first part names
      return own.get(key) as T;
    },
    share(from, to) {
      made.set(to, new Map([...(made.get(to) ?? []), ...(made.get(from) ?? [])]));
    },
    forgetCalls(memberId) {
      made.delete(memberId);
      ticketLogs.delete(memberId);
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

/** Another member's record is not found. */
export function owned<T extends { readonly memberId: string }>(
  entries: ReadonlyMap<string, T>,
  id: string,
  who: Member,
): T {
  const entry = entries.get(id);
  if (entry === undefined || entry.memberId !== who.id) throw new AdapterError("not-found", `there is no "${id}"`);
  return entry;
}

/** Rejects with `invalid`, naming each blank field. */
export function requireText(values: Readonly<Record<string, string>>): void {
  const blank = Object.entries(values).filter(([, value]) => value.trim() === "");
  if (blank.length === 0) return;
  const fields = Object.fromEntries(blank.map(([field]) => [field, "must not be empty"]));
  throw new AdapterError("invalid", `empty: ${Object.keys(fields).join(", ")}`, { fields });
}

export function checkRating({ score }: Rating): void {
  if (Number.isInteger(score) && score >= 1 && score <= 5) return;
  throw new AdapterError("invalid", `${score} is not a score`, { fields: { score: "must be from 1 to 5" } });
}

export function authorOf({ id, name }: Member): Author {
  return { id, ...(name === undefined ? {} : { name }), role: "member" };
}
