import { badCursor } from "./pages.ts";

/**
 * The position of a feed at a desk whose changes have increasing numbers but become visible out of order: a database
 * may show the lower of two concurrent numbers after the higher one. Of the numbers above `settled`, only those in
 * `told` have been reported.
 */
export interface Settling {
  /** No change up to this number can still appear. */
  readonly settled: () => number;
  /** The highest reported number. */
  readonly reached: () => number;
  readonly size: () => number;
  isTold(id: number): boolean;
  /** `now`: from `performance.now()`, so that the desk's clock is not needed. */
  tell(id: number, now: number): void;
  /** `ids`: all numbers after `settled`, or the first of them, as read after `now`. */
  settle(ids: readonly number[], now: number): void;
  /** Whether the first reported number could be settled. */
  isDue(now: number): boolean;
  /** The cursor to resume from, such as "4711.2-1.3": a number, then differences to the previous one, in base 36. */
  cursor(): string;
}

/** Changes become visible within this time. */
export const SETTLES_MS = 10_000;
/** If there are more, they are settled early. */
const TOLD_MOST = 5000;
const shape = /^(\d{1,15})\.([\da-z]{0,9}(?:-[\da-z]{1,9})*)$/;

/** From a cursor, or from a number and the numbers reported after it. */
export function createSettling(
  start: string | { readonly settled: number; readonly told: readonly number[] },
): Settling {
  const place = typeof start === "string" ? readCursor(start) : start;
  let { settled } = place;
  /** By number: when it was reported. Lower numbers were started before that. */
  const told = new Map<number, number>();
  const begun = performance.now();
  for (const id of place.told) told.set(id, begun);
  const isRipe = (at: number | undefined, now: number) => at !== undefined && at <= now - SETTLES_MS;
  function settleTo(id: number): void {
    settled = Math.max(settled, id);
    for (const each of told.keys()) if (each <= settled) told.delete(each);
  }

  return {
    settled: () => settled,
    reached: () => Math.max(settled, ...told.keys()),
    size: () => told.size,
    isTold: (id) => id <= settled || told.has(id),
    tell(id, now) {
      if (id > settled && !told.has(id)) told.set(id, now);
      if (told.size > TOLD_MOST) settleTo([...told.keys()].toSorted((left, right) => left - right)[0] ?? settled);
    },
    settle(ids, now) {
      const first = ids.findIndex((id) => !isRipe(told.get(id), now));
      const last = first === -1 ? ids.at(-1) : ids[first - 1];
      if (last !== undefined) settleTo(last);
    },
    isDue(now) {
      const [oldest] = told.values();
      return isRipe(oldest, now);
    },
    cursor() {
      const ids = [...told.keys()].toSorted((left, right) => left - right);
      return `${settled}.${ids.map((id, at) => (id - (ids[at - 1] ?? settled)).toString(36)).join("-")}`;
    },
  };
}

function readCursor(text: string): { readonly settled: number; readonly told: readonly number[] } {
  const [, first, steps] = (text.length <= 11 * TOLD_MOST && shape.exec(text)) || [];
  if (first === undefined || steps === undefined) throw badCursor(text);
  const settled = Number(first);
  let last = settled;
  const told = steps.split("-").flatMap((step) => (step === "" ? [] : [(last += Number.parseInt(step, 36))]));
  if (!Number.isSafeInteger(last)) throw badCursor(text);
  return { settled, told };
}
