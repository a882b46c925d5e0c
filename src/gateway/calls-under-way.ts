import { abortable } from "../core/contract/abortable.ts";

/** The running calls of each member at this copy of the gateway. */
export interface CallsUnderWay {
  /** Runs one. */
  run<T>(memberId: string, call: () => Promise<T>): Promise<T>;
  /**
   * Resolves when the calls that are running now have settled. Rejects with the signal's reason when the signal aborts.
   */
  ended(memberId: string, signal: AbortSignal): Promise<void>;
}

export function createCallsUnderWay(): CallsUnderWay {
  const running = new Map<string, Set<Promise<unknown>>>();
  return {
    async run(memberId, call) {
      const calls = running.get(memberId) ?? new Set();
      running.set(memberId, calls);
      const mine = call();
      calls.add(mine);
      try {
        return await mine;
      } finally {
        calls.delete(mine);
        if (calls.size === 0) running.delete(memberId);
      }
    },
    async ended(memberId, signal) {
      const calls = running.get(memberId);
      if (calls) await abortable(Promise.allSettled(calls), signal);
    },
  };
}
