import { AdapterError } from "../../core/errors.ts";

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
  const [, since, told, known] = /^([\da-z]{1,8})\.((?:[ij][\da-z]{1,7}-?)*)\.((?:[\da-z]{1,7}-?)*)$/.exec(text) ?? [];
  if (since === undefined || told === undefined || known === undefined) {
    throw new AdapterError("invalid", `"${text.slice(0, 100)}" is no cursor of this desk: start again without one`);
  }
  const parts = (list: string): readonly string[] => list.split("-").filter((part) => part !== "");
  return {
    since: Number.parseInt(since, 36),
    told: parts(told).map((key) => `${key.charAt(0)}${Number.parseInt(key.slice(1), 36)}`),
    known: parts(known).map((id) => Number.parseInt(id, 36)),
  };
}
