import type { Adapter, Area } from "../core/contract/adapter.ts";
import type { Assets } from "./assets.ts";
import type { BucketLimit, SharedStore } from "./shared-store.ts";
import { memoryStore } from "./memory-store.ts";
import { defaultRates, type Rates } from "./rate-limits.ts";

export interface GatewayOptions {
  /** The desk. The gateway disposes of it in its own `dispose`. */
  readonly adapter: Adapter;
  /** Signs the gateway's own tokens (guests, sign-in, chat page). At least 32 bytes, the same for every copy. */
  readonly secret: string;
  /** Such as "/podpora", without a slash at the end. @default "" */
  readonly basePath?: string;
  /**
   * The origin by which browsers reach the gateway, such as "https://help.example.org", where a proxy in front of it
   * changes that. @default the origin of each request
   */
  readonly publicOrigin?: string;
  /** How the site's own signed tokens are checked. Absent: there are none. */
  readonly identity?: IdentityOptions;
  /** Whether who is not signed in may use what is open to guests. @default true */
  readonly guests?: boolean;
  /** @default everything is open to guests */
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

/** A shared secret (HS256, HS384, HS512), or the address of the site's public keys. */
export type IdentityOptions = { readonly audience: string; readonly issuer?: string } & (
  | { readonly secret: string }
  | { readonly jwksUrl: string }
);

/** To whom an area is open: from a rank upward, to whoever is signed in, to everyone. */
export type AccessRule = { readonly from: string } | "members" | "guests";

export interface AccessOptions extends Readonly<Partial<Record<Area, AccessRule>>> {
  /** All of them, the lowest first. */
  readonly ranks?: readonly string[];
}

export interface Settings {
  readonly adapter: Adapter;
  readonly secret: string;
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

const SECRET_BYTES = 32;

/** Throws a TypeError that names the option and says what to do. */
export function settingsOf(options: GatewayOptions): Settings {
  const { adapter, secret, basePath = "", access = {}, origins = [] } = options;
  checkOptions(options);
  return {
    adapter,
    secret,
    basePath,
    publicOrigin: options.publicOrigin,
    identity: options.identity,
    guests: options.guests ?? true,
    ranks: access.ranks ?? [],
    rules: { tickets: access.tickets ?? "guests", chat: access.chat ?? "guests" },
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

function checkOptions(options: GatewayOptions): void {
  const { adapter, basePath = "", publicOrigin, origins = [], uploads } = options;
  check(adapter.tickets !== undefined || adapter.chat !== undefined, "adapter", "has neither tickets nor chat");
  checkSecret(options.secret, "secret");
  check(/^(\/[\w.~-]+)*$/.test(basePath), "basePath", 'must be "" or begin with a slash and end without one');
  if (publicOrigin !== undefined) checkOrigin(publicOrigin, "publicOrigin");
  for (const origin of origins) checkOrigin(origin, "origins");
  checkIdentity(options.identity);
  checkAccess(options.access ?? {});
  checkRates(options.limits ?? {});
  const directory = adapter.uploads === undefined || Boolean(uploads?.directory);
  check(directory, "uploads.directory", "is needed: the adapter takes files, which stand there until they are whole");
}

function check(fits: boolean, option: string, fault: string): void {
  if (!fits) throw new TypeError(`createGateway: the option "${option}" ${fault}.`);
}

function checkSecret(secret: unknown, option: string): void {
  const long = typeof secret === "string" && new TextEncoder().encode(secret).length >= SECRET_BYTES;
  check(long, option, `must be a string of at least ${SECRET_BYTES} bytes, such as \`openssl rand -base64 32\` gives`);
}

function checkOrigin(origin: string, option: string): void {
  const fits = URL.canParse(origin) && new URL(origin).origin === origin;
  check(fits, option, `holds "${origin}", which is no origin: write it like "https://www.example.org"`);
}

function checkIdentity(identity: IdentityOptions | undefined): void {
  if (identity === undefined) return;
  check(Boolean(identity.audience), "identity.audience", "is missing: without it any token of the site's would do");
  if ("secret" in identity) checkSecret(identity.secret, "identity.secret");
  else check(URL.canParse(identity.jwksUrl), "identity.jwksUrl", "must be an absolute address");
}

function checkAccess({ ranks = [], tickets, chat }: AccessOptions): void {
  for (const [area, rule] of Object.entries({ tickets, chat })) {
    if (rule === undefined || rule === "members" || rule === "guests") continue;
    const known = ranks.includes(rule.from);
    check(known, `access.${area}`, `names the rank "${rule.from}", which is not in access.ranks (${ranks.join(", ")})`);
  }
}

function checkRates(rates: Partial<Rates>): void {
  for (const [name, { capacity, refillMs }] of Object.entries<BucketLimit>(rates)) {
    check(capacity >= 1 && refillMs > 0, `limits.${name}`, "needs a capacity of 1 or more and a refillMs over 0");
  }
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
