/** Until the time is over, the signal aborts, or `wake` is called. */
export async function pause(ms: number, signal: AbortSignal, wake?: EventTarget): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      wake?.removeEventListener("wake", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
    wake?.addEventListener("wake", end, { once: true });
  });
}
