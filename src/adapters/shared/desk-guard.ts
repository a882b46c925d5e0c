import {
  bulkhead,
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhenResult,
  retry,
} from "cockatiel";
import { abortable } from "../../core/contract/abortable.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { limits } from "./desk-limits.ts";

/** What one request came to. A request that was aborted by its caller throws instead. */
export type Outcome<T> =
  | { readonly value: T }
  | {
      readonly error: unknown;
      /** The desk did not serve: no connection, no answer in time, or a gateway that says so. */
      readonly isAway: boolean;
      readonly mayRepeat: boolean;
    };

/** Limits what one desk is asked for, for all clients of it together. */
export interface DeskGuard {
  /**
   * Sends a request when there is room. Rejects with the signal's reason as soon as it aborts, and with the deadline's
   * when that ends before the request was sent; with `unavailable` and `retryAfterMs` when too many wait, or while the
   * desk is away. `send` ends by itself at the deadline. It is told whether it tries a desk that was away: then it must
   * not listen to the caller, and has a deadline of its own.
   */
  run<T>(send: Send<T>, how: { signal: AbortSignal; deadline: AbortSignal; isRead: boolean }): Promise<T>;
  /** The desk has not answered of late, and no call has found it back since. */
  readonly isAway: boolean;
}

type Send<T> = (isTry: boolean) => Promise<Outcome<T>>;

/** `desk` is for messages, such as "Request Tracker". */
export function createDeskGuard(desk: string): DeskGuard {
  // Its queue keeps those who gave up until their turn, so those who do wait are counted here.
  const places = bulkhead(limits.CALLS_AT_ONCE, Number.MAX_SAFE_INTEGER);
  let waiting = 0;
  const breaker = circuitBreaker(handleWhenResult(isAway), {
    halfOpenAfter: limits.AWAY_MS,
    breaker: new ConsecutiveBreaker(limits.FAILURES_IN_A_ROW),
  });
  const repeating = retry(handleWhenResult(mayRepeat), {
    maxAttempts: 1,
    backoff: new ExponentialBackoff({ initialDelay: limits.REPEAT_MOST_MS / 2, maxDelay: limits.REPEAT_MOST_MS }),
  });
  let awayUntil = 0;
  breaker.onBreak(() => (awayUntil = Date.now() + limits.AWAY_MS));

  function away(): AdapterError {
    const retryAfterMs = Math.max(1, awayUntil - Date.now());
    return new AdapterError("unavailable", `${desk} has not answered of late, and is not asked for now`, {
      retryAfterMs,
    });
  }

  /** Counts one who waits, until the signal aborts or what it gives is called. */
  function waits(signal: AbortSignal): () => void {
    if (places.executionSlots <= 0 && waiting >= limits.CALLS_WAITING) {
      const text = `${desk} is asked for too much at once: ${limits.CALLS_WAITING} calls wait already`;
      throw new AdapterError("unavailable", text, { retryAfterMs: limits.BUSY_RETRY_MS });
    }
    let counts = true;
    const end = (): void => {
      if (counts) waiting -= 1;
      counts = false;
      signal.removeEventListener("abort", end);
    };
    waiting += 1;
    signal.addEventListener("abort", end, { once: true });
    return end;
  }

  async function attempt<T>(send: Send<T>, signal: AbortSignal): Promise<Outcome<T>> {
    // Before the queue as well: whoever would wait for a place in it is told at once.
    if (breaker.state === CircuitState.Open && Date.now() < awayUntil) throw away();
    const begun = waits(signal);
    return await places.execute(async () => {
      begun();
      // The breaker lets one call through while it is half open; a caller who gives up must not end that one: to the
      // breaker, it would have succeeded.
      return await breaker.execute(async () => await send(breaker.state === CircuitState.HalfOpen), signal);
    }, signal);
  }

  return {
    get isAway() {
      return breaker.state !== CircuitState.Closed;
    },
    async run(send, { signal, deadline, isRead }) {
      const both = AbortSignal.any([signal, deadline]);
      const late = new AbortController();
      let isSent = false;
      // Of a request that was sent, the breaker is to know before the caller does.
      deadline.addEventListener("abort", () => isSent || late.abort(deadline.reason), { once: true });
      const once = async () =>
        await attempt(async (isTry) => {
          isSent = !isTry;
          return await send(isTry).finally(() => (isSent = false));
        }, both);
      const work = isRead ? repeating.execute(once, both) : once();
      // The bulkhead tells those who gave up only at their turn.
      const outcome = await abortable(work, AbortSignal.any([signal, late.signal])).catch((error: unknown) => {
        throw error instanceof BrokenCircuitError ? away() : error;
      });
      if ("error" in outcome) throw outcome.error;
      return outcome.value;
    },
  };
}

function isAway(outcome: unknown): boolean {
  return isFailure(outcome) && outcome.isAway;
}

function mayRepeat(outcome: unknown): boolean {
  return isFailure(outcome) && outcome.mayRepeat;
}

function isFailure(outcome: unknown): outcome is Exclude<Outcome<unknown>, { readonly value: unknown }> {
  return typeof outcome === "object" && outcome !== null && "error" in outcome;
}
