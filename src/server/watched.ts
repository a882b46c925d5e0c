import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { routeOf } from "./routes.ts";

type Handler = (request: Request, env: unknown) => Promise<Response>;

export interface WatchOptions {
  readonly basePath: string;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface Watched {
  readonly handle: Handler;
  /** Whoever listens comes back by themselves, to another copy. */
  endStreams(): void;
}

/** Counts, times and logs each request. `X-Request-Id` is the proxy's where there is one, and goes out again. */
export function watched(handle: Handler, { basePath, log, metrics }: WatchOptions): Watched {
  const streams = new Set<() => void>();

  async function observe(request: Request, env: unknown): Promise<Response> {
    const started = performance.now();
    const given = request.headers.get("X-Request-Id") ?? "";
    const id = /^[\w.-]{1,64}$/.test(given) ? given : crypto.randomUUID();
    const { method } = request;
    const route = routeOf(new URL(request.url).pathname, basePath);
    const answer = await handle(request, env);
    const ms = performance.now() - started;
    metrics.request(route, method, answer.status, ms / 1000);
    log.info({ id, method, route, status: answer.status, ms: Math.round(ms * 10) / 10 }, "request");
    const headers = new Headers(answer.headers);
    headers.set("X-Request-Id", id);
    const isStream = headers.get("Content-Type")?.startsWith("text/event-stream") === true;
    const body = isStream && answer.body !== null ? counted(answer.body) : answer.body;
    return new Response(body, { status: answer.status, headers });
  }

  function counted(body: ReadableStream<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> {
    const reader = body.getReader();
    let stop: (() => void) | undefined;
    const end = (): void => {
      if (stop !== undefined && streams.delete(stop)) metrics.stream(-1);
    };
    return new ReadableStream({
      start(controller) {
        stop = () => {
          end();
          controller.close();
          void reader.cancel();
        };
        streams.add(stop);
        metrics.stream(1);
      },
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (stop === undefined || !streams.has(stop)) return;
          if (!done) return controller.enqueue(value);
          end();
          controller.close();
        } catch (error) {
          end();
          controller.error(error);
        }
      },
      async cancel(reason) {
        end();
        await reader.cancel(reason);
      },
    });
  }

  return {
    handle: observe,
    endStreams() {
      for (const stop of streams) stop();
    },
  };
}
