import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";

/** How long the server waits, in ms. */
export interface Timeouts {
  /**
   * Until a connection without a request is closed. Longer than the proxy in front keeps one, or the proxy sends requests
   * into a connection that is being closed. @default 75,000
   */
  readonly keepAliveMs?: number;
  /** Until the head of a request has arrived. @default 80,000 */
  readonly headersMs?: number;
  /** Until a whole request has arrived, with its body. @default 300,000 */
  readonly requestMs?: number;
  /**
   * Until a connection on which no byte moves is cut, such as that of a reader who has stopped reading. Longer than an
   * event stream is quiet, which is 15,000. @default 60,000
   */
  readonly idleMs?: number;
}

export type Handler = (request: Request, env: unknown) => Promise<Response>;

export interface Listener {
  /** Such as "http://127.0.0.1:8080". */
  readonly origin: string;
  /** Takes no more connections. Resolves when those that are open have ended. */
  close(): Promise<void>;
  /** Ends the connections that are open, whatever they wait for. */
  cut(): void;
}

export const defaultTimeouts = { keepAliveMs: 75_000, headersMs: 80_000, requestMs: 300_000, idleMs: 60_000 } as const;

const SWEEP_MS = 100;

/** Listens. Rejects when the port is taken. */
export async function listenOn(
  handle: Handler,
  { host, port, timeouts = {} }: { readonly host: string; readonly port: number; readonly timeouts?: Timeouts },
): Promise<Listener> {
  const { headersMs, idleMs, keepAliveMs, requestMs } = { ...defaultTimeouts, ...timeouts };
  const answer = getRequestListener(handle, { hostname: host });
  const server = createServer(
    { keepAliveTimeout: keepAliveMs, headersTimeout: headersMs, requestTimeout: requestMs },
    (incoming, outgoing) => void answer(incoming, outgoing),
  );
  server.setTimeout(idleMs);
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
    server.listen(port, host);
  });
  return {
    origin: originOf(server),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      // One that becomes idle later would be kept for as long as usual.
      const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
      server.closeIdleConnections();
      await closed;
      clearInterval(sweep);
    },
    cut: () => server.closeAllConnections(),
  };
}

function originOf(server: Server): string {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server listens on no port");
  return `http://${address.family === "IPv6" ? `[${address.address}]` : address.address}:${address.port}`;
}
