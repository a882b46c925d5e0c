/** Work that goes on for everybody who waits for it, whoever of them gives up. */
export interface Running<T> {
  /** Joins the work of this key that is under way, or begins it. Rejects with the signal's reason once it aborts. */
  join(key: readonly string[], signal: AbortSignal, begin: () => Promise<T>): Promise<T>;
}

export function createRunning<T>(): Running<T> {
  const running = new Map<string, Promise<T>>();
  return {
    async join(parts, signal, begin) {
      signal.throwIfAborted();
      const key = JSON.stringify(parts);
      const known = running.get(key);
      if (known) return await orAborted(known, signal);
      const work = begin();
      running.set(key, work);
      const forget = (): void => void running.delete(key);
      work.then(forget, forget);
      return await orAborted(work, signal);
    },
  };
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
