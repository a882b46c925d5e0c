import type { Storage } from "../delivery/storage.ts";
import { peopleKey } from "./forget-absent.ts";
import { mergedKey } from "./merged-guests.ts";
import { tokenKey } from "./token-store.ts";

/** What the storage holds of people; the rest is the browser's, such as its language. */
const personal = [tokenKey, peopleKey, mergedKey, "member:", "guest/", "upload/", "alerted"];

const topic = "signed-out";
const countKey = "sign-outs";

/** Removes what this browser holds of anybody. The other tabs stop writing first. A storage that refuses holds nothing. */
export async function wipe(storage: Storage): Promise<void> {
  storage.publish(topic, true);
  const begun = storage.update(countKey, (count) => countOf(count) + (isWiping(count) ? 0 : 1)).catch(() => undefined);
  await Promise.all([begun, finishWipe(storage)]);
}

export async function finishWipe(storage: Storage): Promise<void> {
  await Promise.all(personal.map((prefix) => storage.clear(prefix).catch(() => undefined)));
  await storage.update(countKey, (count) => countOf(count) + (isWiping(count) ? 1 : 0)).catch(() => undefined);
}

/**
 * How often this browser was wiped, twice: odd while it is under way. Who reads it before and after a write knows whether a
 * sign-out came between.
 */
export async function signOutCount(storage: Storage): Promise<unknown> {
  return await storage.get(countKey);
}

export const isWiping = (count: unknown) => countOf(count) % 2 === 1;
const countOf = (count: unknown) => (typeof count === "number" ? count : 0);

/** Calls back when another tab wipes the storage. Returns the way to stop. */
export function onWiped(storage: Storage, listener: () => void): () => void {
  return storage.subscribe(topic, listener);
}
