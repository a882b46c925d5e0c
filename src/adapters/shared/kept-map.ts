export interface KeptMap<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
}

/** Keeps each value for `forMs` milliseconds, and of more than `most` the newest. */
export function createKeptMap<V>(most: number, forMs: number): KeptMap<V> {
  const kept = new Map<string, { readonly value: V; readonly until: number }>();
  return {
    get(key) {
      const entry = kept.get(key);
      return entry !== undefined && entry.until > performance.now() ? entry.value : undefined;
    },
    set(key, value) {
      kept.delete(key);
      const [oldest] = kept.keys();
      if (kept.size >= most && oldest !== undefined) kept.delete(oldest);
      kept.set(key, { value, until: performance.now() + forMs });
    },
    delete: (key) => void kept.delete(key),
  };
}
