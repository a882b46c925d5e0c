import type { Storage } from "../delivery/storage.ts";

/** Which guests of this browser have become which member at the desk, by the subject of the guest's token. */
export type MergedGuests = Readonly<Record<string, string>>;

export const mergedKey = "merged";
/** One browser has few guests, and their items are being sent for minutes. */
const rememberedAtMost = 20;

export async function mergedGuests(storage: Storage): Promise<MergedGuests> {
  return asGuests(await storage.get(mergedKey).catch(() => undefined));
}

/** `name`: the member's part of the storage. */
export async function noteMerged(storage: Storage, guest: string, name: string): Promise<void> {
  await storage
    .update(mergedKey, (stored) => {
      const { [guest]: _, ...others } = asGuests(stored);
      return Object.fromEntries([...Object.entries(others), [guest, name]].slice(-rememberedAtMost));
    })
    .catch(() => undefined);
}

const asGuests = (stored: unknown): MergedGuests =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `noteMerged` has stored
  typeof stored === "object" && stored !== null ? (stored as MergedGuests) : {};
