export type Body = ReadableStream<Uint8Array<ArrayBuffer>>;

export interface GuardOptions {
  /** How long a reader may leave what was written to them, in ms. */
  readonly stallMs: number;
  /** However it ends. */
  readonly onEnd: () => void;
  /** It can't be ended as if it were whole: it failed, or nobody reads it. */
  readonly onBroken: (error: unknown) => void;
}

export interface Guarded {
  readonly body: Body;
  /** Sends a last chunk and ends it. */
  readonly end: (last: string) => void;
}

/** The same bytes, ended when their reader stops reading. What goes wrong with them is told here and nowhere else. */
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
    // What is made before it is read would be told although its reader's sign-in has ended meanwhile.
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
