import { cloneOf } from "./clone.ts";
import { memoryLocks } from "./memory-locks.ts";

/**
 * Stores drafts, chosen files and unsent messages. All tabs of a site share one storage, so that a page can keep it in
 * IndexedDB and a test in memory. If a storage fails, callers continue in memory: it must not stop the member.
 */
export interface Storage {
  /** Identifies this tab among those that share the storage; survives a reload. */
  readonly tab: string;
  get(key: string): Promise<unknown>;
  /** All keys that begin with `prefix`. */
  keys(prefix: string): Promise<readonly string[]>;
  /** Values are structured-cloneable, including `File`s. */
  set(key: string, value: unknown): Promise<void>;
  /** Reads, changes and writes atomically across tabs. An undefined result removes the key. */
  update(key: string, change: (stored: unknown) => unknown): Promise<void>;
  delete(key: string): Promise<void>;
  /** Removes every key with one of these prefixes, atomically. */
  clear(...prefixes: readonly string[]): Promise<void>;
  /** Calls back when another tab has changed the value of exactly this key. Returns a function that stops it. */
  watch(key: string, onChange: () => void): () => void;
  /** Sends a message to the other tabs; it is not stored. Structured-cloneable. */
  publish(topic: string, message: unknown): void;
  /** Returns a function that stops it. */
  subscribe(topic: string, onMessage: (message: unknown) => void): () => void;
  /**
   * Runs while no other tab runs under the same name; waits for its turn. With `steal` it does not wait: the other
   * tab's call rejects, although its work continues until it notices.
   */
  withLock<T>(name: string, signal: AbortSignal, run: () => Promise<T>, steal?: boolean): Promise<T>;
}

/** One browser's storage in memory: each call returns it as seen by another tab. */
export function memoryTabs(): () => Storage {
  const values = new Map<string, unknown>();
  const watchers = new Set<{ readonly tab: string; readonly key: string; readonly onChange: () => void }>();
  const listeners = new Set<{ tab: string; topic: string; onMessage: (message: unknown) => void }>();
  const locks = memoryLocks();
  let opened = 0;

  return function openTab() {
    opened += 1;
    const tab = `tab-${opened}`;
    function notify(isChanged: (key: string) => boolean) {
      for (const watcher of watchers) if (watcher.tab !== tab && isChanged(watcher.key)) watcher.onChange();
    }
    const update: Storage["update"] = async (key, change) => {
      const value = cloneOf(change(cloneOf(values.get(key))));
      if (value === undefined) values.delete(key);
      else values.set(key, value);
      notify((watched) => watched === key);
    };
    const keysFrom = (prefix: string) => [...values.keys()].filter((key) => key.startsWith(prefix));
    return {
      tab,
      get: async (key) => cloneOf(values.get(key)),
      keys: async (prefix) => keysFrom(prefix),
      set: (key, value) => update(key, () => value),
      update,
      delete: (key) => update(key, () => undefined),
      async clear(...prefixes) {
        for (const key of prefixes.flatMap(keysFrom)) values.delete(key);
        notify((watched) => prefixes.some((prefix) => watched.startsWith(prefix)));
      },
      watch: (key, onChange) => added(watchers, { tab, key, onChange }),
      publish(topic, message) {
        for (const each of listeners) if (each.tab !== tab && each.topic === topic) each.onMessage(cloneOf(message));
      },
      subscribe: (topic, onMessage) => added(listeners, { tab, topic, onMessage }),
      withLock: (name, signal, run, steal = false) => locks.request(name, signal, run, steal),
    };
  };
}

/** Returns a function that removes it. */
function added<T>(all: Set<T>, one: T): () => void {
  all.add(one);
  return () => void all.delete(one);
}

/** A storage of a single tab: there are no other tabs to watch. */
export function memoryStorage(): Storage {
  return memoryTabs()();
}
