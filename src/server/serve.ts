import {
  assetsFrom,
  connectionAddress,
  createGateway,
  isStoreError,
  memoryStore,
  redisStore,
  type SharedStore,
  type StoreError,
} from "../gateway/index.ts";
import { isAdapterError } from "../core/contract/errors.ts";
import { checkedConfig } from "./config-schema.ts";
import { gatewayOptionsOf, type Config } from "./config.ts";
import { createDrain } from "./drain.ts";
import { defaultTimeouts, listenOn } from "./listener.ts";
import { createHints } from "./hints.ts";
import { createLog, sayable, type Log } from "./log.ts";
import { createManagement } from "./management.ts";
import { createMetrics } from "./metrics.ts";
import { observed } from "./observed.ts";
import { createReadiness } from "./readiness.ts";
import { watchStore } from "./store-watch.ts";
import { watched } from "./watched.ts";

export interface Running {
  /** Such as "http://127.0.0.1:8080". */
  readonly origin: string;
  readonly management: string;
  /**
   * Becomes unready; after `drain.leadMs` stops accepting connections, finishes running requests within `drain.forMs`,
   * and releases everything. Further calls have no effect.
   */
  stop(): Promise<void>;
  /** Skips the rest of a `stop`: pending requests get no answer. */
  readonly hurry: () => void;
}

const PORT = 8080;
const MANAGEMENT_PORT = 9090;
const HOST = "127.0.0.1";
/** An adapter that hangs in `dispose` must not block the exit. */
const DISPOSE_MS = 5000;
const builtFiles = new URL("../../dist/", import.meta.url);

/**
 * Starts the gateway on its port and the management listener on another. Rejects if a port is in use, or with a
 * ConfigError or TypeError that names the invalid option.
 */
export async function serve(given: Config, log: Log = createLog()): Promise<Running> {
  const config = { host: HOST, port: PORT, proxies: 0, timeouts: {}, ...checkedConfig(given) };
  const { adapter, host, keep, port, proxies, redis, timeouts, uploads } = config;
  const assets = config.assets ?? assetsFrom(builtFiles, keep === undefined ? {} : { keep });
  const metrics = createMetrics({ adapter: adapter.name, widget: assets.version ?? "unknown" });
  let closeStore = (): void => undefined;
  const watch = watchStore({
    log,
    metrics,
    store(onFault) {
      const opened = openStore(redis, onFault);
      closeStore = opened.close;
      return opened.store;
    },
  });
  const desk = observed(adapter, metrics);

  function onError(error: unknown): void {
    const cause = error instanceof Error && isStoreError(error.cause) ? error.cause : error;
    if (isStoreError(cause)) watch.fault(cause);
    else log.error({ ...sayable(cause), what: isAdapterError(cause) ? "desk" : "gateway" }, "error");
  }

  const gateway = createGateway({
    ...gatewayOptionsOf(config),
    adapter: desk.adapter,
    store: watch.store,
    assets,
    onError,
    onRefused: (request, reason) => requests.refused(request, reason),
    ...(proxies === 0 ? {} : { clientAddress: addressBehind(proxies) }),
  });
  const stallMs = timeouts.idleMs ?? defaultTimeouts.idleMs;
  const hints = createHints({ log, proxies, publicOrigin: config.publicOrigin });
  const requests = watched(gateway.fetch, { basePath: config.basePath ?? "", hints, log, metrics, stallMs });
  const listener = await listenOn(requests.handle, { host, port, timeouts });
  const drain = createDrain({ ...config.drain, listener, requests, log });
  const readiness = createReadiness({
    store: watch.store,
    isStopping: drain.hasBegun,
    desk: desk.state,
    uploads: adapter.uploads === undefined ? undefined : uploads?.directory,
    needsStore: config.management?.readyWithoutStore !== true,
  });
  const place = { host: HOST, port: MANAGEMENT_PORT, ...config.management };
  const management = await listenOn(createManagement({ metrics, readiness }), place).catch(async (error: unknown) => {
    await listener.close();
    throw error;
  });
  log.info({ origin: listener.origin, adapter: adapter.name }, "started");

  let stopping: Promise<void> | undefined;
  async function stop(): Promise<void> {
    await drain.run();
    await Promise.race([gateway.dispose().catch(onError), new Promise((resolve) => setTimeout(resolve, DISPOSE_MS))]);
    watch.stop();
    closeStore();
    management.cut();
    await management.close();
    log.info("stopped");
  }

  return {
    origin: listener.origin,
    management: management.origin,
    stop: () => (stopping ??= stop()),
    hurry: drain.hurry,
  };
}

interface OpenStore {
  readonly store: SharedStore;
  readonly close: () => void;
}

function openStore(redis: string | undefined, onFault: (error: StoreError) => void): OpenStore {
  if (redis === undefined) return { store: memoryStore(), close: () => undefined };
  const store = redisStore({ url: redis, onError: onFault });
  return { store, close: store.close };
}

/**
 * The address seen by the outermost trusted proxy; entries to its left can be forged. A request that bypassed a proxy
 * has fewer entries: then it is the first one, or the connection's address.
 */
function addressBehind(proxies: number) {
  return (request: Request, env: unknown): string | undefined => {
    const addresses = (request.headers.get("X-Forwarded-For") ?? "").split(",").map((each) => each.trim());
    return addresses.at(-proxies) || addresses[0] || connectionAddress(request, env);
  };
}
