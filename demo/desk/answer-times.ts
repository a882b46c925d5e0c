import type { Ticket, TicketStatus } from "../../src/core/contract/adapter.ts";
import type { Database } from "./database.ts";
import { median } from "./median.ts";

/** When an agent has probably answered, by how long the last answers took. */
export interface AnswerTimes {
  /** How long a first answer takes: the median of the last ones. Undefined while there are too few to tell by. */
  usualMs(): number | undefined;
  /** Undefined for what is answered or waits for nothing, and when that time has passed: the past is never promised. */
  expectedAt(ticket: Unanswered, usualMs: number | undefined): string | undefined;
  /** The ticket as it was told of at another time, without what has passed since. */
  stillTrue(ticket: Ticket): Ticket;
}

export interface Unanswered {
  readonly status: TicketStatus;
  readonly createdAt: string;
  readonly answeredAt: string | null;
}

const measured = 50;
const enough = 3;
const minuteMs = 60_000;

export function createAnswerTimes(database: Database, now: () => number): AnswerTimes {
  return {
    usualMs() {
      const took = database
        .all<{ createdAt: string; answeredAt: string }>(
          `SELECT created_at AS createdAt, answered_at AS answeredAt FROM tickets WHERE answered_at IS NOT NULL
           ORDER BY answered_at DESC LIMIT ${measured}`,
        )
        .map(({ createdAt, answeredAt }) => Math.max(0, Date.parse(answeredAt) - Date.parse(createdAt)));
      return took.length < enough ? undefined : median(took);
    },
    expectedAt({ status, createdAt, answeredAt }, usualMs) {
      if (usualMs === undefined || status !== "open" || answeredAt !== null) return undefined;
      const at = Math.ceil((Date.parse(createdAt) + usualMs) / minuteMs) * minuteMs;
      return at > now() ? new Date(at).toISOString() : undefined;
    },
    stillTrue({ expectedAt, ...ticket }) {
      return expectedAt !== undefined && Date.parse(expectedAt) > now() ? { ...ticket, expectedAt } : ticket;
    },
  };
}
