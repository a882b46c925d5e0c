export type Once<T> = (key: readonly string[], signal: AbortSignal, write: () => Promise<T>) => Promise<T>;

/** Joins a running write with the same key, or starts it. It continues even if its caller is aborted. */
export function createOnce<T>(): Once<T> {
  const running = new Map<string, Promise<T>>();
  return async (parts, signal, write) => {
    signal.throwIfAborted();
    const key = JSON.stringify(parts);
    const work = running.get(key) ?? write().finally(() => running.delete(key));
    running.set(key, work);
    return await new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      work.then(resolve, reject);
    });
  };
}
