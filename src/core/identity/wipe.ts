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
  const counted = storage.update(countKey, (count) => (typeof count === "number" ? count + 1 : 1));
  await Promise.all(
    [counted, ...personal.map((prefix) => storage.clear(prefix))].map((each) => each.catch(() => undefined)),
  );
}

/** How often this browser was wiped: who reads it before and after a write knows whether a sign-out came between. */
export async function signOutCount(storage: Storage): Promise<unknown> {
  return await storage.get(countKey);
}

/** Calls back when another tab wipes the storage. Returns the way to stop. */
export function onWiped(storage: Storage, listener: () => void): () => void {
  return storage.subscribe(topic, listener);
}
