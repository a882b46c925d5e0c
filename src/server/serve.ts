import type { Server } from "node:http";
import { serve as listen, type ServerType } from "@hono/node-server";
import { assetsFrom, createGateway, memoryStore, redisStore, type SharedStore } from "../gateway/index.ts";
import { gatewayOptionsOf, type Config } from "./config.ts";
import { createLog, sayable, type Log } from "./log.ts";
import { createManagement } from "./management.ts";
import { createMetrics } from "./metrics.ts";
import { observed } from "./observed.ts";
import { watched } from "./watched.ts";

export interface Running {
  /** Such as "http://127.0.0.1:8080". */
  readonly origin: string;
  readonly management: string;
  /** Answers what is asked already, takes no more, and lets everything go. Twice is once. */
  stop(): Promise<void>;
}

const PORT = 8080;
const MANAGEMENT_PORT = 9090;
const HOST = "127.0.0.1";
/** How long what was asked already may take. */
const DRAIN_MS = 10_000;
const builtFiles = new URL("../../dist/", import.meta.url);

/** The gateway on its port, and what looks after it on another. Rejects when a port is taken. */
export async function serve(config: Config, log: Log = createLog()): Promise<Running> {
  const metrics = createMetrics();
  const redis = config.redis === undefined ? undefined : redisStore({ url: config.redis, onError: said("redis") });
  const store: SharedStore = redis ?? memoryStore();
  const { host = HOST, port = PORT, proxies = 0 } = config;
  let stopping: Promise<void> | undefined;

  function said(what: string) {
    return (error: unknown): void => log.error({ ...sayable(error), what });
  }

  const gateway = createGateway({
    ...gatewayOptionsOf(config),
    adapter: observed(config.adapter, metrics),
    store,
    assets: config.assets ?? assetsFrom(builtFiles),
    onError: said("desk"),
    ...(proxies === 0 ? {} : { clientAddress: (request: Request) => forwardedFor(request, proxies) }),
  });
  const requests = watched(gateway.fetch, { basePath: config.basePath ?? "", log, metrics });
  const server = await started(requests.handle, port, host);
  const management = createManagement({ metrics, store, isStopping: () => stopping !== undefined });
  const place = { port: MANAGEMENT_PORT, host: HOST, ...config.management };
  const managementServer = await started(management, place.port, place.host).catch(async (error: unknown) => {
    await closed(server);
    throw error;
  });
  log.info({ origin: originOf(server), adapter: config.adapter.name }, "started");

  async function stop(): Promise<void> {
    log.info("stopping");
    // Streams would stay for as long as somebody looks; what was asked is answered.
    const drained = closed(server);
    const patience = setTimeout(() => cut(server), DRAIN_MS);
    requests.endStreams();
    await drained;
    clearTimeout(patience);
    await gateway.dispose();
    redis?.close();
    cut(managementServer);
    await closed(managementServer);
    log.info("stopped");
  }

  return {
    origin: originOf(server),
    management: originOf(managementServer),
    stop: () => (stopping ??= stop()),
  };
}

type Handler = (request: Request, env: unknown) => Promise<Response>;

async function started(fetch: Handler, port: number, hostname: string): Promise<ServerType> {
  const server = listen({ fetch, port, hostname });
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  });
  return server;
}

function originOf(server: ServerType): string {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server listens on no port");
  return `http://${address.family === "IPv6" ? `[${address.address}]` : address.address}:${address.port}`;
}

async function closed(server: ServerType): Promise<void> {
  await new Promise((resolve) => {
    server.close(resolve);
    if (isHttp(server)) server.closeIdleConnections();
  });
}

function cut(server: ServerType): void {
  if (isHttp(server)) server.closeAllConnections();
}

function isHttp(server: ServerType): server is Server {
  return "closeAllConnections" in server;
}

/** The address that the outermost proxy of ours saw: what stands before it anybody can write. */
function forwardedFor(request: Request, proxies: number): string | undefined {
  const addresses = (request.headers.get("X-Forwarded-For") ?? "").split(",").map((each) => each.trim());
  return addresses.at(-proxies) || undefined;
}
