import type { Storage } from "../../src/core/storage.ts";

/** One browser's storage as each of its tabs has it: what one writes, the others hear of; one at a time where it is asked for. */
export function tabs() {
  const values = new Map<string, unknown>();
  const watchers = new Set<{ readonly tab: object; readonly key: string; readonly onChange: () => void }>();
  const listeners = new Set<{ tab: object; topic: string; onMessage: (message: unknown) => void }>();
  const queues = new Map<string, Promise<unknown>>();

  return function openTab(): Storage {
    const tab = {};
    const tell = (key: string) => {
      for (const watcher of watchers) if (watcher.tab !== tab && watcher.key.startsWith(key)) watcher.onChange();
    };
    const update: Storage["update"] = async (key, change) => {
      const value = change(values.get(key));
      if (value === undefined) values.delete(key);
      else values.set(key, structuredClone(value));
      tell(key);
    };
    return {
      get: async (key) => structuredClone(values.get(key)),
      set: (key, value) => update(key, () => value),
      update,
      delete: (key) => update(key, () => undefined),
      clear: async (prefix) => {
        for (const key of values.keys()) if (key.startsWith(prefix)) values.delete(key);
        tell(prefix);
      },
      watch(key, onChange) {
        const watcher = { tab, key, onChange };
        watchers.add(watcher);
        return () => void watchers.delete(watcher);
      },
      say(topic, message) {
        for (const listener of listeners)
          if (listener.tab !== tab && listener.topic === topic) listener.onMessage(message);
      },
      hear(topic, onMessage) {
        const listener = { tab, topic, onMessage };
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      async exclusively(name, signal, run) {
        const before = queues.get(name) ?? Promise.resolve();
        const mine = before.then(() => {
          signal.throwIfAborted();
          return run();
        });
        queues.set(
          name,
          mine.catch(() => undefined),
        );
        return await mine;
      },
    };
  };
}
