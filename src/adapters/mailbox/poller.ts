import type { Desk } from "./desk.ts";
import { pause } from "./pause.ts";
import { watchInbox } from "./watch-inbox.ts";

export interface Poller {
  /** Polls the mailbox while streams are open. `failed` is called when polling fails, and ends its stream. */
  follow(failed: (error: unknown) => void): { stop(): void };
}

/** Consecutive failed polls before the streams end. */
const FAILURES = 2;

/** One for all streams of this process: IDLE reports news at once, and a poll every `pollMs` misses nothing. */
export function createPoller(desk: Desk): Poller {
  const { settings, sync, closed } = desk;
  const followers = new Set<(error: unknown) => void>();
  let round: AbortController | undefined;

  function begin(): void {
    const abort = new AbortController();
    round = abort;
    const signal = AbortSignal.any([abort.signal, closed]);
    const wake = new EventTarget();
    void run(signal, wake);
    void watchInbox(settings, () => void wake.dispatchEvent(new Event("wake")), signal);
  }

  async function run(signal: AbortSignal, wake: EventTarget): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      await pause(settings.pollMs, signal, wake);
      if (signal.aborted) return;
      try {
        // oxlint-disable-next-line no-await-in-loop -- as above
        await sync.run(signal);
        failures = 0;
      } catch (error) {
        failures += 1;
        if (signal.aborted || failures < FAILURES) continue;
        round?.abort();
        round = undefined;
        const told = [...followers];
        followers.clear();
        for (const failed of told) failed(error);
      }
    }
  }

  return {
    follow(failed) {
      followers.add(failed);
      if (round === undefined) begin();
      return {
        stop() {
          followers.delete(failed);
          if (followers.size > 0) return;
          round?.abort();
          round = undefined;
        },
      };
    },
  };
}
