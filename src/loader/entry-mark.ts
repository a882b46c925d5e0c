import { toJson } from "../core/contract/json.ts";

/** The widget's data in the state of a history entry that it has created; the page's own state is kept. */
export interface Mark {
  /** How many entries back the page's own entry is. */
  readonly depth: number;
  /** The hash of the page's own entry. */
  readonly hash: string;
  /** Created for the sheet, at the address of the page's own entry. */
  readonly sheet?: true;
}

const key = "podpora";

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function markOf(state: unknown): Mark | undefined {
  const mark = isRecord(state) ? state[key] : undefined;
  if (!isRecord(mark) || typeof mark["depth"] !== "number" || typeof mark["hash"] !== "string") return undefined;
  return { depth: mark["depth"], hash: mark["hash"], ...(mark["sheet"] === true && { sheet: true }) };
}

/** Undefined if the page's state is no plain object: then nothing can be added to it. */
export function marked(state: unknown, mark: Mark): object | undefined {
  if (state === null || state === undefined) return { [key]: mark };
  return isRecord(state) ? { ...state, [key]: mark } : undefined;
}

/** Whether the page's own entry has the state from which the marked one was created. */
export function isBelow(below: unknown, state: unknown): boolean {
  const { [key]: _mark, ...rest } = isRecord(state) ? state : {};
  return toJson(rest) === toJson(below ?? {});
}

/** Bypasses wrappers of the page's router or analytics. A sandboxed page refuses. */
export function writeEntry(method: "pushState" | "replaceState", state: unknown, address: string): void {
  try {
    History.prototype[method].call(history, state, "", address);
  } catch {
    // The panel still works; Back does what it did before.
  }
}

/** An entry for a sheet that covers the page, because on phones Back closes such sheets. */
export function pushSheetEntry(): void {
  const state = markOf(history.state)
    ? undefined
    : marked(history.state, { depth: 1, hash: location.hash, sheet: true });
  if (state) writeEntry("pushState", state, location.href);
}
