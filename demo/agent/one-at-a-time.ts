/** Calls during a run are combined into one run after it, so that the last result is always current. */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  function start(): Promise<void> {
    running = work().finally(() => (running = undefined));
    return running;
  }

  return () => {
    if (!running) return start();
    next ??= running.then(ignore, ignore).then(() => {
      next = undefined;
      return start();
    });
    return next;
  };
}

function ignore(): void {
  // The callers of the failed run already got its error.
}
