import { toJson } from "../contract/json.ts";
import { AdapterError } from "../contract/errors.ts";
import { delay } from "../delivery/delay.ts";
import { withDeadline } from "../delivery/deadlines.ts";

/** How the site identifies its member: a signed token, given once or requested when needed. */
export interface SiteIdentity {
  readonly token?: string;
  /** Called again when the gateway no longer accepts the last token. Undefined: nobody is signed in at the site. */
  getToken?(): string | undefined | Promise<string | undefined>;
}

const answerMs = 10_000;
const tries = 3;
const pauseMs = 500;

/**
 * The site's token, or undefined if nobody is signed in. The site's own code may fail in any way, or never answer:
 * after three tries, or ten seconds, this rejects with `unavailable`.
 */
export async function tokenOf(identity: SiteIdentity | undefined, signal: AbortSignal): Promise<string | undefined> {
  try {
    if (!identity?.getToken) return checked(identity?.token);
    return await withDeadline(answerMs, signal, async () => await ask(identity, signal));
  } catch (cause) {
    signal.throwIfAborted();
    // Not every console shows the cause, which says what to change.
    const why = cause instanceof Error ? `: ${cause.message}` : "";
    throw new AdapterError("unavailable", `the site gave no token${why}`, { cause });
  }
}

async function ask(identity: SiteIdentity, signal: AbortSignal): Promise<string | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one try after the other
      return checked(await identity.getToken?.());
    } catch (error) {
      if (attempt === tries) throw error;
      // oxlint-disable-next-line no-await-in-loop -- the pause between two tries
      await delay(pauseMs * attempt, signal);
    }
  }
}

/** The characters of a bearer token (RFC 6750): anything else is a page, or a mistake. */
const bearer = /^[\w.~+/-]+=*$/;

function checked(token: unknown): string | undefined {
  if (token === undefined || token === null || token === "") return undefined;
  if (typeof token === "string" && bearer.test(token)) return token;
  throw new TypeError(
    `what getToken() gave is not a token: it begins with ${toJson(typeof token === "string" ? token.slice(0, 40) : typeof token)}`,
  );
}
