import { badCursor } from "../shared/bad-cursor.ts";

/**
 * How far a stream was told. RT's changes become visible out of order: of those with an id over `settled`, only the ones
 * in `told` were told (those of the member's own tickets; others' are no matter).
 */
export interface StreamPlace {
  readonly settled: number;
  readonly told: readonly number[];
  /** The change whose message was told, and whose ticket was not yet. */
  readonly owed?: number | undefined;
}

/** More are not written: what came after the cursor before is then told again. */
const TOLD_MOST = 100;
const shape = /^(\d{1,15})(?:\.([\da-z]{0,9}(?:-[\da-z]{1,9})*)(?:\.([\da-z]{1,9}))?)?$/;

/** Such as "4711.2-1.3": an id, then distances to the one before, to base 36; undefined when there is too much to say. */
export function writePlace({ settled, told, owed }: StreamPlace): string | undefined {
  if (told.length > TOLD_MOST) return undefined;
  const ids = told.toSorted((left, right) => left - right);
  const steps = ids.map((id, at) => (id - (ids[at - 1] ?? settled)).toString(36));
  const more = owed === undefined || owed <= settled ? [] : [(owed - settled).toString(36)];
  return [settled, steps.join("-"), ...more].join(".");
}

/** Reads a bare number as well: an id up to which all was told, but for the ticket of that change. */
export function readPlace(text: string): StreamPlace {
  const [, first, steps, owes] = (text.length <= 2000 && shape.exec(text)) || [];
  if (first === undefined) throw badCursor(text);
  const settled = Number(first);
  if (steps === undefined) return { settled, told: [], owed: settled };
  let last = settled;
  const told = steps.split("-").flatMap((step) => (step === "" ? [] : [(last += Number.parseInt(step, 36))]));
  if (told.length > TOLD_MOST || !Number.isSafeInteger(last)) throw badCursor(text);
  return { settled, told, ...(owes === undefined ? {} : { owed: settled + Number.parseInt(owes, 36) }) };
}

/** Keeps a stream's place while it is told. */
export interface Progress {
  /** Whether it was told, by another copy of the gateway perhaps. */
  isTold(id: number): boolean;
  /** The change was told, or is nothing to tell of. */
  pass(id: number): void;
  /** All changes up to this id were told. */
  settle(id: number): void;
  /** `owed`: of the change that is told now, the ticket comes later. */
  cursor(owed?: number): { readonly cursor?: string };
}

export function createProgress(start: StreamPlace): Progress {
  let { settled } = start;
  const told = new Set(start.told);
  return {
    isTold: (id) => told.has(id),
    pass(id) {
      if (id > settled) told.add(id);
    },
    settle(id) {
      if (id <= settled) return;
      settled = id;
      for (const each of told) if (each <= settled) told.delete(each);
    },
    cursor(owed) {
      const cursor = writePlace({ settled, told: [...told], owed });
      return cursor === undefined ? {} : { cursor };
    },
  };
}
