import type { Platform } from "../platform.ts";
import { waitToRetry } from "./retry.ts";
import { delay } from "./delay.ts";

const everyMs = 5_000;

/** Calls `poll` every few seconds from `start` to `stop`; a failed call is repeated after a back-off. */
export function createPolling(platform: Platform, signal: AbortSignal, poll: () => Promise<void>) {
  let running: AbortController | undefined;

  async function run(stop: AbortSignal) {
    let tries = 0;
    while (!stop.aborted) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one look after the other
        await poll();
        tries = 0;
        // oxlint-disable-next-line no-await-in-loop -- the pause between them
        await delay(everyMs, stop);
      } catch (error) {
        tries += 1;
        // oxlint-disable-next-line no-await-in-loop -- the back-off
        await waitToRetry(platform, tries, error, stop).catch(() => undefined);
      }
    }
  }
  return {
    start() {
      if (running) return;
      running = new AbortController();
      void run(AbortSignal.any([signal, running.signal]));
    },
    stop() {
      running?.abort();
      running = undefined;
    },
  };
}
