import { AdapterError, isAdapterError } from "../../core/contract/errors.ts";
import type { TokenSource } from "../../core/contract/token-source.ts";
import { abortable } from "../../core/contract/abortable.ts";

export interface Authorization {
  /**
   * Runs with the caller's token, and once more with a new one if it was refused. A caller without a token becomes a
   * guest.
   */
  withToken<T>(signal: AbortSignal, run: (token: string) => Promise<T>): Promise<T>;
  /** Like `withToken`, but a caller without a valid token stays without. */
  withTokenIfAny<T>(signal: AbortSignal, run: (token: string | undefined) => Promise<T>): Promise<T>;
}

export function createAuthorization(source: TokenSource, becomeGuest: () => Promise<string>): Authorization {
  const guest = shared(async () => {
    if (source.becomeGuest) return await source.becomeGuest(becomeGuest);
    const token = await becomeGuest();
    await source.set(token, true);
    return token;
  });
  let renewing: { readonly refused: string; readonly fresh: Promise<string | undefined> } | undefined;
  /** Calls that were refused with the same token share one renewal; a failed renewal is not kept. */
  async function renew(refused: string): Promise<string | undefined> {
    if (renewing?.refused !== refused) renewing = { refused, fresh: Promise.resolve(source.renew?.(refused)) };
    const mine = renewing;
    return await mine.fresh.finally(() => {
      if (renewing === mine) renewing = undefined;
    });
  }

  async function current(signal: AbortSignal): Promise<string | undefined> {
    return await abortable(asked(source.get()), signal);
  }

  /** A token other than the refused one. */
  async function another(refused: string, signal: AbortSignal): Promise<string | undefined> {
    const now = await current(signal);
    const fresh = now === refused ? await abortable(asked(renew(refused)), signal) : now;
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
    if (isAdapterError(cause)) throw cause;
    throw new AdapterError("unavailable", "the site gave no token: its getToken failed", { cause });
  }
}

/** Calls during a running call get its outcome. */
function shared<T>(make: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () =>
    (running ??= make().finally(() => {
      running = undefined;
    }));
}
