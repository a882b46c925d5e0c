import type { Storage } from "./storage.ts";

/** One person's part of a storage. */
export interface PersonalStorage extends Storage {
  /** Resolves when all pending writes are done. */
  settled(): Promise<void>;
}

/** A draft may write again as soon as a write has ended: only after this many quiet turns nothing more follows. */
const quietTurns = 20;

/**
 * The part of a storage that belongs to one person. Once `revoked` aborts it writes and sends nothing, including
 * running writes: data wiped at sign-out stays wiped.
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
    clear: (...rest) => unlessRevoked(() => storage.clear(...rest.map((each) => prefix + each))),
    watch: (key, onChange) => storage.watch(prefix + key, () => !revoked.aborted && onChange()),
    publish: (topic, message) => {
      if (!revoked.aborted) storage.publish(prefix + topic, message);
    },
    subscribe: (topic, onMessage) =>
      storage.subscribe(prefix + topic, (message) => !revoked.aborted && onMessage(message)),
    withLock: (name, signal, run, steal) => storage.withLock(prefix + name, signal, run, steal),
  };
}
