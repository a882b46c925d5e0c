import type { VirtualClock } from "./clock.ts";

/** The connection between one tab and the gateway. */
export interface Link {
  online: boolean;
  /** The gateway handles this many of the next writes, but their answers are lost. */
  loseAnswers: number;
  /** A stream's headers arrive, but none of its data. */
  holdStreams: boolean;
  isAsleep: boolean;
  /** The tab is closed: no more traffic. */
  isClosed: boolean;
  /** Cuts all open streams. */
  cut(): void;
}

export interface Network {
  /** Installed as the global `fetch`. A tab is identified by the host name in its requests. */
  readonly fetch: typeof fetch;
  linkOf(host: string): Link;
  readonly requests: { count: number };
}

export interface NetworkOptions {
  readonly clock: VirtualClock;
  readonly random: () => number;
  readonly serve: (request: Request) => Promise<Response>;
  /** Called for each request that reaches the gateway. */
  readonly onRequest: (request: {
    readonly token: string | undefined;
    readonly body: string;
    readonly url: URL;
  }) => void;
}

export function simulateNetwork({ clock, random, serve, onRequest }: NetworkOptions): Network {
  const links = new Map<string, Link & { readonly cuts: Set<() => void> }>();
  const requests = { count: 0 };

  function linkOf(host: string) {
    const known = links.get(host);
    if (known) return known;
    const cuts = new Set<() => void>();
    const link = {
      online: true,
      loseAnswers: 0,
      holdStreams: false,
      isAsleep: false,
      isClosed: false,
      cuts,
      cut: () => cuts.forEach((cut) => cut()),
    };
    links.set(host, link);
    return link;
  }

  const failed = () => new TypeError("Failed to fetch");
  /** Most answers are quick; one in ten takes seconds. */
  const latency = () => (random() < 0.1 ? 500 + random() * 3_000 : 5 + random() * 80);

  async function pass(link: Link, signal: AbortSignal) {
    await clock.sleep(latency(), signal);
    while (link.isAsleep) await clock.sleep(1_000, signal);
    if (!link.online || link.isClosed) throw failed();
  }

  async function simulatedFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    const { signal } = request;
    const url = new URL(request.url);
    const link = linkOf(url.hostname);
    await pass(link, signal);
    requests.count += 1;
    const token = /^Bearer (.*)$/.exec(request.headers.get("Authorization") ?? "")?.[1];
    const isJson = request.headers.get("Content-Type") === "application/json";
    const body = isJson ? await clock.during(request.clone().text()) : "";
    onRequest({ token, body, url });
    // A stream's start waits for virtual time, which therefore must keep running.
    const response = await (url.pathname.endsWith("/events") ? serve(request) : clock.during(serve(request)));
    const isStream = /event-stream/.test(response.headers.get("Content-Type") ?? "");
    if (isStream) return streamed(response, link, signal);
    if (request.method !== "GET" && link.loseAnswers > 0) {
      link.loseAnswers -= 1;
      throw failed();
    }
    await pass(link, signal);
    return response;
  }

  function streamed(response: Response, link: ReturnType<typeof linkOf>, signal: AbortSignal): Response {
    const reader = response.body?.getReader();
    const held: Uint8Array[] = [];
    let cut: () => void = () => undefined;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        let isOver = false;
        function end(finish: () => void) {
          if (isOver) return;
          isOver = true;
          link.cuts.delete(cut);
          finish();
          void reader?.cancel().catch(() => undefined);
        }
        cut = () => end(() => controller.error(failed()));
        link.cuts.add(cut);
        signal.addEventListener("abort", () => end(() => controller.error(signal.reason)), { once: true });
        void (async () => {
          for (;;) {
            const chunk = await reader?.read();
            if (isOver) return;
            if (!chunk || chunk.done) return end(() => controller.close());
            held.push(chunk.value);
            while (link.holdStreams || link.isAsleep) {
              await clock.sleep(500);
              if (isOver) return;
            }
            await clock.sleep(5 + random() * 50);
            if (isOver) return;
            for (const bytes of held.splice(0)) controller.enqueue(bytes);
          }
        })().catch(() => cut());
      },
      cancel: () => void reader?.cancel().catch(() => undefined),
    });
    return new Response(body, { status: response.status, headers: response.headers });
  }

  return { fetch: simulatedFetch, linkOf, requests };
}
