/** Detects a half-open connection, which reports no error. */
export interface KeepAlive {
  /** Whether the last answer is recent. */
  readonly isFresh: boolean;
  start(): void;
  stop(): void;
}

export interface KeepAliveOptions {
  readonly everyMs: number;
  /** Resolves with any answer. */
  readonly ping: () => Promise<unknown>;
  /** Two consecutive pings had no answer. */
  readonly lost: () => void;
}

const MISSED_MAX = 2;
/** Of the interval: a missing answer is noticed before the next ping. */
const FRESH = 1.5;

export function createKeepAlive({ everyMs, lost, ping }: KeepAliveOptions): KeepAlive {
  let timer: ReturnType<typeof setInterval> | undefined;
  let answeredAt = Number.NEGATIVE_INFINITY;
  let missing = 0;
  /** An answer to a ping before the last start is ignored. */
  let round = 0;

  function look(): void {
    if (missing >= MISSED_MAX) {
      lost();
      return;
    }
    missing += 1;
    const asked = round;
    ping().then(
      () => {
        if (asked === round) answered();
      },
      () => undefined,
    );
  }

  function answered(): void {
    missing = 0;
    answeredAt = performance.now();
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }

  return {
    get isFresh() {
      return performance.now() - answeredAt <= FRESH * everyMs;
    },
    start() {
      stop();
      round += 1;
      answered();
      timer = setInterval(look, everyMs);
      timer.unref();
    },
    stop,
  };
}
