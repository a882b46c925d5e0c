import { abortable } from "../../core/contract/abortable.ts";

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
      if (known) return await abortable(known, signal);
      const work = begin();
      running.set(key, work);
      const forget = (): void => void running.delete(key);
      work.then(forget, forget);
      return await abortable(work, signal);
    },
  };
}
