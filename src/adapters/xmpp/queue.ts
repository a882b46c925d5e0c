import type { Conversation } from "../../core/contract/adapter.ts";
import type { Entry } from "./entry.ts";
import { agentAuthor } from "./author.ts";
import { createWaiting } from "./waiting.ts";
import { lobbyRecordOf, type AgentRecord, type LobbyRecord } from "./records.ts";

/** Known before the chat is in the queue. */
export interface ChatHead {
  readonly id: string;
  /** The code that agents use. */
  readonly code: string;
  readonly memberId: string;
  readonly name: string;
  readonly ticketId: string | undefined;
  /** The name is unverified. */
  readonly guest?: true;
}

/** A conversation, as in the lobby's archive. */
export interface Chat extends ChatHead {
  openedAt: string;
  status: Conversation["status"];
  /** The lowest is next. */
  turn: number;
  takenAt: string | undefined;
  agent: AgentRecord | undefined;
  askedBy: AgentRecord | undefined;
  ticket: { readonly id: string; readonly number: string } | undefined;
  /** The ids of the records that led to this state: each counts once. */
  readonly records: Set<string>;
}

/** What an entry changed. */
export interface Change {
  readonly chat: Chat;
  /** Also the places of waiting members. */
  readonly moved: boolean;
}

/** The current wait of a chat: not archived. */
export type Place = Pick<Conversation, "position" | "waitMs" | "graceMs">;

/** The queue, derived from the lobby's archive: the same for every copy that has read as far. */
export interface Queue {
  readonly chats: ReadonlyMap<string, Chat>;
  /** A chat to be opened: its room is created before the queue has it. */
  prepare(head: ChatHead): Chat;
  /** Undoes that: it was not opened. */
  release(id: string): void;
  /** Undefined: nothing has changed. */
  apply(entry: Entry): Change | undefined;
  /** Next one first. */
  waiting(): readonly Chat[];
  /** Those that have not ended. */
  open(): Iterable<Chat>;
  /** Forgets chats that have ended and were opened before, and openings that can no longer be replayed: ISO 8601. */
  forget(before: string, spentBefore: string): void;
  /**
   * Openings that must not count again: of ended chats, and of those that arrived too late. The time of the newest one
   * of each chat, by the chat's id.
   */
  spent(): ReadonlyMap<string, string>;
  /** The last waits, in milliseconds. */
  waits(): readonly number[];
  /** Starts with these open chats. */
  restore(snapshot: Omit<Snapshot, "after">): void;
  /** Adds ended chats of that queue that are unknown here. */
  adopt(past: Queue): void;
  /** The member's chat that has not ended. */
  currentOf(memberId: string): Chat | undefined;
  /** The member's newest. */
  lastOf(memberId: string): Chat | undefined;
  byCode(code: string): Chat | undefined;
  stateOf(chat: Chat): Conversation;
  /** Empty for a chat that does not wait. */
  placeOf(chat: Chat): Place;
  /** The usual wait recently. */
  waitMs(): number | undefined;
}

/** The open chats, as of the entry `after` of the lobby's archive. */
export interface Snapshot {
  readonly after: string;
  readonly waits: readonly number[];
  readonly chats: readonly Chat[];
  readonly spent: ReadonlyMap<string, string>;
}

/** How many of the last waits count, and how few are too few for an estimate. */
const MEASURED = 20;
const ENOUGH = 3;
/** Waits are rounded: they are not exact to the second. */
const STEP_MS = 10_000;

export function createQueue(graceMs: number): Queue {
  const chats = new Map<string, Chat>();
  const prepared = new Map<string, Chat>();
  const newestOf = new Map<string, Chat>();
  const byCode = new Map<string, Chat>();
  const open = new Set<Chat>();
  const waiting = createWaiting<Chat>();
  const waits: number[] = [];
  const spent = new Map<string, string>();
  let turns = 0;

  function currentOf(memberId: string): Chat | undefined {
    const newest = newestOf.get(memberId);
    return newest?.status === "ended" ? undefined : newest;
  }

  function prepare({ code, guest, id, memberId, name, ticketId }: ChatHead): Chat {
    const known = chats.get(id) ?? prepared.get(id);
    if (known) return known;
    const chat: Chat = {
      id,
      code,
      memberId,
      name,
      ticketId,
      ...(guest ? { guest } : {}),
      openedAt: "",
      status: "queued",
      turn: 0,
      takenAt: undefined,
      agent: undefined,
      askedBy: undefined,
      ticket: undefined,
      records: new Set(),
    };
    prepared.set(id, chat);
    return chat;
  }

  function begin(record: Extract<LobbyRecord, { type: "opened" }>, at: string): Chat | undefined {
    // A forged copy of one that has already counted.
    if (chats.has(record.id) || at <= (spent.get(record.id) ?? "")) return undefined;
    // Of two devices at once, the first one's counts.
    if (currentOf(record.memberId)) {
      spent.set(record.id, at);
      return undefined;
    }
    turns += 1;
    const chat = prepare({ ...record, ticketId: record.ticketId });
    prepared.delete(chat.id);
    chat.openedAt = at;
    chat.turn = turns;
    keep(chat);
    waiting.append(chat);
    return chat;
  }

  function keep(chat: Chat): void {
    chats.set(chat.id, chat);
    newestOf.set(chat.memberId, chat);
    byCode.set(chat.code, chat);
    open.add(chat);
  }

  /** Whether it was valid: of two agents who take one, the first gets it. */
  function change(chat: Chat, record: Exclude<LobbyRecord, { type: "opened" | "erased" }>, at: string): boolean {
    if (record.type === "ticket") {
      chat.ticket = record.ticket;
      return true;
    }
    if (chat.status === "ended") return false;
    switch (record.type) {
      case "taken":
        // Of two agents who take one, the first gets it.
        if (chat.status !== "queued") return false;
        if (chat.takenAt === undefined) waited(Date.parse(at) - Date.parse(chat.openedAt));
        waiting.remove(chat);
        chat.status = "active";
        chat.takenAt ??= at;
        chat.agent = record.agent;
        return true;
      case "passed":
        if (chat.status !== "active") return false;
        chat.agent = record.agent;
        return true;
      case "back":
        if (chat.status !== "active") return false;
        chat.turn = Math.min(chat.turn, waiting.firstTurn());
        waiting.prepend(chat);
        chat.status = "queued";
        chat.agent = undefined;
        return true;
      case "ended":
        waiting.remove(chat);
        open.delete(chat);
        spent.set(chat.id, chat.openedAt);
        chat.status = "ended";
        return true;
      case "asked":
        chat.askedBy = record.agent;
        return true;
      default:
        return false;
    }
  }

  function waited(ms: number): void {
    waits.push(Math.max(0, ms));
    if (waits.length > MEASURED) waits.shift();
  }

  function forget(chat: Chat): void {
    chats.delete(chat.id);
    if (newestOf.get(chat.memberId) === chat) newestOf.delete(chat.memberId);
    if (byCode.get(chat.code) === chat) byCode.delete(chat.code);
  }

  function erase(chat: Chat): boolean {
    if (chat.status === "ended") forget(chat);
    return chat.status === "ended";
  }

  function waitMs(): number | undefined {
    const last = waits.toSorted((a, b) => a - b);
    const usual = last.length < ENOUGH ? undefined : last[Math.floor(last.length / 2)];
    return usual === undefined ? undefined : Math.ceil(usual / STEP_MS) * STEP_MS;
  }

  function placeOf(chat: Chat): Place {
    const position = waiting.place(chat);
    const wait = position === undefined ? undefined : waitMs();
    return {
      ...(position === undefined ? {} : { position, graceMs }),
      ...(wait === undefined ? {} : { waitMs: wait }),
    };
  }

  return {
    chats,
    prepare,
    release: (id) => void prepared.delete(id),
    waiting: () => waiting.all,
    open: () => open,
    waitMs,
    currentOf,
    lastOf: (memberId) => newestOf.get(memberId),
    byCode: (code) => byCode.get(code),
    apply(entry) {
      const record = lobbyRecordOf(entry.record);
      if (record === undefined) return undefined;
      const known = chats.get(record.id);
      // A repeated record is a forged copy.
      if (entry.sentId !== undefined && known?.records.has(entry.sentId)) return undefined;
      const [before, status] = [waiting.all.length, known?.status];
      const fitted =
        record.type === "opened"
          ? begin(record, entry.at)
          : known && (record.type === "erased" ? erase(known) : change(known, record, entry.at))
            ? known
            : undefined;
      if (fitted === undefined) return undefined;
      if (entry.sentId !== undefined) fitted.records.add(entry.sentId);
      return { chat: fitted, moved: before !== waiting.all.length || status !== fitted.status };
    },
    forget(before, spentBefore) {
      for (const chat of chats.values()) if (chat.status === "ended" && chat.openedAt < before) forget(chat);
      for (const [id, at] of spent) if (at < spentBefore) spent.delete(id);
    },
    spent: () => spent,
    waits: () => waits,
    restore(snapshot) {
      waits.splice(0, waits.length, ...snapshot.waits.slice(-MEASURED));
      for (const [id, at] of snapshot.spent) spent.set(id, at);
      for (const chat of snapshot.chats.toSorted((a, b) => a.turn - b.turn)) {
        if (chats.has(chat.id)) continue;
        turns = Math.max(turns, chat.turn);
        keep(chat);
        if (chat.status === "queued") waiting.append(chat);
      }
    },
    adopt(past) {
      for (const chat of past.chats.values()) {
        if (chats.has(chat.id) || chat.status !== "ended") continue;
        chats.set(chat.id, chat);
        const newest = newestOf.get(chat.memberId);
        if (newest === undefined || newest.openedAt < chat.openedAt) newestOf.set(chat.memberId, chat);
        if (!byCode.has(chat.code)) byCode.set(chat.code, chat);
      }
    },
    placeOf,
    stateOf(chat) {
      const queued = chat.status === "queued";
      return {
        id: chat.id,
        status: chat.status,
        createdAt: chat.openedAt,
        ...placeOf(chat),
        ...(chat.agent === undefined || queued ? {} : { agent: agentAuthor(chat.agent.name) }),
        ...(chat.askedBy === undefined ? {} : { ticketRequestedBy: agentAuthor(chat.askedBy.name) }),
        ...(chat.ticket === undefined ? {} : { ticket: chat.ticket }),
      };
    },
  };
}
