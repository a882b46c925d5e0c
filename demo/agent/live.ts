export interface Line {
  /** One connection; settles when it is lost. */
  connect(signal: AbortSignal, onOpen: () => void): Promise<void>;
  onOpen(): Promise<void>;
  onLost(error: unknown): void;
}

const firstMs = 500;
const longestMs = 15_000;

/** Reconnects with back-off until the returned function is called. */
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
    // The handler of the loss may have stopped this, for example because the token expired.
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
