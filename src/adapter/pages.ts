import type { Page } from "../core/contract/adapter.ts";
import { AdapterError } from "../core/contract/errors.ts";

/** The core then starts again without a cursor. */
export function badCursor(cursor: string): AdapterError {
  return new AdapterError("invalid", `"${cursor.slice(0, 100)}" is not a cursor of this desk: start again without one`);
}

/** There were more changes since than are reported one by one. */
export function staleCursor(cursor: string): AdapterError {
  return new AdapterError("stale-cursor", `"${cursor.slice(0, 100)}" is too old: start again without one`);
}

/**
 * The page of `items`, oldest first, that ends before the item with the id `before`; without one: the newest. Rejects
 * with `invalid` if there is no such item.
 */
export function pageBefore<T extends { readonly id: string }>(
  items: readonly T[],
  before: string | undefined,
  size: number,
): Page<T> {
  const end = before === undefined ? items.length : items.findIndex(({ id }) => id === before);
  if (before !== undefined && end === -1) throw badCursor(before);
  const page = items.slice(Math.max(0, end - size), end);
  const [first] = page;
  return { items: page, ...(first && end > size ? { next: first.id } : {}) };
}

/** For searching: "Naročila" is found by "narocila". */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The words of a search, folded, each once: a match contains all of them, anywhere. */
export function searchWords(search: string | undefined): readonly string[] {
  return [...new Set(fold(search ?? "").split(/[\s\p{C}]+/u))].filter((word) => word !== "");
}

export interface SearchPages<T> {
  /** The items after a cursor, and whether there are more. */
  read(cursor: string | undefined): Promise<{ readonly items: readonly T[]; readonly more: boolean }>;
  fits(item: T): boolean;
  /** The cursor after these items, which were read from another one on. There is at least one. */
  cursorAfter(items: readonly T[], cursor: string | undefined): string;
  readonly cursor: string | undefined;
  readonly limit: number;
  /** This many pages are searched; if there are more, the result is short and has a next cursor. */
  readonly pages: number;
}

/** A page of matches: for desks whose search differs from what members expect, such as ignoring accents. */
export async function searchPages<T>(options: SearchPages<T>): Promise<{ items: readonly T[]; next?: string }> {
  const { limit, pages } = options;
  const found: T[] = [];
  let { cursor } = options;
  for (let page = 0; page < pages && found.length < limit; page += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const { items, more } = await options.read(cursor);
    const fitting = items.filter((item) => options.fits(item));
    const taken = fitting.slice(0, limit - found.length);
    found.push(...taken);
    const last = fitting.length > taken.length ? taken.at(-1) : undefined;
    const read = last === undefined ? items : items.slice(0, items.indexOf(last) + 1);
    if (read.length > 0) cursor = options.cursorAfter(read, cursor);
    if (read.length === 0 || (last === undefined && !more)) return { items: found };
  }
  return { items: found, ...(cursor === undefined ? {} : { next: cursor }) };
}
