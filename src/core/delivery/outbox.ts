import { effect, type ReadonlySignal, signal } from "@preact/signals-core";
import { type AdapterErrorCode, isAdapterError, isRetryable } from "../contract/errors.ts";
import type { Platform } from "../platform.ts";
import { waitToRetry } from "./retry.ts";
import type { Storage } from "./storage.ts";

export interface OutboxEntry<T> {
  readonly item: T;
  readonly state:
    | { readonly status: "waiting" }
    | { readonly status: "sending" }
    /** Not arrived yet; it goes on trying by itself. */
    | { readonly status: "retrying"; readonly code: AdapterErrorCode }
    /** Refused for good: only the member can mend it. */
    | {
        readonly status: "refused";
        readonly code: AdapterErrorCode;
        readonly fields?: Readonly<Record<string, string>>;
      };
}

export interface Outbox<T> {
  readonly entries: ReadonlySignal<readonly OutboxEntry<T>[]>;
  readonly loaded: Promise<void>;
  /** Resolves when the item is stored, not when it is sent. */
  add(item: T): Promise<void>;
  /** Tries at once, what was refused too. */
  retry(): void;
  remove(clientId: string): void;
}

export interface OutboxOptions<T, Result> {
  readonly platform: Platform;
  readonly storage: Storage;
  readonly key: string;
  send(item: T, signal: AbortSignal): Promise<Result>;
  onSent(item: T, result: Result): void;
  /** What is refused holds back what was written after it, in its own lane alone. @default one lane */
  lane?(item: T): string;
}

/** The tab where something was written sends it, and says so there; when it is gone for so long, another one does. */
const adoptMs = 10_000;

/**
 * Sends in order, one at a time, each until it has arrived or was refused, through reloads and lost networks. A retry
 * carries the same `clientId`, so that what did arrive unseen is not sent twice. Call it inside a model: disposing the
 * model stops it, and what was not sent waits in the storage.
 */
export function createOutbox<T extends { readonly clientId: string }, Result>(
  options: OutboxOptions<T, Result>,
): Outbox<T> {
  const { platform, storage, key } = options;
  const entries = signal<readonly OutboxEntry<T>[]>([]);
  const stopped = new AbortController();
  let wake = new AbortController();
  let running = false;
  /** Ids that stood in the storage: what is gone from there, another tab has sent. Ids that are done with here. */
  const known = new Set<string>();
  const done = new Set<string>();
  let writes = 0;
  let adopting: ReturnType<typeof setTimeout> | undefined;
  effect(() => () => {
    stopped.abort();
    clearTimeout(adopting);
  });
  effect(() =>
    storage.watch(key, () => {
      void stored().then(forgetSent);
      clearTimeout(adopting);
      adopting = setTimeout(() => void load(), adoptMs);
    }),
  );

  /** Each write changes one item alone: another tab may have more. */
  const store = (change: (items: readonly T[]) => readonly T[]) =>
    storage
      .update(key, (before) => {
        const items = change(asItems<T>(before));
        return items.length > 0 ? items : undefined;
      })
      .catch(() => undefined)
      .finally(() => (writes += 1));
  /** Undefined where the storage refuses. */
  async function stored(): Promise<readonly T[] | undefined> {
    for (;;) {
      const at = writes;
      // oxlint-disable-next-line no-await-in-loop -- what was read while something was written is not the newest
      const items = await storage.get(key).then(asItems<T>, () => undefined);
      if (at === writes) return items;
    }
  }
  const setState = (item: T, state: OutboxEntry<T>["state"]) => {
    entries.value = entries.peek().map((entry) => (entry.item === item ? { item, state } : entry));
  };
  const drop = async (id: string) => {
    done.add(id);
    entries.value = entries.peek().filter((entry) => entry.item.clientId !== id);
    await store((items) => items.filter((item) => item.clientId !== id));
  };

  /** The first that nothing refused stands before. */
  function next(): OutboxEntry<T> | undefined {
    const blocked = new Set<string>();
    return entries.peek().find(({ item, state }) => {
      const lane = options.lane?.(item) ?? "";
      if (state.status === "refused") blocked.add(lane);
      return !blocked.has(lane);
    });
  }

  /** What another tab or an earlier page has left, and away with what another tab has sent. */
  async function load() {
    const items = await stored();
    if (items) {
      forgetSent(items);
      const here = entries.peek();
      const added = items.filter(
        ({ clientId }) => !done.has(clientId) && !here.some(({ item }) => item.clientId === clientId),
      );
      for (const { clientId } of items) known.add(clientId);
      entries.value = [...added.map((item) => ({ item, state: { status: "waiting" } }) as const), ...here];
    }
    void run();
  }
  function forgetSent(items: readonly T[] | undefined) {
    if (!items) return;
    entries.value = entries.peek().filter(({ item, state }) => state.status === "sending" || !isGone(item, items));
  }
  const isGone = ({ clientId }: T, items: readonly T[]) =>
    known.has(clientId) && !items.some((item) => item.clientId === clientId);

  /** Inside the lock: what another tab has sent while this one waited is not sent again. */
  async function sendOnce(item: T) {
    const items = await stored();
    if (!items || !isGone(item, items)) options.onSent(item, await options.send(item, stopped.signal));
    await drop(item.clientId);
  }

  async function run() {
    if (running) return;
    running = true;
    let tries = 0;
    try {
      for (let entry = next(); entry && !stopped.signal.aborted; entry = next()) {
        const { item } = entry;
        setState(item, { status: "sending" });
        try {
          await storage.withLock(key, stopped.signal, () => sendOnce(item));
          tries = 0;
        } catch (error) {
          if (stopped.signal.aborted) return;
          const code = isAdapterError(error) ? error.code : "unknown";
          if (!isRetryable(error)) {
            const fields = isAdapterError(error) && error.fields;
            setState(item, { status: "refused", code, ...(fields && { fields }) });
            continue;
          }
          setState(item, { status: "retrying", code });
          tries += 1;
          await waitToRetry(platform, tries, error, stopped.signal, wake.signal);
        }
      }
    } catch {
      // Stopped while waiting: the storage keeps what is left.
    } finally {
      running = false;
    }
  }

  return {
    entries,
    loaded: load(),
    async add(item) {
      entries.value = [...entries.peek(), { item, state: { status: "waiting" } }];
      await store((items) => [...items, item]).then(() => known.add(item.clientId));
      void run();
    },
    retry() {
      for (const { item, state } of entries.peek()) {
        if (state.status === "refused") setState(item, { status: "waiting" });
      }
      wake.abort();
      wake = new AbortController();
      void run();
    },
    remove: (id) => void drop(id),
  };
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `store` has written
const asItems = <T>(stored: unknown) => (Array.isArray(stored) ? (stored as T[]) : []);
