import FakeTimers, { type Clock } from "@sinonjs/fake-timers";

/** A virtual clock: advances only on request, and waits for real work in between. */
export interface VirtualClock {
  now(): number;
  /** Resolves after this much virtual time, or rejects when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Stops virtual time while real work runs, such as file access. */
  during<T>(work: Promise<T>): Promise<T>;
  /** Advances virtual time, timer by timer. */
  advance(ms: number): Promise<void>;
  timers(): number;
  stop(): void;
}

const realTurn = setImmediate;
const begin = Date.parse("2026-11-30T10:00:00Z");

export function startClock(): VirtualClock {
  const clock: Clock = FakeTimers.install({
    now: begin,
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"],
  });
  let running = 0;
  const turn = () => new Promise<void>((resolve) => realTurn(resolve));

  /** Waits until nothing more happens without time passing. */
  async function settle() {
    let quiet = 0;
    while (quiet < 2) {
      await turn();
      quiet = running > 0 ? 0 : quiet + 1;
    }
  }

  return {
    now: () => clock.now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const timer = clock.setTimeout(done, ms);
        function done() {
          signal?.removeEventListener("abort", abort);
          resolve();
        }
        function abort() {
          clock.clearTimeout(timer);
          reject(signal?.reason);
        }
        signal?.addEventListener("abort", abort, { once: true });
      }),
    async during(work) {
      running += 1;
      try {
        return await work;
      } finally {
        running -= 1;
      }
    },
    async advance(ms) {
      const end = clock.now + ms;
      await settle();
      for (;;) {
        const next = nextTimer(clock);
        if (next === undefined || next > end) break;
        clock.tick(next - clock.now);
        await settle();
      }
      clock.tick(end - clock.now);
      await settle();
    },
    timers: () => clock.countTimers(),
    stop() {
      clock.uninstall();
    },
  };
}

/** The time at which the next timer is due. */
function nextTimer({ timers }: Clock): number | undefined {
  let next: number | undefined;
  for (const timer of timers?.values() ?? []) {
    const { callAt } = timer as { readonly callAt: number };
    if (next === undefined || callAt < next) next = callAt;
  }
  return next;
}
