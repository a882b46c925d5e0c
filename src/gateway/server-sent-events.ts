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
  /** Asked every `HEARTBEAT_MS`, however much there is to be told; the stream ends when it says no. */
  stillAllowed(): Promise<boolean>;
  /** An event's `data`, on one line. Throws for what is no event. */
  encode(event: E): string;
  readonly onError: (error: unknown) => void;
}

/** How long a refusal may take to be told by the status. After that the answer has begun, and it is told in the stream. */
const REFUSAL_MS = 25;
/** A client that reads nothing for so long is gone. */
const STALLED_MS = 2 * HEARTBEAT_MS;
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
  let checkedAt = Date.now();
  let stalled: ReturnType<typeof setTimeout> | undefined;
  const leave = () => {
    if (gone.signal.aborted) return;
    clearTimeout(stalled);
    gone.abort();
    // For an adapter that does not listen to the signal.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
    options.onEnd();
  };
  const iterator = options.open(gone.signal)[Symbol.asyncIterator]();
  options.signal.addEventListener("abort", leave, { once: true });
  if (options.signal.aborted) leave();
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

  /** Sent at once, so that proxies and the client see the answer's head before anything happens. */
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
  // Nothing is made before it is read: it would be told although its reader's sign-in has ended meanwhile.
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
  // A line break in an id would end it; the data has the cursor as well.
  const { cursor } = event;
  const id = cursor === undefined || /[\r\n\0]/.test(cursor) ? "" : `id: ${cursor}\n`;
  return `${id}event: ${event.type}\ndata: ${data}\n\n`;
}

function problemText(error: unknown): string {
  return `event: problem\ndata: ${JSON.stringify(problemDocumentOf(problemOf(error)))}\n\n`;
}
