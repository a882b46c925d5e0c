import { waitToRetry } from "../delivery/retry.ts";
import type { Platform } from "../platform.ts";

/** A question that is asked again, each time after a longer wait, or when the network comes back. */
export interface AskAgain {
  /** Asks again later. The try that was waiting is dropped. */
  later(error: unknown): void;
  /** Drops the try that is waiting. */
  drop(): void;
  /** Begins with the shortest wait again. */
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
