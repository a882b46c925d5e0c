import { AdapterError } from "../contract/errors.ts";
import type { Platform } from "../platform.ts";
import { type SiteIdentity, tokenOf } from "./site-identity.ts";

/** The site's member, and the messages for its developer if identification fails. */
export interface Site {
  /** Whether the site has identified anybody. */
  isNamed(): boolean;
  /** Undefined: no longer anybody. */
  name(next: SiteIdentity | undefined): void;
  /** Its token; undefined if nobody is signed in. Rejects with `unavailable` if it returns none. */
  ask(signal: AbortSignal): Promise<string | undefined>;
  /** A newer token; undefined if the site has given a fixed token. Rejects with `unavailable` like `ask`. */
  renew(signal: AbortSignal): Promise<string | undefined>;
  /** The gateway's result for its token. */
  answered(isRefused: boolean): void;
}

const noToken = "the site gave no token, so the member counts as not signed in";
const noNewToken = "the site gave no new token, so the member counts as signed out";
const tokenRefused =
  "the gateway refuses the site's token, so the member counts as not signed in: compare its key, audience and times with what the gateway expects";

export function createSite(platform: Platform, first: SiteIdentity | undefined): Site {
  let identity = first;
  /** Each fault is reported once, until it works again. */
  let said: string | undefined;

  function complain(message: string, cause: unknown) {
    if (said !== message) platform.warn(message, cause);
    said = message;
  }
  async function asked(signal: AbortSignal, message: string): Promise<string | undefined> {
    try {
      return await tokenOf(identity, signal);
    } catch (error) {
      signal.throwIfAborted();
      complain(message, error);
      throw error;
    }
  }
  return {
    isNamed: () => identity !== undefined,
    name(next) {
      identity = next;
      said = undefined;
    },
    ask: async (signal) => await asked(signal, noToken),
    renew: async (signal) => (identity?.getToken ? await asked(signal, noNewToken) : undefined),
    answered(isRefused) {
      if (isRefused) complain(tokenRefused, new AdapterError("unauthorized", "the gateway answered 401"));
      else said = undefined;
    },
  };
}
