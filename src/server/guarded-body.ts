export type Body = ReadableStream<Uint8Array<ArrayBuffer>>;

export interface GuardOptions {
  /** How long written data may stay unread, in ms. */
  readonly stallMs: number;
  /** Called however the stream ends. */
  readonly onEnd: () => void;
  /** Called when the stream can't end normally: its source failed, or its reader stalled. */
  readonly onBroken: (error: unknown) => void;
}

export interface Guarded {
  readonly body: Body;
  /** Sends a final chunk and closes the stream. */
  readonly end: (last: string) => void;
}

/**
 * Passes bytes through, and ends the stream if its reader stops reading. Errors are reported only through `onBroken`.
 */
export function guarded(source: Body, { onBroken, onEnd, stallMs }: GuardOptions): Guarded {
  const reader = source.getReader();
  let out: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  let stalled: ReturnType<typeof setTimeout> | undefined;
  let hasEnded = false;

  function over(): boolean {
    if (hasEnded) return false;
    hasEnded = true;
    clearTimeout(stalled);
    onEnd();
    return true;
  }

  function broken(error: unknown): void {
    if (!over()) return;
    onBroken(error);
    out?.close();
    leave();
  }

  function leave(): void {
    reader.cancel().catch(() => undefined);
  }

  const body: Body = new ReadableStream(
    {
      start(controller) {
        out = controller;
      },
      async pull(controller) {
        clearTimeout(stalled);
        try {
          const { done, value } = await reader.read();
          if (hasEnded) return;
          if (done) {
            over();
            controller.close();
            return;
          }
          controller.enqueue(value);
          stalled = setTimeout(() => broken(new DOMException("nobody reads this", "TimeoutError")), stallMs);
          stalled.unref();
        } catch (error) {
          broken(error);
        }
      },
      async cancel(reason) {
        over();
        await reader.cancel(reason);
      },
    },
    // No read-ahead: buffered data could be delivered after the reader's session has ended.
    { highWaterMark: 0 },
  );
  return {
    body,
    end(last) {
      if (!over()) return;
      out?.enqueue(new TextEncoder().encode(last));
      out?.close();
      leave();
    },
  };
}
