/**
 * Databases show a change after one with a higher id, when the two were written at the same time: RT sends its mails
 * before it commits.
 */
export const SETTLES_MS = 10_000;

/** Which changes a poller has seen, and up to which id there can be no others any more. */
export interface Seen {
  readonly settled: () => number;
  readonly size: () => number;
  has(id: number): boolean;
  add(id: number, now: number): void;
  /** `ids`: all that there are after `settled`, or the first of them, as they were read after `now`. */
  settle(ids: readonly number[], now: number): void;
  /** Whether the first that is seen and not settled could be settled. */
  isDue(now: number): boolean;
}

/** Times are by `performance.now()`: no clock of RT's is needed. */
export function createSeen(start: number): Seen {
  let settled = start;
  /** By id: when it was first seen. What has a lower id was begun before that. */
  const seen = new Map<number, number>();
  const isRipe = (at: number | undefined, now: number) => at !== undefined && at <= now - SETTLES_MS;
  return {
    settled: () => settled,
    size: () => seen.size,
    has: (id) => id <= settled || seen.has(id),
    add(id, now) {
      if (id > settled && !seen.has(id)) seen.set(id, now);
    },
    settle(ids, now) {
      for (const id of ids) {
        if (!isRipe(seen.get(id), now)) break;
        settled = id;
      }
      for (const id of seen.keys()) if (id <= settled) seen.delete(id);
    },
    isDue(now) {
      const [oldest] = seen.values();
      return isRipe(oldest, now);
    },
  };
}
