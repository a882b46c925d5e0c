import { badCursor } from "../shared/bad-cursor.ts";

/**
 * How far a stream was told. Whatever happened from `since` on is told to who comes back, but for the steps in `told`;
 * of the tickets in `known`, those that are gone. It stands in the member's browser, so any copy of the gateway can go on.
 */
export interface StreamPlace {
  /** In seconds since 1970, by Redmine's clock. */
  readonly since: number;
  readonly told: readonly string[];
  readonly known: readonly number[];
}

/** More are not written: what came before such a place is then told again. */
const TOLD_MOST = 80;
const KNOWN_MOST = 50;

export function writeStreamPlace({ since, told, known }: StreamPlace): string | undefined {
  if (told.length > TOLD_MOST) return undefined;
  const steps = told.map((key) => `${key.charAt(0)}${Number(key.slice(1)).toString(36)}`);
  const tickets = known.slice(0, KNOWN_MOST).map((id) => id.toString(36));
  return [since.toString(36), steps.join("-"), tickets.join("-")].join(".");
}

export function readStreamPlace(text: string): StreamPlace {
  const [since = "", told = "", known, ...more] = text.split(".");
  const steps = partsOf(told);
  const tickets = partsOf(known ?? "");
  // Part by part: one expression for all of it would try every way to part a text that does not fit.
  const fits =
    /^[\da-z]{1,8}$/.test(since) &&
    steps.length <= TOLD_MOST &&
    tickets.length <= KNOWN_MOST &&
    steps.every((key) => /^[ij][\da-z]{1,7}$/.test(key)) &&
    tickets.every((id) => /^[\da-z]{1,7}$/.test(id));
  if (!fits || known === undefined || more.length > 0) throw badCursor(text);
  return {
    since: Number.parseInt(since, 36),
    told: steps.map((key) => `${key.charAt(0)}${Number.parseInt(key.slice(1), 36)}`),
    known: tickets.map((id) => Number.parseInt(id, 36)),
  };
}

function partsOf(list: string): readonly string[] {
  return list === "" ? [] : list.split("-");
}
