import { HEARTBEAT_MS } from "../protocol/limits.ts";
import { problemDocumentOf, problemOf } from "./problems.ts";

export interface StreamOptions<E> {
  /** Of the request: aborts when the client goes. */
  readonly signal: AbortSignal;
  /** When the caller's token runs out, in ms since 1970: the stream ends then. */
  readonly expiresAt: number;
  open(signal: AbortSignal): AsyncIterable<E>;
  /** Asked with every heartbeat; the stream ends when it says no. */
  stillAllowed(): Promise<boolean>;
  /** An event's `data`, on one line. Throws for what is no event. */
  encode(event: E): string;
  readonly onError: (error: unknown) => void;
}

/** How long a refusal may take to be told by the status. After that the answer has begun, and it is told in the stream. */
const REFUSAL_MS = 25;

/**
 * An iteration as server-sent events: `id` is the event's cursor, `event` its type, `data` the whole of it. An error on
 * the way is an event "problem" with the problem document. Rejects with what the iteration refuses at once.
 */
export async function eventStream<E extends { readonly type: string; readonly cursor?: string }>(
  options: StreamOptions<E>,
): Promise<Response> {
  const gone = new AbortController();
  const signal = AbortSignal.any([options.signal, gone.signal]);
  const iterator = options.open(signal)[Symbol.asyncIterator]();
  let pending = iterator.next();
  // Rejections are looked at when it is awaited; it may never be when the client goes first.
  pending.catch(() => undefined);
  await within(REFUSAL_MS, pending);

  const encoder = new TextEncoder();
  let begun = false;

  async function nextChunk(): Promise<string | undefined> {
    const left = options.expiresAt - Date.now();
    const result = await within(Math.min(HEARTBEAT_MS, Math.max(0, left)), pending);
    if (result === undefined) return left > HEARTBEAT_MS && (await options.stillAllowed()) ? ": beat\n\n" : undefined;
    if (options.expiresAt <= Date.now()) return undefined;
    if (result.done === true) return undefined;
    pending = iterator.next();
    pending.catch(() => undefined);
    return eventText(result.value, options.encode(result.value));
  }

  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      // Sent at once, so that proxies and the client see the answer's head before anything happens.
      if (!begun) {
        begun = true;
        controller.enqueue(encoder.encode("retry: 1000\n\n"));
        return;
      }
      let chunk: string | undefined;
      try {
        chunk = await nextChunk();
      } catch (error) {
        if (signal.aborted) return;
        options.onError(error);
        controller.enqueue(encoder.encode(problemText(error)));
      }
      if (chunk !== undefined) {
        controller.enqueue(encoder.encode(chunk));
        return;
      }
      gone.abort();
      if (!options.signal.aborted) controller.close();
    },
    cancel() {
      gone.abort();
    },
  });
  return new Response(body, {
    headers: {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-store, no-transform",
      "X-Accel-Buffering": "no",
    },
  });
}

/** What the promise gives, or undefined after this time. Rejects as the promise does. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function eventText(event: { readonly type: string; readonly cursor?: string }, data: string): string {
  // A line break in an id would end it; the data has the cursor as well.
  const { cursor } = event;
  const id = cursor === undefined || /[\r\n\0]/.test(cursor) ? "" : `id: ${cursor}\n`;
  return `${id}event: ${event.type}\ndata: ${data}\n\n`;
}

function problemText(error: unknown): string {
  return `event: problem\ndata: ${JSON.stringify(problemDocumentOf(problemOf(error)))}\n\n`;
}
