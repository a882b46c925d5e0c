import type { Storage } from "../delivery/storage.ts";
import { tokenKey } from "./token-store.ts";

/** What the storage holds of people; the rest is the browser's, such as its language. */
const personal = [tokenKey, "member:", "guest/", "upload/", "alerted"];

/** Removes what this browser holds of anybody. A storage that refuses holds nothing. */
export async function wipe(storage: Storage): Promise<void> {
  await Promise.all(personal.map((prefix) => storage.clear(prefix).catch(() => undefined)));
}
