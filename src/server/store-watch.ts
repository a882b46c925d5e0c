import { isStoreError, OUTCOME_PREFIX, type SharedStore, type StoreError } from "../gateway/index.ts";
import { sayable, type Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";

export interface StoreWatch {
  /** The same store, with each call counted and timed. */
  readonly store: SharedStore;
  /** A fault of the store's: each is told in the log when it begins, then once a minute. */
  readonly fault: (error: StoreError) => void;
  readonly stop: () => void;
}

export interface StoreWatchOptions {
  readonly store: (onError: (error: StoreError) => void) => SharedStore;
  readonly log: Log;
  readonly metrics: Metrics;
}

const AGAIN_MS = 60_000;
/** While it is away, so that its end is known though nobody asks. */
const PROBE_MS = 2000;
/** A full server and a replica still read and publish, and limits are kept without it: what these prove is that it takes writes. */
const proofs = ["ping", "set", "setIfAbsent"];

/** While a store is away each request fails by it: a line for each would bury what else happens. */
export function watchStore({ log, metrics, store: open }: StoreWatchOptions): StoreWatch {
  /** Since when, and when each fault of this time was told last: one that reconnects changes between two. */
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
    subscribe: (...given) => store.subscribe(...given),
    ...(store.ping === undefined ? {} : { ping: async () => await timed("ping", async () => await store.ping?.()) }),
  };
  return { store: watched, fault, stop: () => clearInterval(away?.probe) };
}
