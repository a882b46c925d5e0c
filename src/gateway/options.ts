import type { Adapter, AgentProfile, Area } from "../core/contract/adapter.ts";
import type { Assets } from "./assets.ts";
import type { Refusal } from "./refusal.ts";
import type { SharedStore } from "./shared-store.ts";
import type { Rates } from "./rate-limits.ts";

export interface GatewayOptions {
  /** The desk. The gateway disposes of it in its own `dispose`. */
  readonly adapter: Adapter;
  /**
   * Signs the gateway's own tokens (guests, sign-in, chat page). At least 32 bytes, the same for every copy. Of a list
   * the first signs and all are accepted, so that a secret can be changed without signing anybody out.
   */
  readonly secret: string | readonly string[];
  /** Such as "/podpora", without a trailing slash. @default "" */
  readonly basePath?: string;
  /**
   * The origin by which browsers reach the gateway, such as "https://help.example.org". Used in addresses that the
   * gateway returns. @default none: they are relative to the address that the widget calls
   */
  readonly publicOrigin?: string;
  /** How the site's own signed tokens are verified. Absent: the site issues none. */
  readonly identity?: IdentityOptions;
  /** Whether people without a sign-in may use what is open to guests. @default true */
  readonly guests?: boolean;
  /** @default everything is open to guests; with `identity`, tickets are for members */
  readonly access?: AccessOptions;
  /** Other origins whose pages may call the gateway, such as "https://www.example.org". @default none: its own alone */
  readonly origins?: readonly string[];
  /** The name in the panel's header. */
  readonly team?: string;
  /** Some of the team, at most 5, for the first screen. */
  readonly agents?: readonly AgentProfile[];
  /** Shown on the first screen, such as "Payments are slow today". */
  readonly notice?: SiteText;
  /**
   * What a member must agree to before their first message, such as "I agree to the [privacy policy](https://…)". No
   * message is sent before that; files are uploaded when they are chosen.
   */
  readonly consent?: SiteText;
  /** Where `podpora.js` and its files come from: `assetsFrom(directory)`. Absent: none are served. */
  readonly assets?: Assets;
  /** Where files are stored until they are complete. Required if the adapter has uploads; shared by all copies. */
  readonly uploads?: { readonly directory: string };
  readonly limits?: Partial<Rates>;
  /** State that copies of the gateway share. @default in memory: for a single copy */
  readonly store?: SharedStore;
  /**
   * The client's address, for rate limits. Set it behind a proxy: there every caller has the proxy's address.
   * @default the address of the connection, under @hono/node-server
   */
  readonly clientAddress?: (request: Request, env: unknown) => string | undefined;
  /** Called with errors that the member did not cause. @default one line to the error output */
  readonly onError?: (error: unknown) => void;
  /** Called with the reason for each refused caller: an invalid token, or a limit. */
  readonly onRefused?: (request: Request, refusal: Refusal) => void;
}

/** One text for everyone, or one for each language tag: `{ en: "…", sl: "…" }`. */
export type SiteText = string | Readonly<Record<string, string>>;

/** How the site signs its tokens. */
export type IdentityOptions = SecretIdentity | JwksIdentity;

/** With a secret that the site and the gateway share (HS256, HS384, HS512). Of a list, all are accepted. */
export interface SecretIdentity {
  readonly audience: string;
  readonly issuer?: string;
  readonly secret: string | readonly string[];
}

/** With the private key of an identity provider, which publishes its public keys. */
export interface JwksIdentity {
  readonly audience: string;
  /** The `iss` of its tokens. */
  readonly issuer: string;
  /** The address of its keys (RFC 7517), with https. */
  readonly jwksUrl: string;
  /**
   * The provider verifies every address, but does not send `email_verified`. Desks find a member's tickets by their
   * address. @default false: without `email_verified: true` the address is ignored
   */
  readonly emailsAreVerified?: boolean;
}

/** Who may use an area: members from a rank upward, every signed-in member, everyone. */
export type AccessRule = { readonly from: string } | "members" | "guests";

export interface AccessOptions extends Readonly<Partial<Record<Area, AccessRule>>> {
  /** All ranks, lowest first. */
  readonly ranks?: readonly string[];
}
