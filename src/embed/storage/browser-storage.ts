import { createStore, get, keys, promisifyRequest } from "idb-keyval";
import { clientId } from "../../core/delivery/client-id.ts";
import { withDeadline } from "../../core/delivery/deadlines.ts";
import type { Storage } from "../../core/delivery/storage.ts";

const answerMs = 5_000;

/** Between the tabs: a key has changed, or all keys with a prefix were removed; or a message on a topic. */
type ChannelMessage =
  | { readonly changed: string }
  | { readonly cleared: string }
  | { readonly topic: string; readonly message: unknown };

export interface BrowserStorage extends Storage {
  /** Starts to open the database, so that it is open by the first read. */
  open(): void;
  /** Stops all listeners. Running writes continue, and the other tabs are notified. */
  close(): void;
}

/**
 * IndexedDB, because it stores files and keeps writes through a browser crash (localStorage did not). Opened at first
 * use: nothing is stored on a page where nobody opens the widget. The tabs of a site notify each other over a channel,
 * and coordinate with Web Locks; without these (a page without https), each tab works alone.
 */
export function browserStorage(name: string): BrowserStorage {
  let opened: ReturnType<typeof createStore> | undefined;
  let channel: BroadcastChannel | undefined;
  let tab: string | undefined;
  const watchers = new Set<readonly [key: string, onChange: () => void]>();
  const listeners = new Set<readonly [topic: string, onMessage: (message: unknown) => void]>();
  let isClosed = false;
  const store = () => (opened ??= createStore(name, "values"));

  /** Undefined if the browser refuses: then each tab works alone. */
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

  /** If a message can't be sent, stored data is unaffected. */
  function post(message: ChannelMessage) {
    const to = isClosed ? openChannel() : ownChannel();
    try {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has none: it is the origin's own
      to?.postMessage(message);
    } catch {
      // As without a channel: each tab works alone.
    }
    if (isClosed) to?.close();
  }
  /** Durable when it resolves; then the other tabs are notified. */
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

  /** A database may hang for hours, which counts as a refusal. */
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
    async clear(...prefixes) {
      // In one transaction, so that no concurrent write survives.
      await inTime(() =>
        store()("readwrite", (values) => {
          for (const prefix of prefixes) values.delete(IDBKeyRange.bound(prefix, `${prefix}\uFFFF`));
          return promisifyRequest(values.transaction);
        }),
      );
      for (const prefix of prefixes) post({ cleared: prefix });
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
      // Absent if the page is not a secure context.
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
        // If the browser refuses locks or storage, the widget must still work.
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

/** A name that survives a reload. If the browser refuses to store it, each page has another one. */
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
