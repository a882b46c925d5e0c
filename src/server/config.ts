import type { Assets, GatewayOptions } from "../gateway/index.ts";

/** What `podpora.config.ts` gives. Everything of the gateway's own options, and where it listens. */
export interface Config extends Omit<GatewayOptions, "store" | "clientAddress" | "onError"> {
  /** @default the package's own files */
  readonly assets?: Assets;
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
  };
  /** What copies of the gateway share, such as "redis://redis.example.org:6379". Absent: there is one copy alone. */
  readonly redis?: string;
  /** How many proxies stand in front: who calls is as many from the end of `X-Forwarded-For`. @default 0 */
  readonly proxies?: number;
}

/** What of it is the gateway's. Throws a ConfigError for an option that does not fit. */
export function gatewayOptionsOf(config: Config): GatewayOptions {
  const { port: _port, host: _host, management: _management, redis: _redis, proxies = 0, ...options } = config;
  if (proxies > 0 && options.publicOrigin === undefined) {
    throw new ConfigError(
      'behind a proxy the gateway has to know its own address: set `publicOrigin`, such as "https://help.example.org"',
    );
  }
  return options;
}

/** Gives the config as it is: for its types. */
export function defineConfig(config: Config): Config {
  return config;
}

/** A secret, from the environment alone. Throws with what to do when it is not there. */
export function secret(name: string): string {
  const value = process.env[name];
  if (value === undefined || value.trim() === "") {
    throw new ConfigError(`the environment has no ${name}: start it with ${name}=… or an --env-file of Node's`);
  }
  return value.trim();
}

/** What whoever runs the gateway has to change. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
