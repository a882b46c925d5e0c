import type { Database } from "./database.ts";
import { median } from "./median.ts";
import type { Staff } from "./staff.ts";

export interface Waits {
  /**
   * How long it probably takes until an agent comes to whoever has this place, from what is known at this moment. Undefined
   * while too few chats have ended, and while nobody is here who could come.
   */
  estimate(): (position: number) => number | undefined;
}

const measured = 50;
const enough = 3;
/** Nobody waits to the second, and each change of it is told. */
const stepMs = 10_000;

/** Who is behind the agents that are free waits for chats to end: one every (usual length ÷ agents). */
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
