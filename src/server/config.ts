import type { Assets, GatewayOptions, KeepOptions } from "../gateway/index.ts";
import type { DrainTimes } from "./drain.ts";
import type { Timeouts } from "./listener.ts";

/** Options that the server sets itself. */
export type NotOfConfig = "store" | "clientAddress" | "onError" | "onRefused";

/** The export of `podpora.config.ts`: the gateway's options and the server's own. */
export interface Config extends Omit<GatewayOptions, NotOfConfig> {
  /** @default the package's own files */
  readonly assets?: Assets;
  /**
   * Where earlier builds of the widget are kept, for pages that were open before an upgrade. Shared by all copies.
   * Ignored with `assets`. @default only this version's build is served
   */
  readonly keep?: KeepOptions;
  /** @default 8080 */
  readonly port?: number;
  /** @default "127.0.0.1", for a proxy on the same machine */
  readonly host?: string;
  /** The listener for health, readiness and metrics. Must not be public. */
  readonly management?: {
    /** @default 9090 */
    readonly port?: number;
    /** @default "127.0.0.1" */
    readonly host?: string;
    /**
     * Whether `/readyz` answers 200 while Redis is down. The load balancer then keeps a copy that still serves the
     * widget's files, and API calls get "try again later". Set it if all copies share one Redis; otherwise a Redis
     * outage takes all of them out.
     * @default false
     */
    readonly readyWithoutStore?: boolean;
  };
  readonly drain?: DrainTimes;
  readonly timeouts?: Timeouts;
  /** The Redis shared by all copies, such as "redis://redis.example.org:6379". Without it, only one copy may run. */
  readonly redis?: string;
  /**
   * The number of trusted proxies. The client address is taken that many entries from the right of `X-Forwarded-For`.
   * @default 0
   */
  readonly proxies?: number;
}

/** Returns the config unchanged; for type checking. */
export function defineConfig(config: Config): Config {
  return config;
}

/** The options for `createGateway`. */
export function gatewayOptionsOf(config: Config): Omit<GatewayOptions, NotOfConfig> {
  const own: readonly string[] = Object.keys(ofServer);
  const names = Object.keys(config).filter((name) => !own.includes(name));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the rest are the gateway's, by type
  return Object.fromEntries(names.map((name) => [name, Reflect.get(config, name)])) as unknown as GatewayOptions;
}

/** The type makes sure that every option that is not the gateway's is listed. */
const ofServer: Readonly<Record<Exclude<keyof Config, keyof GatewayOptions>, true>> = {
  drain: true,
  host: true,
  keep: true,
  management: true,
  port: true,
  proxies: true,
  redis: true,
  timeouts: true,
};
