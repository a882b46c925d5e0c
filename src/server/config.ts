import type { Assets, GatewayOptions, KeepOptions } from "../gateway/index.ts";
import type { DrainTimes } from "./drain.ts";
import type { Timeouts } from "./listener.ts";

/** What the server gives the gateway by itself. */
export type NotOfConfig = "store" | "clientAddress" | "onError" | "onRefused";

/** What `podpora.config.ts` gives. Everything of the gateway's own options, and where it listens. */
export interface Config extends Omit<GatewayOptions, NotOfConfig> {
  /** @default the package's own files */
  readonly assets?: Assets;
  /**
   * Where earlier builds of the widget are kept, for pages that were open before an upgrade. Shared by all copies. Not used
   * with `assets`. @default only the build of this version is served
   */
  readonly keep?: KeepOptions;
  /** @default 8080 */
  readonly port?: number;
  /** @default "127.0.0.1": behind a proxy on the same machine */
  readonly host?: string;
  /** Where health, readiness and metrics stand: not for everybody. */
  readonly management?: {
    /** @default 9090 */
    readonly port?: number;
    /** @default "127.0.0.1" */
    readonly host?: string;
    /**
     * Whether `/readyz` answers 200 while Redis is away. Then the balancer keeps a copy that still serves the widget's files and
     * tells everybody else to come back later. Set it where all copies share one Redis, or one fault takes all of them out.
     * @default false
     */
    readonly readyWithoutStore?: boolean;
  };
  readonly drain?: DrainTimes;
  readonly timeouts?: Timeouts;
  /** What copies of the gateway share, such as "redis://redis.example.org:6379". Absent: there is one copy alone. */
  readonly redis?: string;
  /** How many proxies stand in front: who calls is as many from the end of `X-Forwarded-For`. @default 0 */
  readonly proxies?: number;
}

/** Gives the config as it is: for its types. */
export function defineConfig(config: Config): Config {
  return config;
}

/** What `createGateway` takes of it. */
export function gatewayOptionsOf(config: Config): Omit<GatewayOptions, NotOfConfig> {
  const own: readonly string[] = Object.keys(ofServer);
  const names = Object.keys(config).filter((name) => !own.includes(name));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- by the types of both, what is left is the gateway's
  return Object.fromEntries(names.map((name) => [name, Reflect.get(config, name)])) as unknown as GatewayOptions;
}

/** By type, each option that is not the gateway's is here. */
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
