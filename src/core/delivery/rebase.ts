import { toJson } from "../contract/json.ts";
import { placeOfWords } from "./whole-words.ts";

/**
 * Applies the change from `from` to `to` to `now`, another writer's version of `from`. Objects are changed key by key,
 * and their texts (`isText`, by key) word for word; any other value changed by both becomes `to`.
 */
export function rebase<T extends object>(from: T, to: T, now: T, isText: (key: keyof T) => boolean): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- their own keys
  const keys = Object.keys({ ...from, ...to, ...now }) as (keyof T)[];
  const changed = keys.map((key) => {
    const [before, after, other]: unknown[] = [from[key], to[key], now[key]];
    if (isText(key) && typeof before === "string" && typeof after === "string" && typeof other === "string")
      return [key, rebaseText(before, after, other)];
    return [key, rebaseValue(before, after, other)];
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each value is one of the three's
  return Object.fromEntries(changed) as T;
}

function rebaseValue(from: unknown, to: unknown, now: unknown): unknown {
  if (isSame(from, to)) return now;
  if (!isPlain(from) || !isPlain(to) || !isPlain(now)) return to;
  return rebase<object>(from, to, now, () => false);
}

/** Text of both writers is kept. If both write at one position, the other's text comes first. */
function rebaseText(from: string, to: string, now: string): string {
  if (from === to) return now;
  if (from === now || to === now) return to;
  const whole = placeOfWords(from, now);
  const at = whole >= 0 || from === "" ? whole : now.indexOf(from);
  // The other has written around it.
  if (at >= 0) return now.slice(0, at) + to + now.slice(at + from.length);
  const [mine, theirs] = [editOf(from, to), editOf(from, now)];
  const isBefore = mine.end <= theirs.start && mine.start < theirs.end;
  const isBehind = mine.start >= theirs.end && mine.end > theirs.start;
  if (isBefore) return apply(apply(from, theirs), mine);
  if (isBehind) return apply(apply(from, mine), theirs);
  const [start, end] = [Math.min(mine.start, theirs.start), Math.max(mine.end, theirs.end)];
  return apply(from, { start, end, text: joined(theirs.text, mine.text) });
}

/** Replaces the characters from `start` up to `end` with `text`. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The shortest edit that turns `from` into `to`. */
function editOf(from: string, to: string): Edit {
  const longest = Math.min(from.length, to.length);
  let start = 0;
  while (start < longest && from[start] === to[start]) start += 1;
  if (isHalf(from, start) || isHalf(to, start)) start -= 1;
  let kept = 0;
  while (kept < longest - start && from.at(-1 - kept) === to.at(-1 - kept)) kept += 1;
  if (isHalf(from, from.length - kept) || isHalf(to, to.length - kept)) kept -= 1;
  const edit = { start, end: from.length - kept, text: to.slice(start, to.length - kept) };
  return edit.start < edit.end && edit.text !== "" ? withWholeWords(edit, from) : edit;
}

/** A changed word is replaced as a whole. */
function withWholeWords({ start, end, text }: Edit, from: string): Edit {
  const before = /\S*$/.exec(from.slice(0, start))?.[0] ?? "";
  const after = /^\S*/.exec(from.slice(end))?.[0] ?? "";
  return { start: start - before.length, end: end + after.length, text: before + text + after };
}

/** Within a surrogate pair. */
const isHalf = (text: string, at: number) => /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(at - 1, at + 1));

const apply = (text: string, { start, end, text: written }: Edit) => text.slice(0, start) + written + text.slice(end);

/** Two texts at one position are separated. */
function joined(before: string, after: string): string {
  const isApart = before === "" || after === "" || /\s$/.test(before) || /^\s/.test(after);
  return isApart ? before + after : `${before} ${after}`;
}

export const isSame = (one: unknown, other: unknown) => one === other || toJson(one) === toJson(other);

const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
