import type { Ticket, TicketStatus } from "../../src/core/contract/adapter.ts";
import type { Database } from "./database.ts";
import { median } from "./median.ts";

/** Estimates when an agent will answer, from the latest answer times. */
export interface AnswerTimes {
  /** The median time to a first answer. Undefined if there are too few to estimate. */
  usualMs(): number | undefined;
  /** Undefined if no answer is due, or if the estimate is in the past. */
  expectedAt(ticket: Unanswered, usualMs: number | undefined): string | undefined;
  /** Removes an estimate from a stored ticket if its time has passed. */
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
