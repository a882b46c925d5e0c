import { AdapterError, isAdapterError } from "../../core/contract/errors.ts";
import { abortable } from "./errors.ts";

/** Where the caller's token is kept, and where the site's comes from. */
export interface TokenSource {
  /** The one to use now. */
  get(): Promise<string | undefined>;
  /** A token of the gateway's own (a guest's, a sign-in's), or undefined to forget it. */
  set(token: string | undefined): Promise<void>;
  /** Asks the site for a new one, when the gateway no longer takes the last; `get` gives it from then on. */
  renew?(): Promise<string | undefined>;
  /** Told when the gateway took neither the token nor a new one: somebody has to sign in again. */
  refused?(): void;
}

export interface Authorization {
  /** Runs with the caller's token, once more with a new one when it was refused. A caller without any becomes a guest. */
  withToken<T>(signal: AbortSignal, run: (token: string) => Promise<T>): Promise<T>;
  /** As `withToken`, but a caller without a token, or with one that is no longer good, stays without. */
  withTokenIfAny<T>(signal: AbortSignal, run: (token: string | undefined) => Promise<T>): Promise<T>;
}

export function createAuthorization(source: TokenSource, becomeGuest: () => Promise<string>): Authorization {
  const guest = shared(async () => {
    const token = await becomeGuest();
    await source.set(token);
    return token;
  });
  const renew = shared(async () => await source.renew?.());

  async function current(signal: AbortSignal): Promise<string | undefined> {
    return await abortable(asked(source.get()), signal);
  }

  /** A token other than the one that was refused. */
  async function another(refused: string, signal: AbortSignal): Promise<string | undefined> {
    const now = await current(signal);
    const fresh = now === refused ? await abortable(asked(renew()), signal) : now;
    return fresh === refused ? undefined : fresh;
  }

  async function run<T>(token: string, signal: AbortSignal, call: (token: string) => Promise<T>): Promise<T> {
    try {
      return await call(token);
    } catch (error) {
      const fresh = isUnauthorized(error) ? await another(token, signal) : undefined;
      if (fresh === undefined) throw error;
      return await call(fresh);
    }
  }

  return {
    async withToken(signal, call) {
      const token = (await current(signal)) ?? (await abortable(guest(), signal));
      try {
        return await run(token, signal, call);
      } catch (error) {
        if (isUnauthorized(error)) source.refused?.();
        throw error;
      }
    },
    async withTokenIfAny(signal, call) {
      const token = await current(signal);
      if (token === undefined) return await call(undefined);
      try {
        return await run(token, signal, call);
      } catch (error) {
        if (!isUnauthorized(error)) throw error;
        await source.set(undefined);
        return await call(undefined);
      }
    },
  };
}

export function isUnauthorized(error: unknown): boolean {
  return isAdapterError(error) && error.code === "unauthorized";
}

/** The site's own code may fail in any way. */
async function asked(promise: Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await promise;
  } catch (cause) {
    throw new AdapterError("unavailable", "the site gave no token: its getToken failed", { cause });
  }
}

/** Calls that come while one runs get that one's outcome. */
function shared<T>(make: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () =>
    (running ??= make().finally(() => {
      running = undefined;
    }));
}
