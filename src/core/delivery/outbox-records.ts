import type { OutboxItem, OutboxRecord, Refused } from "./outbox-entry.ts";
import { isSame } from "./rebase.ts";
import type { Storage } from "./storage.ts";

export interface OutboxRecords<T> {
  /** Undefined if the storage refuses. */
  read(): Promise<readonly OutboxRecord<T>[] | undefined>;
  /** Whether this entry was stored at any time that this tab knows of. */
  wasStored(id: string): boolean;
  /** Returns a different entry that another tab has already stored with this id, if any. */
  add(item: T, files: readonly string[]): Promise<OutboxRecord<T> | undefined>;
  /**
   * Records that it is being sent, with the token of `as`. `gone`: another tab has sent or taken it, or it belongs to
   * another person by now. `uncertain`: it was sent with another token, and may have arrived.
   */
  begin(id: string, as: string | undefined): Promise<"ready" | "gone" | "uncertain">;
  remove(id: string): Promise<void>;
  /** Like `remove`, with a replacement. False if it is gone: another tab has sent or replaced it. */
  replace(id: string, item: T): Promise<boolean>;
  refuse(id: string, refused: Refused): Promise<void>;
  /** The record in messages between tabs. */
  of(item: T, files: readonly string[]): OutboxRecord<T>;
  /** This tab is done with this entry. False the second time. */
  finish(id: string): boolean;
}

/** The number of remembered ids of finished entries, so that an older read does not bring them back. */
const rememberedAtMost = 500;

/** The stored entries of one outbox. Each write changes a single entry: another tab may have more. */
export function createRecords<T extends OutboxItem>(storage: Storage, key: string): OutboxRecords<T> {
  const finished = new Set<string>();
  const seen = new Set<string>();
  const tabs = new Map<string, string>();
  let writes = 0;

  /** An empty list is kept. If it is missing although something was stored, the browser has cleared its storage. */
  function recordsIn(stored: unknown): readonly OutboxRecord<T>[] {
    if (stored === undefined) seen.clear();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `write` has written
    return Array.isArray(stored) ? (stored as OutboxRecord<T>[]) : [];
  }

  async function write(change: (records: readonly OutboxRecord<T>[]) => readonly OutboxRecord<T>[]): Promise<void> {
    try {
      await storage.update(key, (before) => {
        const after = change(recordsIn(before));
        return before === undefined && after.length === 0 ? undefined : after;
      });
    } finally {
      writes += 1;
    }
  }
  const quietly = (promise: Promise<void>) => promise.catch(() => undefined);
  const isOf = (id: string) => (record: OutboxRecord<T>) => record.item.clientId === id;

  return {
    async read() {
      for (;;) {
        const at = writes;
        // oxlint-disable-next-line no-await-in-loop -- what was read while something was written is not the newest
        const records = await storage.get(key).then(recordsIn, () => undefined);
        if (at !== writes) continue;
        for (const { item, tab } of records ?? []) {
          seen.add(item.clientId);
          tabs.set(item.clientId, tab);
        }
        return records?.filter(({ item }) => !finished.has(item.clientId));
      }
    },
    wasStored: (id) => seen.has(id),
    async add(item, files) {
      const record = { item, files, tab: storage.tab };
      let other: OutboxRecord<T> | undefined;
      await quietly(
        write((records) => {
          other = records.find(isOf(item.clientId));
          // Another tab has sent it meanwhile.
          return other || finished.has(item.clientId) ? records : [...records, record];
        }).then(() => void seen.add(item.clientId)),
      );
      return other && !isSame([other.item, other.files], [item, files]) ? other : undefined;
    },
    async begin(id, as) {
      let outcome: "ready" | "gone" | "uncertain" = "ready";
      await quietly(
        write((records) => {
          const record = records.find(isOf(id));
          if (!record) outcome = seen.has(id) ? "gone" : "ready";
          else if (record.tried !== undefined && record.tried !== as) outcome = "uncertain";
          if (outcome !== "ready" || as === undefined) return records;
          return records.map((each) => (each === record ? { ...each, tried: as } : each));
        }),
      );
      return outcome;
    },
    async remove(id) {
      await quietly(write((records) => records.filter((record) => !isOf(id)(record))));
      seen.delete(id);
      tabs.delete(id);
    },
    async replace(id, item) {
      let was = true;
      tabs.set(item.clientId, storage.tab);
      await quietly(
        write((records) => {
          was = records.some(isOf(id)) || !seen.has(id);
          return records.map((record) => (isOf(id)(record) ? { item, files: record.files, tab: storage.tab } : record));
        }),
      );
      return was;
    },
    refuse: (id, refused) =>
      quietly(write((records) => records.map((record) => (isOf(id)(record) ? { ...record, refused } : record)))),
    of: (item, files) => ({ item, files, tab: tabs.get(item.clientId) ?? storage.tab }),
    finish(id) {
      if (finished.has(id)) return false;
      finished.add(id);
      const [oldest] = finished;
      if (finished.size > rememberedAtMost && oldest !== undefined) finished.delete(oldest);
      return true;
    },
  };
}
