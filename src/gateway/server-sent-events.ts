import { HEARTBEAT_MS } from "../protocol/limits.ts";
import { problemDocumentOf, problemOf } from "./problems.ts";

export interface StreamOptions<E> {
  /** Of the request: aborts when the client goes. */
  readonly signal: AbortSignal;
  /** The caller's sign-in is over: nothing more is told, and the stream ends. */
  readonly over: AbortSignal;
  onEnd(): void;
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
const encoder = new TextEncoder();

/**
 * An iteration as server-sent events: `id` is the event's cursor, `event` its type, `data` the whole of it. An error on
 * the way is an event "problem" with the problem document. Rejects with what the iteration refuses at once.
 */
export async function eventStream<E extends { readonly type: string; readonly cursor?: string }>(
  options: StreamOptions<E>,
): Promise<Response> {
  // One signal and one timer a stream: there are thousands, and each is open for hours.
  const gone = new AbortController();
  const leave = () => {
    if (gone.signal.aborted) return;
    gone.abort();
    options.onEnd();
  };
  options.signal.addEventListener("abort", leave, { once: true });
  if (options.signal.aborted) leave();
  options.over.addEventListener("abort", () => wake?.(), { once: true });
  const iterator = options.open(gone.signal)[Symbol.asyncIterator]();
  /** Gives what came next, or throws what went wrong. */
  let arrived: (() => IteratorResult<E>) | undefined;
  let wake: (() => void) | undefined;

  function ask(): void {
    arrived = undefined;
    iterator.next().then(
      (result) => arrive(() => result),
      (error: unknown) =>
        arrive(() => {
          throw error;
        }),
    );
  }

  function arrive(outcome: () => IteratorResult<E>): void {
    arrived = outcome;
    wake?.();
  }

  /** Until something has arrived, but no longer than this. */
  function wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (arrived !== undefined || options.over.aborted) return resolve();
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function nextChunk(): Promise<string | undefined> {
    const left = options.expiresAt - Date.now();
    await wait(Math.min(HEARTBEAT_MS, Math.max(0, left)));
    if (options.over.aborted) return undefined;
    if (arrived === undefined) return left > HEARTBEAT_MS && (await options.stillAllowed()) ? ": beat\n\n" : undefined;
    const result = arrived();
    if (options.expiresAt <= Date.now()) return undefined;
    if (result.done === true) return undefined;
    ask();
    return eventText(result.value, options.encode(result.value));
  }

  ask();
  await wait(REFUSAL_MS);
  try {
    arrived?.();
  } catch (error) {
    leave();
    throw error;
  }

  let begun = false;
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
        if (gone.signal.aborted) return;
        options.onError(error);
        controller.enqueue(encoder.encode(problemText(error)));
      }
      if (chunk !== undefined) {
        controller.enqueue(encoder.encode(chunk));
        return;
      }
      leave();
      if (!options.signal.aborted) controller.close();
    },
    cancel: leave,
  });
  return new Response(body, {
    headers: {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-store, no-transform",
      "X-Accel-Buffering": "no",
    },
  });
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
