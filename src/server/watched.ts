import { connectionOf } from "./connection.ts";
import { guarded } from "./guarded-body.ts";
import type { Hints } from "./hints.ts";
import type { Handler } from "./listener.ts";
import { traced, type Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { routeOf } from "./routes.ts";
import { traceOf } from "./trace.ts";

export interface WatchOptions {
  readonly basePath: string;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly hints: Hints;
  /** How long written data may stay unread, in ms. */
  readonly stallMs: number;
}

export interface Watched {
  readonly handle: Handler;
  /** Records why a request was refused, for its log line and the metrics. */
  readonly refused: (request: Request, reason: string) => void;
  /** Closes each connection after its next response, so that the client reconnects to another copy. */
  closing(): void;
  /**
   * Closes the event streams one by one within `withinMs`. Clients reconnect to another copy by themselves; all at the
   * same time would overload it. Resolves when all are closed.
   */
  moveStreams(withinMs: number): Promise<void>;
}

/** The interval between streams if time allows: 50 a second. */
const MOVE_MS = 20;
/** The route for file chunks. */
const UPLOAD = "/uploads/:id";
/** Older widgets ignore events of unknown type. */
const MOVE = 'event: moving\ndata: {"type":"moving"}\n\n';

/** Counts, times and logs each request. Uses the proxy's `X-Request-Id` if present, and returns it. */
export function watched(handle: Handler, { basePath, hints, log, metrics, stallMs }: WatchOptions): Watched {
  const streams = new Set<(last: string) => void>();
  const reasons = new WeakMap<Request, string>();
  let isClosing = false;

  async function observe(request: Request, env: unknown): Promise<Response> {
    const started = performance.now();
    const given = request.headers.get("X-Request-Id") ?? "";
    const id = /^[\w.-]{1,64}$/.test(given) ? given : crypto.randomUUID();
    const { method } = request;
    const route = routeOf(new URL(request.url).pathname, basePath);
    const answer = await handle(request, env);
    const ms = performance.now() - started;
    metrics.request(route, method, answer.status, ms / 1000);
    const reason = reasons.get(request);
    const said = { id, method, route, status: answer.status, ms: Math.round(ms * 10) / 10, ...traceOf(request) };
    log.info(reason === undefined ? said : { ...said, reason }, "request");
    const headers = new Headers(answer.headers);
    hints.look(request, headers.has("Access-Control-Allow-Origin"));
    if (route === UPLOAD && answer.status === 204) metrics.uploaded(bytesOf(request.headers, headers));
    headers.set("X-Request-Id", id);
    const connection = connectionOf(env);
    if (isClosing && connection.httpVersion === 1) headers.set("Connection", "close");

    const isStream = headers.get("Content-Type")?.startsWith("text/event-stream") === true;
    const { body, status } = answer;
    if (body === null || !(isStream || headers.has("Content-Disposition")))
      return new Response(body, { status, headers });
    const guard = guarded(body, {
      stallMs,
      onEnd() {
        if (streams.delete(guard.end)) metrics.stream(-1);
      },
      onBroken(error) {
        metrics.cut();
        log.warn({ id, route, ...traced(error) }, "answer cut");
        connection.cut();
      },
    });
    if (isStream) {
      streams.add(guard.end);
      metrics.stream(1);
      // A new stream on an old connection would otherwise stay open until it is cut.
      if (isClosing) guard.end(MOVE);
    }
    return new Response(guard.body, { status, headers });
  }

  return {
    handle: observe,
    refused(request, reason) {
      reasons.set(request, reason);
      metrics.refused(reason);
    },
    closing() {
      isClosing = true;
    },
    async moveStreams(withinMs) {
      const waitMs = Math.min(MOVE_MS, withinMs / Math.max(1, streams.size));
      let due = performance.now();
      for (const end of streams) {
        end(MOVE);
        due += waitMs;
        const left = due - performance.now();
        // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
        if (left > 1) await new Promise((resolve) => setTimeout(resolve, left));
      }
    },
  };
}

/** The file bytes in a request, from the offsets before and after it (tus 1.0.0). */
function bytesOf(before: Headers, after: Headers): number {
  return Math.max(0, Number(after.get("Upload-Offset")) - Number(before.get("Upload-Offset")));
}
