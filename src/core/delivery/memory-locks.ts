interface Turn {
  start(): void;
  /** Another caller has stolen the lock: the call rejects, although its work may still be running. */
  lose(): void;
}

export interface Locks {
  request<T>(name: string, signal: AbortSignal, run: () => Promise<T>, steal: boolean): Promise<T>;
}

/** Web Locks (W3C) without a browser: calls with one name run one after the other, in order. */
export function memoryLocks(): Locks {
  const queues = new Map<string, { held: Turn | undefined; readonly waiting: Set<Turn> }>();

  function queueOf(name: string) {
    const queue = queues.get(name) ?? { held: undefined, waiting: new Set<Turn>() };
    queues.set(name, queue);
    return queue;
  }

  function release(name: string, turn: Turn) {
    const queue = queueOf(name);
    if (queue.held !== turn) return;
    const [next] = queue.waiting;
    queue.held = undefined;
    if (!next) return void queues.delete(name);
    queue.waiting.delete(next);
    next.start();
  }

  return {
    request<T>(name: string, signal: AbortSignal, run: () => Promise<T>, steal: boolean): Promise<T> {
      const queue = queueOf(name);
      return new Promise<T>((resolve, reject) => {
        const turn: Turn = {
          start() {
            queue.held = turn;
            signal.removeEventListener("abort", leave);
            void run()
              .then(resolve, reject)
              .finally(() => release(name, turn));
          },
          lose: () => reject(new DOMException("The lock was stolen.", "AbortError")),
        };
        function leave() {
          queue.waiting.delete(turn);
          // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- as Web Locks do: with the signal's reason
          reject(signal.reason);
        }
        if (steal) {
          queue.held?.lose();
          return turn.start();
        }
        if (signal.aborted) return leave();
        if (!queue.held) return turn.start();
        queue.waiting.add(turn);
        signal.addEventListener("abort", leave);
      });
    },
  };
}
