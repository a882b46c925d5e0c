import type { Adapter, Area } from "../core/contract/adapter.ts";
import type { Assets } from "./assets.ts";
import type { SharedStore } from "./shared-store.ts";
import { memoryStore } from "./memory-store.ts";
import { checkOptions } from "./options-check.ts";
import { defaultRates, type Rates } from "./rate-limits.ts";

export interface GatewayOptions {
  /** The desk. The gateway disposes of it in its own `dispose`. */
  readonly adapter: Adapter;
  /**
   * Signs the gateway's own tokens (guests, sign-in, chat page). At least 32 bytes, the same for every copy. Of a list
   * the first signs and all are accepted: that is how a secret is changed without signing anybody out.
   */
  readonly secret: string | readonly string[];
  /** Such as "/podpora", without a slash at the end. @default "" */
  readonly basePath?: string;
  /**
   * The origin by which browsers reach the gateway, such as "https://help.example.org". It is in the addresses that the
   * gateway gives. @default none: they are relative to the address that the widget calls
   */
  readonly publicOrigin?: string;
  /** How the site's own signed tokens are checked. Absent: there are none. */
  readonly identity?: IdentityOptions;
  /** Whether who is not signed in may use what is open to guests. @default true */
  readonly guests?: boolean;
  /** @default everything is open to guests; with `identity`, tickets are for members */
  readonly access?: AccessOptions;
  /** Other origins whose pages may call the gateway, such as "https://www.example.org". @default none: its own alone */
  readonly origins?: readonly string[];
  /** The name in the panel's header. */
  readonly team?: string;
  /** Where `podpora.js` and the locales come from: `assetsFrom(directory)`. Absent: none are served. */
  readonly assets?: Assets;
  /** Where files stand until they are whole. Needed when the adapter has uploads; shared by all copies. */
  readonly uploads?: { readonly directory: string };
  readonly limits?: Partial<Rates>;
  /** What copies of the gateway share. @default in memory: for one copy alone */
  readonly store?: SharedStore;
  /**
   * Who calls, for rate limits. Name it behind a proxy: there every caller has the proxy's address.
   * @default the address of the connection, under @hono/node-server
   */
  readonly clientAddress?: (request: Request, env: unknown) => string | undefined;
  /** Told of what went wrong without the member's doing. @default one line to the error output */
  readonly onError?: (error: unknown) => void;
}

/** How the site signs its tokens. */
export type IdentityOptions = SecretIdentity | JwksIdentity;

/** By a secret that the site and the gateway share (HS256, HS384, HS512). Of a list, all are accepted. */
export interface SecretIdentity {
  readonly audience: string;
  readonly issuer?: string;
  readonly secret: string | readonly string[];
}

/** By the private key of an identity provider, which publishes its public keys. */
export interface JwksIdentity {
  readonly audience: string;
  /** The `iss` of its tokens. */
  readonly issuer: string;
  /** Where its keys are (RFC 7517), by https. */
  readonly jwksUrl: string;
  /**
   * The provider lets nobody have an address that is not theirs, although it does not say so by `email_verified`. Desks
   * find a member's tickets by their address. @default false: without `email_verified: true` the address is left out
   */
  readonly emailsAreVerified?: boolean;
}

/** To whom an area is open: from a rank upward, to whoever is signed in, to everyone. */
export type AccessRule = { readonly from: string } | "members" | "guests";

export interface AccessOptions extends Readonly<Partial<Record<Area, AccessRule>>> {
  /** All of them, the lowest first. */
  readonly ranks?: readonly string[];
}

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
  readonly team: string | undefined;
  readonly assets: Assets | undefined;
  readonly uploadDirectory: string | undefined;
  readonly rates: Rates;
  readonly store: SharedStore;
  readonly clientAddress: (request: Request, env: unknown) => string | undefined;
  readonly onError: (error: unknown) => void;
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
    team: options.team,
    assets: options.assets,
    uploadDirectory: options.uploads?.directory,
    rates: { ...defaultRates, ...options.limits },
    store: options.store ?? memoryStore(),
    clientAddress: options.clientAddress ?? connectionAddress,
    onError: options.onError ?? report,
  };
}

export function listOf(secret: string | readonly string[]): readonly string[] {
  return typeof secret === "string" ? [secret] : secret;
}

/** What @hono/node-server hands on beside the request. */
function connectionAddress(_request: Request, env: unknown): string | undefined {
  const incoming = property(env, "incoming");
  const address = property(property(incoming, "socket"), "remoteAddress");
  return typeof address === "string" ? address : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function report(error: unknown): void {
  // oxlint-disable-next-line no-console -- the default, for want of a log
  console.error("[podpora]", error);
}
