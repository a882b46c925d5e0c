/**
 * Where drafts, chosen files and unsent messages wait. One storage for all tabs of a site, so that a page can keep it in
 * IndexedDB, a test in memory. A storage that fails must not stop the member: callers go on in memory.
 */
export interface Storage {
  get(key: string): Promise<unknown>;
  /** Values are structured-cloneable: a `File` may be among them. */
  set(key: string, value: unknown): Promise<void>;
  /** Reads, changes and writes in one step that no other tab comes between. An undefined result takes the key out. */
  update(key: string, change: (stored: unknown) => unknown): Promise<void>;
  delete(key: string): Promise<void>;
  /** Removes every key that begins with `prefix`. */
  clear(prefix: string): Promise<void>;
  /** Calls back when another tab has changed what stands under the key. Gives the way to stop. */
  watch(key: string, onChange: () => void): () => void;
  /** Says something to the other tabs, which is kept nowhere. Structured-cloneable. */
  publish(topic: string, message: unknown): void;
  subscribe(topic: string, onMessage: (message: unknown) => void): () => void;
  /**
   * Runs while no other tab runs something under the same name; waits for its turn. With `steal` it does not wait: the
   * other's call rejects, though what it runs goes on until it is told.
   */
  withLock<T>(name: string, signal: AbortSignal, run: () => Promise<T>, steal?: boolean): Promise<T>;
}

/** Without other tabs: nobody to watch, nobody to wait for. */
export function memoryStorage(): Storage {
  const values = new Map<string, unknown>();
  return {
    get: async (key) => values.get(key),
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

/** The part of a storage that belongs to one member. */
export function scopedStorage(storage: Storage, scope: string): Storage {
  const prefix = `${scope}/`;
  return {
    get: (key) => storage.get(prefix + key),
    set: (key, value) => storage.set(prefix + key, value),
    update: (key, change) => storage.update(prefix + key, change),
    delete: (key) => storage.delete(prefix + key),
    clear: (rest) => storage.clear(prefix + rest),
    watch: (key, onChange) => storage.watch(prefix + key, onChange),
    publish: (topic, message) => storage.publish(prefix + topic, message),
    subscribe: (topic, onMessage) => storage.subscribe(prefix + topic, onMessage),
    withLock: (name, signal, run, steal) => storage.withLock(prefix + name, signal, run, steal),
  };
}
