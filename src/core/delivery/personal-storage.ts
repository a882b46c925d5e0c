import type { Storage } from "./storage.ts";

/** One person's part of a storage. */
export interface PersonalStorage extends Storage {
  /** Resolves when everything is written that was to be written. */
  settled(): Promise<void>;
}

/** A draft writes again as soon as a write has ended: only after so many quiet turns there is nothing more to come. */
const quietTurns = 20;

/**
 * The part of a storage that belongs to one person. From the moment that `revoked` aborts it writes nothing and says
 * nothing, also of a write that is under way: what a person leaves behind at sign-out stays wiped.
 */
export function scopedStorage(storage: Storage, scope: string, revoked: AbortSignal): PersonalStorage {
  const prefix = `${scope}/`;
  const writes = new Set<Promise<void>>();
  const unlessRevoked = async (write: () => Promise<void>) => {
    revoked.throwIfAborted();
    const writing = write();
    writes.add(writing);
    await writing.finally(() => writes.delete(writing));
  };
  const update: Storage["update"] = (key, change) =>
    unlessRevoked(() => storage.update(prefix + key, (stored) => (revoked.aborted ? stored : change(stored))));
  return {
    async settled() {
      for (let quiet = 0; quiet < quietTurns; quiet += 1) {
        if (writes.size > 0) quiet = 0;
        // oxlint-disable-next-line no-await-in-loop -- one turn after the other
        await Promise.allSettled(writes);
      }
    },
    tab: storage.tab,
    get: async (key) => {
      revoked.throwIfAborted();
      return await storage.get(prefix + key);
    },
    keys: async (rest) => (await storage.keys(prefix + rest)).map((key) => key.slice(prefix.length)),
    set: (key, value) => update(key, () => value),
    update,
    delete: (key) => unlessRevoked(() => storage.delete(prefix + key)),
    clear: (rest) => unlessRevoked(() => storage.clear(prefix + rest)),
    watch: (key, onChange) => storage.watch(prefix + key, () => !revoked.aborted && onChange()),
    publish: (topic, message) => {
      if (!revoked.aborted) storage.publish(prefix + topic, message);
    },
    subscribe: (topic, onMessage) =>
      storage.subscribe(prefix + topic, (message) => !revoked.aborted && onMessage(message)),
    withLock: (name, signal, run, steal) => storage.withLock(prefix + name, signal, run, steal),
  };
}
