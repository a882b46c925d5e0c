import { isAdapterError } from "../../src/core/contract/errors.ts";
import { placeOf, type ConversationRow, type Conversations } from "./conversations.ts";
import type { Database } from "./database.ts";
import { deskAuthor, type Messages } from "./messages.ts";
import type { Staff } from "./staff.ts";
import { textsFor } from "./texts.ts";

/**
 * Detects disconnected people. A waiting member without a stream loses the place in the queue after a grace period; an
 * absent agent's chats return to the front of the queue. Kept in memory: after a restart, absence counts from then.
 */
export interface Absences {
  /** Records that the member has an open stream, until the returned function is called. */
  listening(conversationId: string): () => void;
  /** An agent who signs out of their last page gives up their chats immediately. */
  agentLeft(agentId: string): void;
  /** Inside a transaction: returns the chat to the front of the queue, with a system message. */
  giveBack(row: ConversationRow): ConversationRow;
  stop(): void;
}

interface Sources {
  readonly database: Database;
  readonly conversations: Conversations;
  readonly messages: Messages;
  readonly staff: Staff;
  readonly graceMs: number;
  readonly now: () => number;
}

const agentGraceMs = 60_000;
const lookEveryMs = 1000;

export function createAbsences({ conversations, database, graceMs, messages, now, staff }: Sources): Absences {
  const streams = new Map<string, number>();
  const away = new Map<string, number>();
  let knownStaff: string | undefined;

  function awayFor(key: string, here: boolean): number {
    if (here) away.delete(key);
    else if (!away.has(key)) away.set(key, now());
    return now() - (away.get(key) ?? now());
  }

  function tell(row: ConversationRow, text: string): void {
    messages.add(placeOf(row), { author: deskAuthor, text });
  }

  function giveBack(row: ConversationRow): ConversationRow {
    tell(row, textsFor(row.locale).agentLeft(row.agentName ?? ""));
    return conversations.giveBack(row);
  }

  function giveAllBack(rows: readonly ConversationRow[]): void {
    // Each goes to the very front, so the oldest must be last.
    if (rows.length > 0) database.write(() => rows.toReversed().forEach(giveBack));
  }

  function look(): void {
    const [queue, active] = [conversations.queue(), conversations.active()];
    const lost = queue.filter((row) => awayFor(row.id, streams.has(row.id)) >= graceMs);
    const gone = new Set(
      [...new Set(active.map(({ agentId }) => agentId ?? ""))].filter(
        (agentId) => awayFor(`agent ${agentId}`, staff.here(agentId)) >= agentGraceMs,
      ),
    );
    const known = new Set([...queue.map(({ id }) => id), ...active.map(({ agentId }) => `agent ${agentId}`)]);
    for (const key of away.keys()) if (!known.has(key)) away.delete(key);

    for (const row of lost) {
      database.write(() => {
        tell(row, textsFor(row.locale).placeGivenUp);
        conversations.end(row);
      });
    }
    giveAllBack(active.filter(({ agentId }) => gone.has(agentId ?? "")));
    const staffNow = JSON.stringify(staff.available().map(({ id }) => id));
    if (staffNow === knownStaff) return;
    database.write(() => conversations.tellQueue());
    knownStaff = staffNow;
  }

  const timer = setInterval(() => {
    try {
      look();
    } catch (error) {
      // A full disk may have space again in a second.
      if (!isAdapterError(error)) throw error;
    }
  }, lookEveryMs);
  timer.unref();

  return {
    listening(conversationId) {
      streams.set(conversationId, (streams.get(conversationId) ?? 0) + 1);
      return () => {
        const left = (streams.get(conversationId) ?? 1) - 1;
        if (left > 0) streams.set(conversationId, left);
        else streams.delete(conversationId);
      };
    },
    agentLeft(agentId) {
      if (!staff.here(agentId)) giveAllBack(conversations.active(agentId));
    },
    giveBack,
    stop: () => clearInterval(timer),
  };
}
