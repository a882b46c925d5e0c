import { HEARTBEAT_MS } from "../protocol/limits.ts";
import { problemDocumentOf, problemOf } from "./problems.ts";

export interface StreamOptions<E> {
  /** Of the request: aborts when the client disconnects. */
  readonly signal: AbortSignal;
  /** Aborts when the caller's sign-in is revoked: no more events are sent, and the stream ends. */
  readonly over: AbortSignal;
  onEnd(): void;
  /** When the caller's token expires, in ms since 1970: the stream ends then. */
  readonly expiresAt: number;
  open(signal: AbortSignal): AsyncIterable<E>;
  /** Called every `HEARTBEAT_MS`, however many events there are; the stream ends when it returns false. */
  stillAllowed(): Promise<boolean>;
  /** An event's `data`, on one line. Throws if the event is invalid. */
  encode(event: E): string;
  readonly onError: (error: unknown) => void;
}

/** How long the iteration may take to reject before the status is sent. Later errors are sent in the stream. */
const REFUSAL_MS = 25;
/** A client that reads nothing for this time is disconnected. */
const STALLED_MS = 2 * HEARTBEAT_MS;
const encoder = new TextEncoder();

/**
 * An iteration as server-sent events: `id` is the event's cursor, `event` its type, `data` the whole event. A later
 * error becomes an event "problem" with the problem document. Rejects if the iteration rejects at once.
 */
export async function eventStream<E extends { readonly type: string; readonly cursor?: string }>(
  options: StreamOptions<E>,
): Promise<Response> {
  // One signal and one timer per stream: there are thousands, and each is open for hours.
  const gone = new AbortController();
  let checkedAt = Date.now();
  let stalled: ReturnType<typeof setTimeout> | undefined;
  const leave = () => {
    if (gone.signal.aborted) return;
    clearTimeout(stalled);
    gone.abort();
    // For an adapter that ignores the signal.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
    options.onEnd();
  };
  const iterator = options.open(gone.signal)[Symbol.asyncIterator]();
  options.signal.addEventListener("abort", leave, { once: true });
  if (options.signal.aborted) leave();
  /** Returns the next event, or throws the error. */
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

  /** Until an event has arrived, but no longer than this. */
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
    if (options.over.aborted || options.expiresAt <= Date.now()) return undefined;
    if (Date.now() - checkedAt >= HEARTBEAT_MS) {
      if (!(await options.stillAllowed())) return undefined;
      checkedAt = Date.now();
    }
    if (arrived === undefined) return ": beat\n\n";
    const result = arrived();
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

  /** Sent at once, so that proxies and the client get the headers before the first event. */
  let next: (() => Promise<string | undefined>) | undefined = async () => "retry: 1000\n\n";
  let isPulling = false;

  function finish(controller: ReadableStreamDefaultController): void {
    leave();
    if (!options.signal.aborted) controller.close();
  }
  const source: UnderlyingDefaultSource<Uint8Array> = {
    start(controller) {
      options.over.addEventListener("abort", () => (isPulling ? wake?.() : finish(controller)), { once: true });
    },
    async pull(controller) {
      clearTimeout(stalled);
      isPulling = true;
      let chunk: string | undefined;
      try {
        chunk = await next?.();
        next = nextChunk;
      } catch (error) {
        if (gone.signal.aborted) return;
        options.onError(error);
        chunk = problemText(error);
        next = undefined;
      }
      isPulling = false;
      if (chunk === undefined) return finish(controller);
      controller.enqueue(encoder.encode(chunk));
      stalled = setTimeout(() => {
        leave();
        controller.error(new Error("the client reads nothing"));
      }, STALLED_MS);
    },
    cancel: leave,
  };
  // Events are only requested when they are read: otherwise one could be sent although its reader's sign-in has been
  // revoked.
  const body = new ReadableStream(source, { highWaterMark: 0 });
  return new Response(body, {
    headers: {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-store, no-transform",
      "X-Accel-Buffering": "no",
    },
  });
}

function eventText(event: { readonly type: string; readonly cursor?: string }, data: string): string {
  // A line break in an id would end it; the data contains the cursor as well.
  const { cursor } = event;
  const id = cursor === undefined || /[\r\n\0]/.test(cursor) ? "" : `id: ${cursor}\n`;
  return `${id}event: ${event.type}\ndata: ${data}\n\n`;
}

function problemText(error: unknown): string {
  return `event: problem\ndata: ${JSON.stringify(problemDocumentOf(problemOf(error)))}\n\n`;
}
