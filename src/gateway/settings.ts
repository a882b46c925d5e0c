import type { Adapter, Area } from "../core/contract/adapter.ts";
import type { Assets } from "./assets.ts";
import { memoryStore } from "./memory-store.ts";
import type { AccessRule, GatewayOptions, IdentityOptions } from "./options.ts";
import { checkOptions } from "./options-check.ts";
import { connectionAddress } from "./connection-address.ts";
import { defaultRates, type Rates } from "./rate-limits.ts";
import type { Refusal } from "./refusal.ts";
import type { SharedStore } from "./shared-store.ts";
import type { Welcome } from "./welcome.ts";

/** The options, validated and with defaults. */
export interface Settings {
  readonly adapter: Adapter;
  readonly secrets: readonly string[];
  readonly basePath: string;
  readonly publicOrigin: string | undefined;
  readonly identity: IdentityOptions | undefined;
  readonly guests: boolean;
  readonly ranks: readonly string[];
  readonly rules: Readonly<Record<Area, AccessRule>>;
  readonly origins: readonly string[];
  readonly welcome: Welcome;
  readonly assets: Assets | undefined;
  readonly uploadDirectory: string | undefined;
  readonly rates: Rates;
  readonly store: SharedStore;
  readonly clientAddress: (request: Request, env: unknown) => string | undefined;
  readonly onError: (error: unknown) => void;
  readonly onRefused: (request: Request, refusal: Refusal) => void;
}

/** Throws a TypeError that names the option and says what to do. */
export function settingsOf(options: GatewayOptions): Settings {
  checkOptions(options);
  const { adapter, secret, basePath = "", access = {}, origins = [] } = options;
  return {
    adapter,
    secrets: listOf(secret),
    basePath,
    publicOrigin: options.publicOrigin,
    identity: options.identity,
    guests: options.guests ?? true,
    ranks: access.ranks ?? [],
    rules: { tickets: access.tickets ?? (options.identity ? "members" : "guests"), chat: access.chat ?? "guests" },
    origins,
    welcome: options,
    assets: options.assets,
    uploadDirectory: options.uploads?.directory,
    rates: { ...defaultRates, ...options.limits },
    store: options.store ?? memoryStore(),
    clientAddress: options.clientAddress ?? connectionAddress,
    onError: options.onError ?? report,
    onRefused: options.onRefused ?? (() => undefined),
  };
}

export function listOf(secret: string | readonly string[]): readonly string[] {
  return typeof secret === "string" ? [secret] : secret;
}

function report(error: unknown): void {
  // oxlint-disable-next-line no-console -- the default, for want of a log
  console.error("[podpora]", error);
}
