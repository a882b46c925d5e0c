export interface Sink<T> {
  push(value: T): void;
  /** Ends the iteration once the pushed values are read; with an error, by throwing it. */
  end(error?: unknown): void;
}

/**
 * Turns pushes into an iteration, for sockets, emitters and callbacks. It subscribes when the reader requests the first
 * value, buffers values, and returns when `signal` aborts. `subscribe` returns its undo, which runs once, however the
 * iteration ends.
 */
export async function* channel<T>(
  subscribe: (sink: Sink<T>) => () => void,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  if (signal.aborted) return;
  let waiting: T[] = [];
  let ended: { readonly error: unknown } | undefined;
  let wake: (() => void) | undefined;

  const undo = subscribe({
    push(value) {
      if (ended !== undefined) return;
      waiting.push(value);
      wake?.();
    },
    end(error) {
      ended ??= { error };
      wake?.();
    },
  });
  const stop = (): void => wake?.();
  signal.addEventListener("abort", stop, { once: true });

  try {
    while (!isAborted(signal)) {
      const ready = waiting;
      waiting = [];
      for (const value of ready) {
        if (isAborted(signal)) return;
        yield value;
      }
      if (waiting.length > 0 || isAborted(signal)) continue;
      if (ended !== undefined) {
        if (ended.error !== undefined) throw ended.error;
        return;
      }
      // oxlint-disable-next-line no-await-in-loop -- waits for the next push
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal.removeEventListener("abort", stop);
    undo();
  }
}

// A function, because control flow analysis would treat `aborted` as a constant within the loop.
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
