import type { Platform } from "../platform.ts";
import type { Storage } from "./storage.ts";

export interface LeaseOptions {
  readonly platform: Platform;
  /** All tabs that share it compete for the lease. */
  readonly storage: Storage;
  readonly name: string;
  readonly signal: AbortSignal;
}

/** The holder renews the lease at this interval. */
const aliveMs = 10_000;
/** A suspended tab keeps its Web Lock. If the holder is silent for this long, another tab steals the lock. */
const silenceMs = 25_000;
const lookMs = 5_000;

type Word = "alive" | "anyone?";

/**
 * Runs in one tab at a time, for all work that a single tab does for the others. Waits for the lease, or takes it from
 * a silent holder. `held` aborts when another tab has taken it, or when `signal` aborts; then the caller waits for its
 * next turn. Resolves with the result of `run` while it held the lease; rejects with its error, or with the reason of
 * `signal`.
 */
export async function withLease<T>(options: LeaseOptions, run: (held: AbortSignal) => Promise<T>): Promise<T> {
  const { storage, name, signal } = options;
  const topic = `lease/${name}`;
  let steal = false;
  for (;;) {
    signal.throwIfAborted();
    const lost = new AbortController();
    const holder = watchHolder(options, topic);
    let failed: { readonly error: unknown } | undefined;
    try {
      // oxlint-disable-next-line no-await-in-loop -- one turn after the other
      return await storage.withLock(
        topic,
        AbortSignal.any([signal, holder.silent]),
        async () => {
          holder.stop();
          const stop = sayAlive(storage, topic);
          try {
            return await run(AbortSignal.any([signal, lost.signal]));
          } catch (error) {
            failed = { error };
            throw error;
          } finally {
            stop();
          }
        },
        steal,
      );
    } catch (error) {
      signal.throwIfAborted();
      if (failed) throw error;
      steal = holder.silent.aborted;
    } finally {
      holder.stop();
      lost.abort();
    }
  }
}

function sayAlive(storage: Storage, topic: string): () => void {
  const say = () => storage.publish(topic, "alive" satisfies Word);
  const timer = setInterval(say, aliveMs);
  const stopAnswering = storage.subscribe(topic, (word) => word === "anyone?" && say());
  return () => {
    clearInterval(timer);
    stopAnswering();
  };
}

function watchHolder({ platform, storage }: LeaseOptions, topic: string) {
  const silent = new AbortController();
  let heard = false;
  // Two unanswered questions are enough: an active holder answers at once.
  let quietMs = silenceMs - 2 * lookMs;
  let before = platform.now();
  const ask = () => storage.publish(topic, "anyone?" satisfies Word);
  const stopHearing = storage.subscribe(topic, (word) => {
    if (word === "alive") heard = true;
  });
  const timer = setInterval(() => {
    // This tab was suspended itself and received nothing, so the silence counts from now.
    if (platform.now() - before > silenceMs) quietMs = 0;
    before = platform.now();
    quietMs = heard ? 0 : quietMs + lookMs;
    heard = false;
    if (quietMs >= silenceMs) silent.abort();
    else ask();
  }, lookMs);
  ask();
  return {
    silent: silent.signal,
    stop() {
      clearInterval(timer);
      stopHearing();
    },
  };
}
