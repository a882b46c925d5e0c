import type { Desk } from "./issues.ts";
import { createLooks, type Follower } from "./looks.ts";

export interface Poller {
  /** Looks while anybody follows. Resolves once it sees whatever happens from now on; `stop` may be called before that. */
  follow(follower: Follower): { readonly ready: Promise<void>; stop(): void };
  /** Looks at once: something was written. */
  wake(): void;
}

const SOON_MS = 300;
/** Looks that fail in a row, before the streams are told. */
const FAILURES = 2;

/** One for all streams of this process: a small call a look, and two and one for each changed issue when there is news. */
export function createPoller(desk: Desk): Poller {
  const { settings, closed } = desk;
  const followers = new Set<Follower>();
  let round: AbortController | undefined;
  let started: Promise<void> = Promise.resolve();
  let wakeUp: (() => void) | undefined;
  /** Something was written while a look was under way, which may have missed it. */
  let woken = false;

  function begin(): void {
    const abort = new AbortController();
    round = abort;
    const signal = AbortSignal.any([abort.signal, closed]);
    const looks = createLooks(desk, followers, signal);
    started = looks.start();
    void run(looks, signal);
  }

  async function run(looks: ReturnType<typeof createLooks>, signal: AbortSignal): Promise<void> {
    try {
      await started;
      for (let [failures, ms] = [0, settings.pollMs]; !signal.aborted;) {
        // oxlint-disable-next-line no-await-in-loop -- one look after the other
        await pause(ms, signal);
        if (signal.aborted) return;
        try {
          // oxlint-disable-next-line no-await-in-loop -- as above
          ms = (await looks.next()) ? Math.min(SOON_MS, settings.pollMs) : settings.pollMs;
          failures = 0;
        } catch (error) {
          failures += 1;
          if (failures >= FAILURES) throw error;
          ms = settings.pollMs;
        }
        // oxlint-disable-next-line no-await-in-loop -- as above
        await Promise.all([...followers].map((one) => one.looked()));
      }
    } catch (error) {
      if (signal.aborted) return;
      round = undefined;
      for (const one of followers) one.failed(error);
      followers.clear();
    }
  }

  async function pause(ms: number, signal: AbortSignal): Promise<void> {
    if (!woken) {
      await new Promise<void>((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", end);
          resolve();
        };
        const timer = setTimeout(end, ms);
        signal.addEventListener("abort", end, { once: true });
        wakeUp = end;
      });
    }
    woken = false;
  }

  return {
    follow(follower) {
      followers.add(follower);
      if (round === undefined) begin();
      return {
        ready: started,
        stop() {
          followers.delete(follower);
          if (followers.size > 0) return;
          round?.abort();
          round = undefined;
        },
      };
    },
    wake() {
      woken = true;
      wakeUp?.();
    },
  };
}
