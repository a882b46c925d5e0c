import { effect } from "@preact/signals-core";
import { delay } from "./delay.ts";
import { isAdapterError } from "../contract/errors.ts";
import type { Platform } from "../platform.ts";

const firstMs = 500;
const mostMs = 30_000;
/** The maximum `Retry-After` of a server that counts. */
const longestFloorMs = 600_000;

/**
 * How long to wait before try number `tries` (from 1): exponential with full jitter, so that the clients of a server
 * that is back do not all retry at once. A `Retry-After` is the minimum.
 */
function backoffMs(tries: number, random: number, error?: unknown): number {
  const floor = floorOf(isAdapterError(error) ? error.retryAfterMs : undefined);
  return floor + Math.round(random * Math.min(mostMs, firstMs * 2 ** (tries - 1)));
}

const floorOf = (ms: unknown) => (typeof ms === "number" && ms > 0 ? Math.min(longestFloorMs, ms) : 0);

/** Waits out the back-off, but at most until the network returns or `wake` aborts. */
export async function waitToRetry(
  platform: Platform,
  tries: number,
  error: unknown,
  signal: AbortSignal,
  wake?: AbortSignal,
): Promise<void> {
  const online = new AbortController();
  let wasOnline = platform.online.peek();
  const stop = effect(() => {
    const now = platform.online.value;
    if (now && !wasOnline) online.abort();
    wasOnline = now;
  });
  const early = wake ? [online.signal, wake] : [online.signal];
  try {
    await delay(backoffMs(tries, platform.random(), error), AbortSignal.any([signal, ...early]));
  } catch {
    signal.throwIfAborted();
  } finally {
    stop();
  }
}
