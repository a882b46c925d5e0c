import { AdapterError } from "../../src/core/errors.ts";
import type { ChatEvent } from "../../src/core/adapter.ts";
import type { Database } from "./database.ts";

/** What the durable log holds. `internal` ones are for agents alone. */
export interface Entry {
  readonly type: "ticket" | "message" | "removed" | "conversation" | "read" | "ticket-requested";
  readonly memberId: string;
  readonly ticketId?: string;
  readonly conversationId?: string;
  readonly messageId?: string;
  readonly payload?: unknown;
  readonly internal?: boolean;
}

export interface LoggedEntry {
  readonly cursor: number;
  readonly type: Entry["type"];
  readonly memberId: string;
  readonly ticketId: string | null;
  readonly conversationId: string | null;
  readonly messageId: string | null;
  readonly payload: string | null;
}

/** Told to those who listen at this moment and to nobody later; whoever it comes `from` knows already. */
export interface Passing {
  readonly type: "passing";
  readonly conversationId: string;
  readonly from: "member" | "agent";
  readonly event: Extract<ChatEvent, { readonly type: "typing" }>;
}

/** A member's tickets, a conversation as its member sees it, or everything that an agent sees. */
export type Scope =
  | { readonly kind: "tickets"; readonly memberId: string }
  | { readonly kind: "conversation"; readonly conversationId: string }
  | { readonly kind: "desk" };

export interface Events {
  /** Inside the transaction of what it tells. Gives the entry's cursor. */
  append(entry: Entry): number;
  announce(passing: Passing): void;
  /** How many follow at this moment. */
  followers(): number;
  /** The newest cursor: following from it gives live events only. */
  last(): number;
  /** What came after `cursor`, then what comes, until `signal` aborts. */
  follow(scope: Scope, cursor: number, signal: AbortSignal): AsyncGenerator<LoggedEntry | Passing, void, undefined>;
}

const columns = `cursor, type, member_id AS memberId, ticket_id AS ticketId, conversation_id AS conversationId,
  message_id AS messageId, payload`;
const batch = 200;

export function createEvents(database: Database): Events {
  const passers = new Set<(passing: Passing) => void>();
  const last = () => database.one<{ last: number }>("SELECT coalesce(max(cursor), 0) AS last FROM events")?.last ?? 0;

  function read(scope: Scope, cursor: number): readonly LoggedEntry[] {
    if (scope.kind === "tickets") {
      return database.all(
        `SELECT ${columns} FROM events WHERE member_id = ? AND ticket_id IS NOT NULL AND internal = 0 AND cursor > ?
         ORDER BY cursor LIMIT ${batch}`,
        scope.memberId,
        cursor,
      );
    }
    if (scope.kind === "conversation") {
      return database.all(
        `SELECT ${columns} FROM events WHERE conversation_id = ? AND internal = 0 AND cursor > ?
         ORDER BY cursor LIMIT ${batch}`,
        scope.conversationId,
        cursor,
      );
    }
    return database.all(`SELECT ${columns} FROM events WHERE cursor > ? ORDER BY cursor LIMIT ${batch}`, cursor);
  }

  return {
    append(entry) {
      database.run(
        `INSERT INTO events (type, member_id, ticket_id, conversation_id, message_id, payload, internal)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        entry.type,
        entry.memberId,
        entry.ticketId ?? null,
        entry.conversationId ?? null,
        entry.messageId ?? null,
        entry.payload === undefined ? null : JSON.stringify(entry.payload),
        entry.internal ? 1 : 0,
      );
      return last();
    },
    announce(passing) {
      for (const passer of passers) passer(passing);
    },
    followers: () => passers.size,
    last,
    async *follow(scope, cursor, signal) {
      let reached = cursor;
      let woken = false;
      let wake: (() => void) | undefined;
      const passing: Passing[] = [];
      const rouse = () => {
        woken = true;
        wake?.();
      };
      const pass = (event: Passing) => {
        if (!hears(scope, event)) return;
        passing.push(event);
        rouse();
      };
      const forget = database.onCommit(rouse);
      passers.add(pass);
      signal.addEventListener("abort", rouse);
      try {
        while (!signal.aborted) {
          woken = false;
          const entries = read(scope, reached);
          for (const entry of entries) {
            reached = entry.cursor;
            yield entry;
            if (signal.aborted) return;
          }
          for (let next = passing.shift(); next; next = passing.shift()) yield next;
          if (entries.length < batch && !woken) await new Promise<void>((resolve) => (wake = resolve));
        }
      } finally {
        forget();
        passers.delete(pass);
        signal.removeEventListener("abort", rouse);
      }
    },
  };
}

function hears(scope: Scope, passing: Passing): boolean {
  if (scope.kind === "desk") return passing.from === "member";
  return scope.kind === "conversation" && scope.conversationId === passing.conversationId && passing.from === "agent";
}

/** Cursors are opaque to callers; here they are numbers. */
export function parseCursor(cursor: string): number {
  const number = Number(cursor);
  if (!/^\d{1,15}$/.test(cursor))
    throw new AdapterError("invalid", `"${cursor.slice(0, 40)}" is no cursor of this desk.`);
  return number;
}
