import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";

/** Timeouts of the server, in ms. */
export interface Timeouts {
  /**
   * Until an idle connection is closed. Must be longer than the proxy's own keep-alive; otherwise the proxy sends
   * requests into closing connections. @default 75,000
   */
  readonly keepAliveMs?: number;
  /** Until a request's headers have arrived. @default 80,000 */
  readonly headersMs?: number;
  /** Until a request has arrived completely. @default 300,000 */
  readonly requestMs?: number;
  /**
   * Until a connection without traffic is cut, such as that of a reader who has stopped reading. Must be longer than
   * the heartbeat interval of event streams, 15,000. @default 60,000
   */
  readonly idleMs?: number;
}

export type Handler = (request: Request, env: unknown) => Promise<Response>;

export interface Listener {
  /** Such as "http://127.0.0.1:8080". */
  readonly origin: string;
  /** Stops accepting connections. Resolves when the open ones have ended. */
  close(): Promise<void>;
  /** Destroys all open connections. */
  cut(): void;
}

export const defaultTimeouts = { keepAliveMs: 75_000, headersMs: 80_000, requestMs: 300_000, idleMs: 60_000 } as const;

const SWEEP_MS = 100;

/** Starts listening. Rejects if the port is in use. */
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
      // Node closes only connections that are idle now; the sweep closes those that become idle later.
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
