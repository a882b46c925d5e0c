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
import { abortable } from "../core/contract/abortable.ts";
import { AdapterError } from "../core/contract/errors.ts";
import { limits } from "./limits.ts";

/** The result of one request. A request that was aborted by its caller throws instead. */
export type Outcome<T> =
  | { readonly value: T }
  | {
      readonly error: unknown;
      /** The desk did not answer: no connection, no answer in time, or a gateway error. */
      readonly isAway: boolean;
      readonly mayRepeat: boolean;
    };

/** Limits the calls to one desk, for all its clients together. */
export interface Breaker {
  /**
   * Sends a request when there is capacity. Rejects with the signal's reason as soon as it aborts, and with the
   * deadline's if that ends before the request was sent; with `unavailable` and `retryAfterMs` if too many calls wait,
   * or while the breaker is open. `send` ends by itself at the deadline. Its argument says whether it is the trial call
   * of a half-open breaker: then it must ignore the caller's signal, and has a deadline of its own.
   */
  run<T>(send: Send<T>, how: { signal: AbortSignal; deadline: AbortSignal; isRead: boolean }): Promise<T>;
  /** The desk has not answered recently, and no call has succeeded since. */
  readonly isAway: boolean;
}

type Send<T> = (isTry: boolean) => Promise<Outcome<T>>;

/** `desk` is for messages, such as "Request Tracker". */
export function createBreaker(desk: string): Breaker {
  // Its queue keeps aborted calls until their turn, so the calls that really wait are counted here.
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
    return new AdapterError("unavailable", `${desk} has not answered recently, so it is not called for now`, {
      retryAfterMs,
    });
  }

  /** Counts a waiting call, until the signal aborts or the returned function is called. */
  function waits(signal: AbortSignal): () => void {
    if (places.executionSlots <= 0 && waiting >= limits.CALLS_WAITING) {
      const text = `${desk} gets too many calls at once: ${limits.CALLS_WAITING} calls are waiting already`;
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
    // Also before the queue: a call that would wait in it fails at once.
    if (breaker.state === CircuitState.Open && Date.now() < awayUntil) throw away();
    const begun = waits(signal);
    return await places.execute(async () => {
      begun();
      // A half-open breaker lets one call through. A caller who gives up must not abort it: the breaker would count
      // that as a success.
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
      // The breaker must know the result of a sent request before the caller does.
      deadline.addEventListener("abort", () => isSent || late.abort(deadline.reason), { once: true });
      const once = async () =>
        await attempt(async (isTry) => {
          isSent = !isTry;
          return await send(isTry).finally(() => (isSent = false));
        }, both);
      const work = isRead ? repeating.execute(once, both) : once();
      // The bulkhead rejects aborted calls only at their turn.
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
