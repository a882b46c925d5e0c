/** The calls of each member that this copy of the gateway has under way. */
export interface CallsUnderWay {
  /** Runs one. */
  run<T>(memberId: string, call: () => Promise<T>): Promise<T>;
  /** Resolves when those that run now have ended, however they end. Rejects when the signal aborts. */
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
      if (!calls) return;
      const aborted = new Promise<never>((_, reject) => {
        const stop = () => reject(new DOMException("the calls before it have not ended in time", "TimeoutError"));
        if (signal.aborted) stop();
        else signal.addEventListener("abort", stop, { once: true });
      });
      await Promise.race([Promise.allSettled(calls), aborted]);
    },
  };
}
