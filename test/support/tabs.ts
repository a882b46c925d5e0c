import type { Storage } from "../../src/core/delivery/storage.ts";

/** Whose turn it is, in a queue for a lock. */
interface Turn {
  start(): void;
  end(): void;
  robbed(): void;
}

export interface Tab extends Storage {
  /** As a phone does it with a tab in the background: it says and hears nothing, and keeps what it holds. */
  sleep(asleep?: boolean): void;
}

/** One browser's storage as each of its tabs has it: what one writes, the others hear of; one at a time where it is asked for. */
export function tabs() {
  const values = new Map<string, unknown>();
  const watchers = new Set<{ readonly tab: object; readonly key: string; readonly onChange: () => void }>();
  const listeners = new Set<{ tab: object; topic: string; onMessage: (message: unknown) => void }>();
  const queues = new Map<string, { held: Turn | undefined; readonly waiting: Turn[] }>();
  const asleep = new Set<object>();
  let opened = 0;

  return function openTab(): Tab {
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
    opened += 1;
    return {
      tab: `tab-${opened}`,
      keys: async (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)),
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
      publish(topic, message) {
        if (asleep.has(tab)) return;
        for (const listener of listeners)
          if (listener.tab !== tab && listener.topic === topic && !asleep.has(listener.tab))
            listener.onMessage(message);
      },
      subscribe(topic, onMessage) {
        const listener = { tab, topic, onMessage };
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      withLock<T>(name: string, signal: AbortSignal, run: () => Promise<T>, steal = false): Promise<T> {
        const queue = queues.get(name) ?? { held: undefined, waiting: [] };
        queues.set(name, queue);
        return new Promise<T>((resolve, reject) => {
          const turn: Turn = {
            start() {
              queue.held = turn;
              run()
                .then(resolve, reject)
                .finally(() => turn.end());
            },
            end() {
              if (queue.held !== turn) return;
              queue.held = undefined;
              queue.waiting.shift()?.start();
            },
            robbed: () => reject(new DOMException("stolen", "AbortError")),
          };
          if (steal) {
            queue.held?.robbed();
            turn.start();
          } else if (queue.held) {
            queue.waiting.push(turn);
            signal.addEventListener("abort", () => {
              if (!queue.waiting.includes(turn)) return;
              queue.waiting.splice(queue.waiting.indexOf(turn), 1);
              reject(new DOMException("aborted", "AbortError"));
            });
          } else turn.start();
        });
      },
      sleep(now = true) {
        if (now) asleep.add(tab);
        else asleep.delete(tab);
      },
    };
  };
}
