import { badCursor } from "../shared/bad-cursor.ts";
import type { Issue } from "./schemas.ts";

/**
 * How far a list was read. Redmine tells the second of a change and sorts by less: so the place is that second, with the
 * issues of it that were read. Of a second with many (an import), the newest read are known, and the others skipped.
 */
export interface Place {
  readonly at: string;
  /** How many of that second were read, but for the last few. */
  readonly skip: number;
  /** The last few of them. */
  readonly ids: readonly number[];
  readonly text: string;
}

const KEPT = 20;
/** A few are read again, lest one that changes meanwhile takes another's place. */
const AGAIN = 10;

export function readPlace(text: string): Place {
  const [, at, skip, ids] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)_(\d{1,9})_([\d-]{1,220})$/.exec(text) ?? [];
  if (at === undefined || ids === undefined || Number.isNaN(Date.parse(at))) {
    throw badCursor(text);
  }
  return { at, skip: Number(skip), ids: ids.split("-").map(Number), text };
}

/** After these were read from `before` on. */
export function writePlace(before: Place | undefined, read: readonly Issue[]): Place | undefined {
  const last = read.at(-1);
  if (!last) return before;
  const at = last.updated_on;
  const same = read.filter((issue) => issue.updated_on === at).map(({ id }) => id);
  const goesOn = before?.at === at ? before : undefined;
  const counted = (goesOn ? goesOn.skip + Math.min(goesOn.ids.length, AGAIN) : 0) + same.length;
  const ids = [...(goesOn?.ids ?? []), ...same].slice(-KEPT);
  const skip = Math.max(0, counted - AGAIN);
  return { at, skip, ids, text: `${at}_${skip}_${ids.join("-")}` };
}
