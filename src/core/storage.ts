/**
 * Where drafts, chosen files and unsent messages wait. Three operations and a sweep, so that a page can keep them in
 * IndexedDB, a test in memory. A storage that fails must not stop the member: callers go on in memory.
 */
export interface Storage {
  get(key: string): Promise<unknown>;
  /** Values are structured-cloneable: a `File` may be among them. */
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
  /** Removes every key that begins with `prefix`. */
  clear(prefix: string): Promise<void>;
}

export function memoryStorage(): Storage {
  const values = new Map<string, unknown>();
  return {
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
    clear: async (prefix) => {
      for (const key of values.keys()) if (key.startsWith(prefix)) values.delete(key);
    },
  };
}

/** The part of a storage that belongs to one member. */
export function scopedStorage(storage: Storage, scope: string): Storage {
  const prefix = `${scope}/`;
  return {
    get: (key) => storage.get(prefix + key),
    set: (key, value) => storage.set(prefix + key, value),
    delete: (key) => storage.delete(prefix + key),
    clear: (rest) => storage.clear(prefix + rest),
  };
}
