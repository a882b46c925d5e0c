import type { TicketEvent } from "../../core/contract/adapter.ts";
import { readStreamPlace, writeStreamPlace, type StreamPlace } from "./cursor.ts";
import type { OwnIssue } from "./issues.ts";

/** What one stream has told, and what it is still to tell. */
export interface Listener {
  /** Tells what is new of each issue, in their order; marks the rest as told. `quiet` marks all. */
  take(issues: readonly OwnIssue[], quiet?: boolean): void;
  /** Tickets that are the member's, whatever they were told of them. */
  know(ids: readonly number[]): void;
  /** Gone: deleted, or in another project. */
  lose(id: number): void;
  readonly place: () => StreamPlace;
}

/** Redmine tells seconds, and what is written at the same time may be seen one after the other. */
const OVERLAP_S = 10;
const KNOWN_MOST = 200;

export function createListener(cursor: string | undefined, push: (event: TicketEvent) => void): Listener {
  const start = cursor === undefined ? { since: 0, told: [], known: [] } : readStreamPlace(cursor);
  let since = start.since;
  /** What was before the stream began is no news. */
  let floor = start.since - OVERLAP_S;
  let known: readonly number[] = start.known;
  /** By step: when it was, in seconds. */
  const told = new Map<string, number>(start.told.map((key) => [key, since]));

  function tell(event: TicketEvent): void {
    const at = writeStreamPlace({ since, told: [...told.keys()], known });
    push(at === undefined ? event : { ...event, cursor: at });
  }

  function know(ids: readonly number[]): void {
    known = [...new Set([...ids, ...known])].slice(0, KNOWN_MOST);
  }

  return {
    take(issues, quiet = false) {
      const from = Math.max(since - OVERLAP_S, floor);
      let newest = since;
      for (const { issue, steps, ticket } of issues) {
        const recent = steps.filter(({ at }) => secondOf(at) >= from);
        const fresh = recent.filter(({ key }) => !told.has(key));
        // Of those told before a connection was lost, the time is known only now.
        for (const { key, at } of recent) if (told.has(key)) told.set(key, secondOf(at));
        know([issue.id]);
        for (const { key, at, messages } of fresh) {
          told.set(key, secondOf(at));
          if (!quiet) for (const message of messages) tell({ type: "message", ticketId: ticket.id, message });
        }
        if (fresh.length > 0 && !quiet) tell({ type: "ticket", ticket });
        newest = Math.max(newest, secondOf(issue.updated_on));
      }
      since = newest;
      if (quiet) floor = since;
      for (const [key, at] of told) if (at < since - OVERLAP_S) told.delete(key);
    },
    know,
    lose(id) {
      if (!known.includes(id)) return;
      known = known.filter((one) => one !== id);
      tell({ type: "removed", ticketId: String(id) });
    },
    place: () => ({ since, told: [...told.keys()], known }),
  };
}

function secondOf(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}
