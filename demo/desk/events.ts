import { AdapterError } from "../../src/core/contract/errors.ts";
import type { ChatEvent } from "../../src/core/contract/adapter.ts";
import type { Database } from "./database.ts";

/** An entry of the durable event log. `internal` entries are visible to agents only. */
export interface Entry {
  readonly type: "ticket" | "message" | "removed" | "conversation" | "delivered" | "read" | "ticket-requested";
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

/** A transient event, sent only to current listeners, except the sender (`from`). */
export interface Passing {
  readonly type: "passing";
  readonly conversationId: string;
  readonly from: "member" | "agent";
  readonly event: Extract<ChatEvent, { readonly type: "typing" }>;
}

/** A member's tickets, a conversation as its member sees it, or everything for agents. */
export type Scope =
  | { readonly kind: "tickets"; readonly memberId: string }
  | { readonly kind: "conversation"; readonly conversationId: string }
  | { readonly kind: "desk" };

export interface Events {
  /** Call it inside the transaction of the change. Returns the entry's cursor. */
  append(entry: Entry): number;
  announce(passing: Passing): void;
  /** The cursor of the event for this message. */
  cursorOf(messageId: string): string | undefined;
  /** The number of current followers. */
  followers(): number;
  /** The newest cursor; following from it yields only live events. */
  last(): number;
  /** Past events after `cursor`, then live events, until `signal` aborts. */
  follow(scope: Scope, cursor: number, signal: AbortSignal): AsyncGenerator<LoggedEntry | Passing, void, undefined>;
}

interface Follower {
  rouse(): void;
  pass(passing: Passing): void;
}

const columns = `cursor, type, member_id AS memberId, ticket_id AS ticketId, conversation_id AS conversationId,
  message_id AS messageId, payload`;
const batch = 200;

export function createEvents(database: Database): Events {
  /** Followers by scope, so that a commit wakes only those it concerns. */
  const followers = new Map<string, Set<Follower>>();
  const touched = new Set<string>();
  database.onCommit(() => {
    const keys = [...touched];
    touched.clear();
    for (const key of keys) for (const follower of followers.get(key) ?? []) follower.rouse();
  });
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
      touched.add("desk");
      if (entry.conversationId !== undefined) touched.add(`conversation ${entry.conversationId}`);
      if (entry.ticketId !== undefined) touched.add(`tickets ${entry.memberId}`);
      return last();
    },
    announce(passing) {
      const key = passing.from === "member" ? "desk" : `conversation ${passing.conversationId}`;
      for (const follower of followers.get(key) ?? []) follower.pass(passing);
    },
    cursorOf(messageId) {
      const entry = database.one<{ cursor: number }>("SELECT cursor FROM events WHERE message_id = ?", messageId);
      return entry && String(entry.cursor);
    },
    followers: () => [...followers.values()].reduce((sum, { size }) => sum + size, 0),
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
      const follower: Follower = {
        rouse,
        pass(event) {
          passing.push(event);
          rouse();
        },
      };
      const key = keyOf(scope);
      followers.set(key, (followers.get(key) ?? new Set()).add(follower));
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
        const others = followers.get(key);
        others?.delete(follower);
        if (others?.size === 0) followers.delete(key);
        signal.removeEventListener("abort", rouse);
      }
    },
  };
}

function keyOf(scope: Scope): string {
  if (scope.kind === "desk") return "desk";
  return scope.kind === "tickets" ? `tickets ${scope.memberId}` : `conversation ${scope.conversationId}`;
}

/** Cursors are opaque to callers; here they are numbers. */
export function parseCursor(cursor: string): number {
  const number = Number(cursor);
  if (!/^\d{1,15}$/.test(cursor))
    throw new AdapterError("invalid", `"${cursor.slice(0, 40)}" is no cursor of this desk.`);
  return number;
}
