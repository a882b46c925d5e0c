import { effect, type ReadonlySignal, signal } from "@preact/signals-core";
import { type AdapterErrorCode, isAdapterError, isRetryable } from "./errors.ts";
import type { Platform } from "./platform.ts";
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
  effect(() => () => stopped.abort());

  const store = () =>
    storage
      .set(
        key,
        entries.peek().map((entry) => entry.item),
      )
      .catch(() => undefined);
  const setState = (item: T, state: OutboxEntry<T>["state"]) => {
    entries.value = entries.peek().map((entry) => (entry.item === item ? { item, state } : entry));
  };
  const drop = (id: string) => {
    entries.value = entries.peek().filter((entry) => entry.item.clientId !== id);
    void store();
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

  async function load() {
    const stored = await storage.get(key).catch(() => undefined);
    if (Array.isArray(stored)) {
      const known = new Set(entries.peek().map((entry) => entry.item.clientId));
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `store` below has written
      const earlier = (stored as T[]).filter((item) => !known.has(item.clientId));
      entries.value = [...earlier.map((item) => ({ item, state: { status: "waiting" } }) as const), ...entries.peek()];
    }
    void run();
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
          const result = await options.send(item, stopped.signal);
          tries = 0;
          options.onSent(item, result);
          drop(item.clientId);
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
      await store();
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
    remove: drop,
  };
}
