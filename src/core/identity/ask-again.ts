import { waitToRetry } from "../delivery/retry.ts";
import type { Platform } from "../platform.ts";

/** A retry with increasing delays, or when the network returns. */
export interface AskAgain {
  /** Schedules a retry, instead of the pending one. */
  later(error: unknown): void;
  /** Cancels the pending retry. */
  drop(): void;
  /** Resets to the shortest delay. */
  reset(): void;
}

export function createAskAgain(platform: Platform, stopped: AbortSignal, ask: () => Promise<void>): AskAgain {
  let waiting = new AbortController();
  let failures = 0;

  async function wait(error: unknown, stop: AbortSignal) {
    try {
      await waitToRetry(platform, failures, error, stop);
    } catch {
      return;
    }
    if (!stop.aborted) await ask();
  }
  return {
    later(error) {
      waiting.abort();
      waiting = new AbortController();
      failures += 1;
      void wait(error, AbortSignal.any([stopped, waiting.signal]));
    },
    drop: () => waiting.abort(),
    reset: () => void (failures = 0),
  };
}
