import type { Adapter, Area } from "../core/contract/adapter.ts";
import type { Assets } from "./assets.ts";
import type { Refusal } from "./refusal.ts";
import type { SharedStore } from "./shared-store.ts";
import type { Rates } from "./rate-limits.ts";

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
  /** Where `podpora.js` and its files come from: `assetsFrom(directory)`. Absent: none are served. */
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
  /** Told why a caller was refused: a token that is no good, or a limit. */
  readonly onRefused?: (request: Request, refusal: Refusal) => void;
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
