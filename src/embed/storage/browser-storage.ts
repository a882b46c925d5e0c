import { clear, createStore, get, keys, promisifyRequest } from "idb-keyval";
import { clientId } from "../../core/delivery/client-id.ts";
import { withDeadline } from "../../core/delivery/deadlines.ts";
import type { Storage } from "../../core/delivery/storage.ts";

const answerMs = 5_000;

/** Between the tabs: a key has changed, or all that begin so were removed; or a message on a topic. */
type ChannelMessage =
  | { readonly changed: string }
  | { readonly cleared: string }
  | { readonly topic: string; readonly message: unknown };

export interface BrowserStorage extends Storage {
  /** Begins to open the database, so that it is open by the time when something is read. */
  open(): void;
  /** Nobody watches or listens any more. What is still being written is, and the other tabs hear of it. */
  close(): void;
}

/**
 * IndexedDB, since it takes files and keeps what was written through a crash of the browser (localStorage did not).
 * Opened at the first use: a page where nobody opens the widget has nothing stored. The tabs of a site tell each other
 * of changes over a channel, and wait for each other by Web Locks; where there are none (a page without https), each
 * tab does its own.
 */
export function browserStorage(name: string): BrowserStorage {
  let opened: ReturnType<typeof createStore> | undefined;
  let channel: BroadcastChannel | undefined;
  let tab: string | undefined;
  const watchers = new Set<readonly [key: string, onChange: () => void]>();
  const listeners = new Set<readonly [topic: string, onMessage: (message: unknown) => void]>();
  let isClosed = false;
  const store = () => (opened ??= createStore(name, "values"));

  /** Undefined where the browser refuses: then each tab is for itself. */
  function openChannel(): BroadcastChannel | undefined {
    try {
      return new BroadcastChannel(name);
    } catch {
      return undefined;
    }
  }

  function ownChannel(): BroadcastChannel | undefined {
    if (channel || isClosed) return channel;
    channel = openChannel();
    channel?.addEventListener("message", ({ data }: MessageEvent<ChannelMessage>) => {
      if ("changed" in data) for (const [key, onChange] of watchers) if (key === data.changed) onChange();
      if ("cleared" in data) for (const [key, onChange] of watchers) if (key.startsWith(data.cleared)) onChange();
      if ("topic" in data)
        for (const [topic, onMessage] of listeners) if (topic === data.topic) onMessage(data.message);
    });
    return channel;
  }

  /** A message that can't be sent loses nothing that is stored. */
  function post(message: ChannelMessage) {
    const to = isClosed ? openChannel() : ownChannel();
    try {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has none: it is the origin's own
      to?.postMessage(message);
    } catch {
      // As where there is no channel: each tab is for itself.
    }
    if (isClosed) to?.close();
  }
  /** Durable when it resolves, and then told to the other tabs. */
  async function update(key: string, change: (stored: unknown) => unknown) {
    await store()(
      "readwrite",
      (values) =>
        new Promise<void>((resolve, reject: (error: unknown) => void) => {
          const { transaction } = values;
          transaction.addEventListener("complete", () => resolve());
          transaction.addEventListener("abort", () => reject(transaction.error ?? new Error("aborted")));
          const read: IDBRequest<unknown> = values.get(key);
          read.addEventListener("success", () => {
            try {
              const value = change(read.result);
              if (value === undefined) values.delete(key);
              else values.put(value, key);
            } catch (error) {
              reject(error);
              transaction.abort();
            }
          });
        }),
    );
    post({ changed: key });
  }

  /** A database that hangs, as a browser's may for hours, is one that refuses. */
  const inTime = async <T>(run: () => Promise<T>) => await withDeadline(answerMs, new AbortController().signal, run);

  return {
    get tab() {
      return (tab ??= tabName());
    },
    keys: async (prefix) => (await inTime(() => keys(store()))).map(String).filter((key) => key.startsWith(prefix)),
    get: async (key): Promise<unknown> => await inTime(() => get(key, store())),
    set: async (key, value) => await inTime(() => update(key, () => value)),
    update: async (key, change) => await inTime(() => update(key, change)),
    delete: async (key) => await inTime(() => update(key, () => undefined)),
    async clear(prefix) {
      // In one transaction: nothing that is written meanwhile is left over.
      const remove = (values: IDBObjectStore) => {
        values.delete(IDBKeyRange.bound(prefix, `${prefix}\uFFFF`));
        return promisifyRequest(values.transaction);
      };
      await inTime(() => (prefix === "" ? clear(store()) : store()("readwrite", remove)));
      post({ cleared: prefix });
    },
    watch(key, onChange) {
      const watcher = [key, onChange] as const;
      ownChannel();
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    publish: (topic, message) => post({ topic, message }),
    subscribe(topic, onMessage) {
      const listener = [topic, onMessage] as const;
      ownChannel();
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async withLock(lock, signal, run, steal = false) {
      // Absent where the page is not a secure context.
      const locks = navigator.locks as LockManager | undefined;
      if (!locks) return await run();
      let started = false;
      const held = () => {
        started = true;
        return run();
      };
      try {
        return await locks.request(`${name}/${lock}`, steal ? { steal } : { signal }, held);
      } catch (error) {
        // A browser that refuses to lock, as one that refuses to store, must not keep the member from help.
        if (started || signal.aborted) throw error;
        return await run();
      }
    },
    open: () => void inTime(async () => await keys(store())).catch(() => undefined),
    close() {
      isClosed = true;
      channel?.close();
      channel = undefined;
      watchers.clear();
      listeners.clear();
    },
  };
}

const tabKey = "podpora:tab";

/** A name that a reload keeps. Where the browser refuses to store, each page has another one. */
function tabName(): string {
  const fresh = clientId();
  try {
    const stored = sessionStorage.getItem(tabKey);
    if (stored === null) sessionStorage.setItem(tabKey, fresh);
    return stored ?? fresh;
  } catch {
    return fresh;
  }
}
