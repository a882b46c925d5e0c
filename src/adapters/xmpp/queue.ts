import type { Conversation } from "../../core/contract/adapter.ts";
import type { Entry } from "./entry.ts";
import { agentAuthor } from "./author.ts";
import { lobbyRecordOf, type AgentRecord, type LobbyRecord } from "./records.ts";

/** What stands before the queue knows of it. */
export interface ChatHead {
  readonly id: string;
  /** What agents call it by. */
  readonly code: string;
  readonly memberId: string;
  readonly name: string;
  readonly ticketId: string | undefined;
}

/** A conversation as the lobby's archive tells of it. */
export interface Chat extends ChatHead {
  openedAt: string;
  status: Conversation["status"];
  /** The lower, the sooner. */
  turn: number;
  takenAt: string | undefined;
  agent: AgentRecord | undefined;
  askedBy: AgentRecord | undefined;
  ticket: { readonly id: string; readonly number: string } | undefined;
}

/** The queue, folded out of the lobby's archive: the same for every copy that has read as far. */
export interface Queue {
  readonly chats: ReadonlyMap<string, Chat>;
  /** One that is to be opened: its room is made before the queue has it. */
  prepare(head: ChatHead): Chat;
  /** Gives the conversations whose state it may have changed; all of the queue, where places changed. */
  apply(entry: Entry): readonly Chat[];
  waiting(): readonly Chat[];
  /** The member's one that is not ended. */
  currentOf(memberId: string): Chat | undefined;
  /** The member's newest. */
  lastOf(memberId: string): Chat | undefined;
  byCode(code: string): Chat | undefined;
  stateOf(chat: Chat): Conversation;
  /** How long members usually waited of late. */
  waitMs(): number | undefined;
}

/** How many of the last waits are looked at, and how few are too few to promise anything. */
const MEASURED = 20;
const ENOUGH = 3;
/** Nobody waits to the second. */
const STEP_MS = 10_000;

export function createQueue(graceMs: number): Queue {
  const chats = new Map<string, Chat>();
  const prepared = new Map<string, Chat>();
  const newestOf = new Map<string, Chat>();
  const waits: number[] = [];
  let turns = 0;

  function waiting(): readonly Chat[] {
    return [...chats.values()].filter(({ status }) => status === "queued").toSorted((a, b) => a.turn - b.turn);
  }

  function currentOf(memberId: string): Chat | undefined {
    const newest = newestOf.get(memberId);
    return newest?.status === "ended" ? undefined : newest;
  }

  function prepare({ code, id, memberId, name, ticketId }: ChatHead): Chat {
    const known = chats.get(id) ?? prepared.get(id);
    if (known) return known;
    const chat: Chat = {
      id,
      code,
      memberId,
      name,
      ticketId,
      openedAt: "",
      status: "queued",
      turn: 0,
      takenAt: undefined,
      agent: undefined,
      askedBy: undefined,
      ticket: undefined,
    };
    prepared.set(id, chat);
    return chat;
  }

  function open(record: Extract<LobbyRecord, { type: "opened" }>, at: string): boolean {
    // Of two devices at once the first one's stands.
    if (chats.has(record.id) || currentOf(record.memberId)) return false;
    turns += 1;
    const chat = prepare({ ...record, ticketId: record.ticketId });
    prepared.delete(chat.id);
    chat.openedAt = at;
    chat.turn = turns;
    chats.set(chat.id, chat);
    newestOf.set(chat.memberId, chat);
    return true;
  }

  /** Whether it fitted: of two agents who take one, the first has it. */
  function change(chat: Chat, record: Exclude<LobbyRecord, { type: "opened" }>, at: string): boolean {
    if (record.type === "ticket") {
      chat.ticket = record.ticket;
      return true;
    }
    if (chat.status === "ended") return false;
    switch (record.type) {
      case "taken":
        // Of two agents who take one, the first has it.
        if (chat.status !== "queued") return false;
        if (chat.takenAt === undefined) waits.push(Math.max(0, Date.parse(at) - Date.parse(chat.openedAt)));
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
        chat.turn = Math.min(chat.turn, ...waiting().map(({ turn }) => turn)) - 1;
        chat.status = "queued";
        chat.agent = undefined;
        return true;
      case "ended":
        chat.status = "ended";
        return true;
      case "asked":
        chat.askedBy = record.agent;
        return true;
      default:
        return false;
    }
  }

  function waitMs(): number | undefined {
    const last = waits.slice(-MEASURED).toSorted((a, b) => a - b);
    const usual = last.length < ENOUGH ? undefined : last[Math.floor(last.length / 2)];
    return usual === undefined ? undefined : Math.ceil(usual / STEP_MS) * STEP_MS;
  }

  return {
    chats,
    prepare,
    waiting,
    waitMs,
    currentOf,
    lastOf: (memberId) => newestOf.get(memberId),
    byCode: (code) => [...chats.values()].findLast((chat) => chat.code === code),
    apply(entry) {
      const record = lobbyRecordOf(entry.record);
      if (record === undefined) return [];
      const chat = chats.get(record.id);
      const before = waiting();
      const fitted =
        record.type === "opened" ? open(record, entry.at) : chat !== undefined && change(chat, record, entry.at);
      const changed = chat ?? chats.get(record.id);
      if (!fitted || changed === undefined) return [];
      const after = waiting();
      const moved = before.length !== after.length ? after : [];
      return [...new Set([changed, ...moved])];
    },
    stateOf(chat) {
      const queued = chat.status === "queued";
      const position = queued ? waiting().indexOf(chat) + 1 : undefined;
      const wait = queued ? waitMs() : undefined;
      return {
        id: chat.id,
        status: chat.status,
        createdAt: chat.openedAt,
        ...(position === undefined ? {} : { position, graceMs }),
        ...(wait === undefined ? {} : { waitMs: wait }),
        ...(chat.agent === undefined || queued ? {} : { agent: agentAuthor(chat.agent.name) }),
        ...(chat.askedBy === undefined ? {} : { ticketRequestedBy: agentAuthor(chat.askedBy.name) }),
        ...(chat.ticket === undefined ? {} : { ticket: chat.ticket }),
      };
    },
  };
}
