import { toJson } from "../contract/json.ts";
import type { Storage } from "../delivery/storage.ts";

/** Files and unsent items have ids: what is in both lists is there once. */
const idOf = (value: unknown) =>
  typeof value === "object" && value !== null && "item" in value ? toJson(value.item) : value;

/** Lists are joined. Of two drafts each field keeps the words of both, once. */
function join(mine: unknown, theirs: unknown): unknown {
  if (mine === undefined || mine === "") return theirs;
  if (Array.isArray(mine) && Array.isArray(theirs)) {
    const known = new Set(mine.map(idOf));
    return [...mine, ...theirs.filter((value) => !known.has(idOf(value)))];
  }
  if (isPlain(mine) && isPlain(theirs)) {
    const fields = Object.entries(mine).map(([name, value]) => [
      name,
      joinField(name, value, Reflect.get(theirs, name)),
    ]);
    return { ...theirs, ...Object.fromEntries(fields) };
  }
  return mine;
}

function joinField(name: string, mine: unknown, theirs: unknown): unknown {
  if (typeof mine !== "string" || typeof theirs !== "string" || name === "id") return mine;
  if (theirs.includes(mine)) return theirs;
  return mine.includes(theirs) ? mine : `${mine} ${theirs}`;
}

const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** What a guest wrote, chose and has not sent yet goes over to the member that they turn out to be. */
export async function adopt(storage: Storage, from: string, to: string): Promise<void> {
  try {
    const keys = await storage.keys(`${from}/`);
    for (const key of keys) {
      // oxlint-disable-next-line no-await-in-loop -- a few keys, in order
      const theirs = await storage.get(key);
      // oxlint-disable-next-line no-await-in-loop -- removed only when it is stored in its new place
      await storage.update(`${to}/${key.slice(from.length + 1)}`, (mine) => join(mine, theirs));
      // oxlint-disable-next-line no-await-in-loop
      await storage.delete(key);
    }
  } catch {
    // A storage that refuses holds nothing of a guest.
  }
}
