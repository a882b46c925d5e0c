import type { Database } from "./database.ts";
import { median } from "./median.ts";
import type { Staff } from "./staff.ts";

export interface Waits {
  /**
   * Returns the estimated wait by queue position, in ms. Undefined if too few chats have ended or no agent is
   * available.
   */
  estimate(): (position: number) => number | undefined;
}

const measured = 50;
const enough = 3;
/** Rounds estimates, as members are notified of each change. */
const stepMs = 10_000;

/** Free agents take the first in the queue; after them, a chat ends every (median length ÷ agents). */
export function createWaits(database: Database, staff: Staff): Waits {
  return {
    estimate() {
      const agents = staff.available();
      const lengths = database
        .all<{ takenAt: string; endedAt: string }>(
          `SELECT taken_at AS takenAt, ended_at AS endedAt FROM conversations
           WHERE taken_at IS NOT NULL AND ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT ${measured}`,
        )
        .map(({ endedAt, takenAt }) => Math.max(0, Date.parse(endedAt) - Date.parse(takenAt)));
      const usualMs = lengths.length < enough ? undefined : median(lengths);
      if (usualMs === undefined || agents.length === 0) return () => undefined;
      const busy = database.all<{ agentId: string }>(
        "SELECT DISTINCT agent_id AS agentId FROM conversations WHERE status = 'active'",
      );
      const free = agents.filter((agent) => busy.every(({ agentId }) => agentId !== agent.id)).length;
      return (position) => Math.ceil((Math.max(0, position - free) * usualMs) / agents.length / stepMs) * stepMs;
    },
  };
}
