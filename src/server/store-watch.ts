import { isStoreError, OUTCOME_PREFIX, type SharedStore, type StoreError } from "../gateway/index.ts";
import { sayable, type Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";

export interface StoreWatch {
  /** The same store with counted and timed calls. */
  readonly store: SharedStore;
  /** Reports a store error. Each kind is logged when it starts, then once a minute. */
  readonly fault: (error: StoreError) => void;
  readonly stop: () => void;
}

export interface StoreWatchOptions {
  readonly store: (onError: (error: StoreError) => void) => SharedStore;
  readonly log: Log;
  readonly metrics: Metrics;
}

const AGAIN_MS = 60_000;
/** Probes while the store is down, so that recovery is noticed without traffic. */
const PROBE_MS = 2000;
/**
 * A full Redis or a replica still reads and publishes, and rate limits tolerate failures. These calls prove that it
 * accepts writes.
 */
const proofs = ["ping", "set", "setIfAbsent"];

/** Logs outages instead of each failed call, which would flood the log. */
export function watchStore({ log, metrics, store: open }: StoreWatchOptions): StoreWatch {
  /** When the outage began, and when each fault was last logged: a reconnecting store alternates between two. */
  let away: ReturnType<typeof begun> | undefined;

  function fault(error: StoreError): void {
    const now = Date.now();
    away ??= begun(now);
    if (now - (away.told.get(error.fault) ?? -Infinity) < AGAIN_MS) return;
    away.told.set(error.fault, now);
    metrics.storeUp(false);
    log.error({ ...sayable(error), what: "store" }, "store away");
  }

  function begun(since: number) {
    const probe = setInterval(() => void watched.ping?.().catch(() => undefined), PROBE_MS);
    probe.unref();
    return { since, told: new Map<string, number>(), probe };
  }

  function back(): void {
    if (away === undefined) return;
    clearInterval(away.probe);
    metrics.storeUp(true);
    log.info({ what: "store", ms: Date.now() - away.since }, "store back");
    away = undefined;
  }

  const store = open(fault);

  async function timed<T>(call: string, run: () => Promise<T>): Promise<T> {
    const started = performance.now();
    let outcome = "ok";
    try {
      const answer = await run();
      if (proofs.includes(call)) back();
      return answer;
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      outcome = isStoreError(cause) ? cause.fault : "failed";
      if (isStoreError(cause)) fault(cause);
      throw error;
    } finally {
      metrics.store(call, outcome, (performance.now() - started) / 1000);
    }
  }

  const watched: SharedStore = {
    async setIfAbsent(key, value, ttlMs) {
      const before = await timed("setIfAbsent", async () => await store.setIfAbsent(key, value, ttlMs));
      if (before !== undefined && key.startsWith(OUTCOME_PREFIX)) metrics.replay();
      return before;
    },
    set: async (...given) => await timed("set", async () => await store.set(...given)),
    get: async (...given) => await timed("get", async () => await store.get(...given)),
    delete: async (...given) => await timed("delete", async () => await store.delete(...given)),
    take: async (...given) => await timed("take", async () => await store.take(...given)),
    publish: async (...given) => await timed("publish", async () => await store.publish(...given)),
    feeds: {
      lead: async (...given) => await timed("feed-lead", async () => await store.feeds.lead(...given)),
      resign: async (...given) => await timed("feed-resign", async () => await store.feeds.resign(...given)),
      place: async (...given) => await timed("feed-place", async () => await store.feeds.place(...given)),
      append: async (...given) => await timed("feed-append", async () => await store.feeds.append(...given)),
      forget: async (...given) => await timed("feed-forget", async () => await store.feeds.forget(...given)),
      log: async (...given) => await timed("feed-log", async () => await store.feeds.log(...given)),
    },
    subscribe: (...given) => store.subscribe(...given),
    ...(store.ping === undefined ? {} : { ping: async () => await timed("ping", async () => await store.ping?.()) }),
  };
  return { store: watched, fault, stop: () => clearInterval(away?.probe) };
}
