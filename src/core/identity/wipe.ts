import type { Storage } from "../delivery/storage.ts";
import { peopleKey } from "./forget-absent.ts";
import { mergedKey } from "./merged-guests.ts";
import { tokenKey } from "./token-store.ts";

/** The storage prefixes of people; the rest belongs to the browser, such as its language. */
const personal = [tokenKey, peopleKey, mergedKey, "member:", "guest/", "upload/", "alerted", "consent"];

const topic = "signed-out";
const countKey = "sign-outs";

/**
 * Removes everybody's data from this browser. The other tabs stop writing first. A storage that refuses contains
 * nothing.
 */
export async function wipe(storage: Storage): Promise<void> {
  storage.publish(topic, true);
  const begun = storage.update(countKey, (count) => countOf(count) + (isWiping(count) ? 0 : 1)).catch(() => undefined);
  await Promise.all([begun, finishWipe(storage)]);
}

export async function finishWipe(storage: Storage): Promise<void> {
  await storage.clear(...personal).catch(() => undefined);
  await storage.update(countKey, (count) => countOf(count) + (isWiping(count) ? 1 : 0)).catch(() => undefined);
}

/**
 * Twice the number of wipes of this browser: odd while one is running. Reading it before and after a write shows
 * whether a sign-out happened in between.
 */
export async function signOutCount(storage: Storage): Promise<unknown> {
  return await storage.get(countKey);
}

export const isWiping = (count: unknown) => countOf(count) % 2 === 1;
const countOf = (count: unknown) => (typeof count === "number" ? count : 0);

/** Calls back when another tab wipes the storage. Returns a function that stops it. */
export function onWiped(storage: Storage, listener: () => void): () => void {
  return storage.subscribe(topic, listener);
}
