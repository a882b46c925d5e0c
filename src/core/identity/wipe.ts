import type { Storage } from "../delivery/storage.ts";
import { peopleKey } from "./forget-absent.ts";
import { mergedKey } from "./merged-guests.ts";
import { tokenKey } from "./token-store.ts";

/** What the storage holds of people; the rest is the browser's, such as its language. */
const personal = [tokenKey, peopleKey, mergedKey, "member:", "guest/", "upload/", "alerted"];

const topic = "signed-out";

/** Removes what this browser holds of anybody. The other tabs stop writing first. A storage that refuses holds nothing. */
export async function wipe(storage: Storage): Promise<void> {
  storage.publish(topic, true);
  await Promise.all(personal.map((prefix) => storage.clear(prefix).catch(() => undefined)));
}

/** Calls back when another tab wipes the storage. Returns the way to stop. */
export function onWiped(storage: Storage, listener: () => void): () => void {
  return storage.subscribe(topic, listener);
}
