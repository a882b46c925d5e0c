import { abortable } from "../../core/contract/abortable.ts";

interface Reading<T> {
  readonly value: Promise<T>;
  readonly until: number;
}

/** For what is the same for everybody and seldom changes: read once for all, and again after `forMs`. A failure is not kept. */
export function createKept<T>(forMs: number, read: () => Promise<T>): (signal: AbortSignal) => Promise<T> {
  let last: Reading<T> | undefined;
  function begin(): Reading<T> {
    const reading = { value: read(), until: performance.now() + forMs };
    reading.value.catch(() => {
      if (last === reading) last = undefined;
    });
    return reading;
  }
  return async (signal) => {
    signal.throwIfAborted();
    last = last !== undefined && last.until > performance.now() ? last : begin();
    return await abortable(last.value, signal);
  };
}
