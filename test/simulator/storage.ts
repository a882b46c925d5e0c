import type { Storage } from "../../src/core/delivery/storage.ts";
import type { VirtualClock } from "./clock.ts";

interface Turn {
  start(): void;
  end(): void;
  robbed(): void;
}

export interface SimulatedTab extends Storage {
  /** A suspended tab neither writes nor sends nor receives; pending notifications are delivered when it wakes. */
  suspend(): void;
  wake(): void;
  close(): void;
}

/** One browser's storage, shared by its tabs, with realistic delays of IndexedDB, channels and locks. */
export function simulateStorage(clock: VirtualClock, random: () => number) {
  const values = new Map<string, unknown>();
  const watchers = new Set<{ readonly tab: Tab; readonly key: string; readonly onChange: () => void }>();
  const listeners = new Set<{ readonly tab: Tab; readonly topic: string; onMessage(message: unknown): void }>();
  const locks = new Map<string, { held: Turn | undefined; readonly waiting: Turn[] }>();
  const pace = { slow: false };

  interface Tab {
    isAsleep: boolean;
    isClosed: boolean;
    readonly missed: (() => void)[];
    readonly held: Set<Turn>;
    awake: Promise<void>;
    wake: () => void;
  }

  /** IndexedDB runs transactions in order, each taking a few milliseconds. */
  let last: Promise<void> = Promise.resolve();
  function transaction<T>(tab: Tab, work: () => T): Promise<T> {
    // A suspended or closed tab's transaction does not block those of other tabs.
    const turn = tab.isAsleep ? tab.awake : last;
    const started = turn.then(async () => await clock.sleep((pace.slow ? 60 : 1) + Math.floor(random() * 4)));
    if (!tab.isAsleep) last = started;
    return started.then(async () => {
      while (tab.isAsleep) await tab.awake;
      if (tab.isClosed) return await new Promise<never>(() => undefined);
      return work();
    });
  }
  function deliver(tab: Tab, call: () => void) {
    if (tab.isClosed) return;
    if (tab.isAsleep) tab.missed.push(call);
    else void clock.sleep(1).then(() => (tab.isAsleep ? tab.missed.push(call) : !tab.isClosed && call()));
  }

  return {
    values,
    /** Delays everything, as on a busy device. */
    pace,
    openTab(name: string): SimulatedTab {
      const tab: Tab = {
        isAsleep: false,
        isClosed: false,
        missed: [],
        held: new Set(),
        awake: Promise.resolve(),
        wake: () => undefined,
      };
      const tell = (key: string) => {
        for (const { tab: other, key: watched, onChange } of watchers) {
          if (other !== tab && watched.startsWith(key)) deliver(other, onChange);
        }
      };
      const update: Storage["update"] = (key, change) =>
        transaction(tab, () => {
          const value = change(structuredCopy(values.get(key)));
          if (value === undefined) values.delete(key);
          else values.set(key, structuredCopy(value));
          tell(key);
        });
      return {
        tab: name,
        get: (key) => transaction(tab, () => structuredCopy(values.get(key))),
        keys: (prefix) => transaction(tab, () => [...values.keys()].filter((key) => key.startsWith(prefix))),
        set: (key, value) => update(key, () => value),
        update,
        delete: (key) => update(key, () => undefined),
        clear: (...prefixes) =>
          transaction(tab, () => {
            for (const key of values.keys()) if (prefixes.some((prefix) => key.startsWith(prefix))) values.delete(key);
            prefixes.forEach(tell);
          }),
        watch(key, onChange) {
          const watcher = { tab, key, onChange };
          watchers.add(watcher);
          return () => void watchers.delete(watcher);
        },
        publish(topic, message) {
          if (tab.isClosed) return;
          const copy = structuredCopy(message);
          const send = () => {
            for (const listener of listeners) {
              if (listener.tab === tab || listener.topic !== topic) continue;
              deliver(listener.tab, () => listeners.has(listener) && listener.onMessage(copy));
            }
          };
          if (tab.isAsleep) tab.missed.push(send);
          else send();
        },
        subscribe(topic, onMessage) {
          const listener = { tab, topic, onMessage };
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
        withLock<T>(name_: string, signal: AbortSignal, run: () => Promise<T>, steal = false): Promise<T> {
          const lock = locks.get(name_) ?? { held: undefined, waiting: [] };
          locks.set(name_, lock);
          return new Promise<T>((resolve, reject) => {
            const turn: Turn = {
              start() {
                lock.held = turn;
                tab.held.add(turn);
                run()
                  .then(resolve, reject)
                  .finally(() => turn.end());
              },
              end() {
                tab.held.delete(turn);
                if (lock.held !== turn) return;
                lock.held = undefined;
                lock.waiting.shift()?.start();
              },
              robbed: () => reject(new DOMException("stolen", "AbortError")),
            };
            if (signal.aborted) return reject(signal.reason);
            if (steal) {
              lock.held?.robbed();
              turn.start();
            } else if (lock.held) {
              lock.waiting.push(turn);
              signal.addEventListener("abort", () => {
                if (!lock.waiting.includes(turn)) return;
                lock.waiting.splice(lock.waiting.indexOf(turn), 1);
                reject(signal.reason);
              });
            } else turn.start();
          });
        },
        suspend() {
          tab.isAsleep = true;
          tab.awake = new Promise((resolve) => (tab.wake = resolve));
        },
        wake() {
          tab.isAsleep = false;
          for (const call of tab.missed.splice(0)) call();
          tab.wake();
        },
        /** The browser releases its locks, listeners and watchers. */
        close() {
          tab.isClosed = true;
          tab.wake();
          for (const set of [watchers, listeners]) for (const one of set) if (one.tab === tab) set.delete(one as never);
          for (const turn of tab.held) turn.end();
        },
      };
    },
  };
}

/** Files are kept as they are: Node's structured clone turns them into plain objects. */
function structuredCopy(value: unknown): unknown {
  if (value instanceof File || value instanceof Blob) return value;
  if (Array.isArray(value)) return value.map(structuredCopy);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, structuredCopy(each)]));
  }
  return value;
}
