export interface Line {
  /** One connection: resolves or rejects when it is lost. */
  connect(signal: AbortSignal, onOpen: () => void): Promise<void>;
  onOpen(): Promise<void>;
  onLost(error: unknown): void;
}

const firstMs = 500;
const longestMs = 15_000;

/** Connects again and again, more and more slowly, until the answer is called. */
export function stayConnected(line: Line): () => void {
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  async function once(): Promise<void> {
    let reason: unknown;
    const onOpen = () => {
      failures = 0;
      line.onOpen().catch((error: unknown) => line.onLost(error));
    };
    try {
      await line.connect(stop.signal, onOpen);
    } catch (error) {
      reason = error;
    }
    if (stop.signal.aborted) return;
    line.onLost(reason);
    // Being lost may have ended it all, such as by a token that ran out.
    if (stop.signal.aborted) return;
    const pause = Math.min(longestMs, firstMs * 2 ** failures) * (0.5 + Math.random() / 2);
    failures += 1;
    timer = setTimeout(() => void once(), pause);
  }

  void once();
  return () => {
    clearTimeout(timer);
    stop.abort(new Error("The agent signed out."));
  };
}
