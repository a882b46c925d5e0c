/**
 * Where drafts, chosen files and unsent messages are kept. All tabs of a site share one storage, so that a page can keep it
 * in IndexedDB and a test in memory. Callers go on in memory when a storage fails: it must not stop the member.
 */
export interface Storage {
  /** Names this tab among those that share the storage; a reload keeps the name. */
  readonly tab: string;
  get(key: string): Promise<unknown>;
  /** All keys that begin with `prefix`. */
  keys(prefix: string): Promise<readonly string[]>;
  /** Values are structured-cloneable: a `File` may be among them. */
  set(key: string, value: unknown): Promise<void>;
  /** Reads, changes and writes in one step that no other tab comes between. An undefined result removes the key. */
  update(key: string, change: (stored: unknown) => unknown): Promise<void>;
  delete(key: string): Promise<void>;
  /** Removes every key that begins with `prefix`. */
  clear(prefix: string): Promise<void>;
  /** Calls back when another tab has changed the value of the key. Returns the way to stop. */
  watch(key: string, onChange: () => void): () => void;
  /** Sends a message to the other tabs, which is kept nowhere. Structured-cloneable. */
  publish(topic: string, message: unknown): void;
  /** Returns the way to stop. */
  subscribe(topic: string, onMessage: (message: unknown) => void): () => void;
  /**
   * Runs while no other tab runs something under the same name; waits for its turn. With `steal` it does not wait: the
   * other tab's call rejects, though what it runs goes on until it notices.
   */
  withLock<T>(name: string, signal: AbortSignal, run: () => Promise<T>, steal?: boolean): Promise<T>;
}

/** A storage without other tabs: nothing to watch, nobody to wait for. */
export function memoryStorage(): Storage {
  const values = new Map<string, unknown>();
  return {
    tab: "only",
    get: async (key) => values.get(key),
    keys: async (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)),
    set: async (key, value) => void values.set(key, value),
    update: async (key, change) => {
      const value = change(values.get(key));
      if (value === undefined) values.delete(key);
      else values.set(key, value);
    },
    delete: async (key) => void values.delete(key),
    clear: async (prefix) => {
      for (const key of values.keys()) if (key.startsWith(prefix)) values.delete(key);
    },
    watch: () => () => undefined,
    publish: () => undefined,
    subscribe: () => () => undefined,
    withLock: async (_name, _signal, run) => await run(),
  };
}

/**
 * The part of a storage that belongs to one person. From the moment that `left` aborts it writes nothing and says nothing,
 * also of a write that is under way: what a person leaves behind at sign-out stays wiped.
 */
export function scopedStorage(storage: Storage, scope: string, left: AbortSignal): Storage {
  const prefix = `${scope}/`;
  const unlessLeft = async (write: () => Promise<void>) => {
    left.throwIfAborted();
    await write();
  };
  const update: Storage["update"] = (key, change) =>
    unlessLeft(() => storage.update(prefix + key, (stored) => (left.aborted ? stored : change(stored))));
  return {
    tab: storage.tab,
    get: async (key) => {
      left.throwIfAborted();
      return await storage.get(prefix + key);
    },
    keys: async (rest) => (await storage.keys(prefix + rest)).map((key) => key.slice(prefix.length)),
    set: (key, value) => update(key, () => value),
    update,
    delete: (key) => unlessLeft(() => storage.delete(prefix + key)),
    clear: (rest) => unlessLeft(() => storage.clear(prefix + rest)),
    watch: (key, onChange) => storage.watch(prefix + key, () => !left.aborted && onChange()),
    publish: (topic, message) => {
      if (!left.aborted) storage.publish(prefix + topic, message);
    },
    subscribe: (topic, onMessage) =>
      storage.subscribe(prefix + topic, (message) => !left.aborted && onMessage(message)),
    withLock: (name, signal, run, steal) => storage.withLock(prefix + name, signal, run, steal),
  };
}
