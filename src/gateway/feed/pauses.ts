/** The pauses of a feed between two polls. */
export interface Pauses {
  /** Resolves after this many ms, or earlier when woken. Rejects with the signal's reason. */
  readonly pause: (ms: number) => Promise<void>;
  /**
   * Ends the pause. With `forMs`, the pauses within that time are short as well: the change may become visible a little
   * later.
   */
  readonly wake: (forMs?: number) => void;
}

/** The shortest pause, however often it is woken. */
const GAP_MS = 200;
const SHORT_MS = 500;

/** `onPause` is called when a pause begins and when it ends: a feed that pauses is working. */
export function createPauses(signal: AbortSignal, onPause: (isPausing: boolean) => void): Pauses {
  let shortUntil = Number.NEGATIVE_INFINITY;
  let begunAt = 0;
  let isWoken = false;
  let endAfter: ((ms: number) => void) | undefined;

  return {
    async pause(ms) {
      signal.throwIfAborted();
      begunAt = performance.now();
      const wanted = begunAt < shortUntil ? Math.min(ms, SHORT_MS) : ms;
      onPause(true);
      try {
        await new Promise<void>((resolve, reject) => {
          let timer: ReturnType<typeof setTimeout> | undefined;
          const stop = (): void => {
            clearTimeout(timer);
            reject(signal.reason);
          };
          const end = (): void => {
            signal.removeEventListener("abort", stop);
            resolve();
          };
          signal.addEventListener("abort", stop, { once: true });
          endAfter = (left) => {
            clearTimeout(timer);
            timer = setTimeout(end, left);
          };
          endAfter(isWoken ? Math.min(GAP_MS, wanted) : wanted);
          isWoken = false;
        });
      } finally {
        endAfter = undefined;
        onPause(false);
      }
    },
    wake(forMs = 0) {
      shortUntil = Math.max(shortUntil, performance.now() + forMs);
      // The running poll may have read before the change.
      if (endAfter === undefined) isWoken = true;
      else endAfter(Math.max(0, begunAt + GAP_MS - performance.now()));
    },
  };
}
