import { expect, vi } from "vitest";
import type { Backend } from "./subject.ts";

const PATIENCE = { timeout: 5000, interval: 10 };

export interface Watch<E> {
  readonly seen: readonly E[];
  /** Resolves with the first matching event, past or future. Rejects if the iteration fails before it. */
  until(fits: (event: E) => boolean, what: string): Promise<E>;
  /** The latest cursor. */
  cursor(): string | undefined;
  /** Aborts, and resolves once the iteration has ended. */
  stop(): Promise<void>;
}

/** Reads an iteration in the background, as the core does. */
export function watch<E extends { readonly cursor?: string }>(
  open: (signal: AbortSignal) => AsyncIterable<E>,
): Watch<E> {
  const abort = new AbortController();
  const seen: E[] = [];
  let failure: { readonly error: unknown } | undefined;

  async function read(): Promise<void> {
    try {
      for await (const event of open(abort.signal)) seen.push(event);
    } catch (error) {
      failure = { error };
    }
  }
  const ended = read();

  return {
    seen,
    async until(fits, what) {
      return await vi.waitFor(() => {
        const hit = seen.find(fits);
        if (hit !== undefined) return hit;
        if (failure !== undefined) throw failure.error;
        throw new Error(`${what} did not arrive; seen: ${JSON.stringify(seen)}`);
      }, PATIENCE);
    },
    cursor: () => seen.findLast((event) => event.cursor !== undefined)?.cursor,
    async stop() {
      const before = failure;
      abort.abort(new Error("the watch is over"));
      await ended;
      if (before !== undefined) throw before.error;
      // On abort, an iteration may return or throw the signal's reason.
      if (failure !== undefined) expect(failure.error).toBe(abort.signal.reason);
    },
  };
}

/** An iteration with an already aborted signal ends immediately: it returns, or throws the signal's reason. */
export async function expectOver(events: AsyncIterable<unknown>, reason: Error): Promise<void> {
  const [first] = await Promise.allSettled([events[Symbol.asyncIterator]().next()]);
  if (first.status === "rejected") expect(first.reason).toBe(reason);
  else expect(first.value.done).toBe(true);
}

/** Resolves once the desk has this many live subscriptions. */
export async function untilListeners(backend: Backend, count: number): Promise<void> {
  await vi.waitFor(async () => {
    const listeners = await backend.listeners();
    if (listeners !== count) throw new Error(`${listeners} live event subscriptions at the desk instead of ${count}`);
  }, PATIENCE);
}
