import type { Storage } from "../../core/delivery/storage.ts";

/** How the site says who its member is: a signed token, given once or asked for when it is needed. */
export interface Identity {
  readonly token?: string;
  /** Asked again when the gateway says that the last one has run out. */
  getToken?(): string | undefined | Promise<string | undefined>;
}

export interface Tokens {
  get(): Promise<string | undefined>;
  set(token: string | undefined): Promise<void>;
  renew(): Promise<string | undefined>;
  identify(identity: Identity | undefined): void;
  /** Called by the adapter; `whenRefused` says what comes of it. */
  refused(): void;
  whenRefused(listener: () => void): void;
}

const key = "token";

/** The site's token comes first and is never stored; a token of the gateway (sign-in, guest) is, so that it outlives a reload. */
export function createTokens(storage: Storage, first: Identity | undefined): Tokens {
  let identity = first;
  let current: Promise<string | undefined> | undefined;
  let onRefused: (() => void) | undefined;

  async function ask(): Promise<string | undefined> {
    const token = identity?.getToken ? await identity.getToken() : identity?.token;
    if (token) return token;
    const stored = await storage.get(key).catch(() => undefined);
    return typeof stored === "string" ? stored : undefined;
  }

  return {
    get() {
      // A failure is not kept: the next call asks again.
      current ??= ask().catch((error: unknown) => {
        current = undefined;
        throw error;
      });
      return current;
    },
    async set(token) {
      current = Promise.resolve(token);
      await (token === undefined ? storage.delete(key) : storage.set(key, token)).catch(() => undefined);
    },
    async renew() {
      if (!identity?.getToken) return undefined;
      current = ask();
      return await current;
    },
    identify(next) {
      identity = next;
      // Nobody any more: the token in use stays until it has been revoked with the sign-out that follows.
      if (next) current = undefined;
    },
    refused: () => onRefused?.(),
    whenRefused(listener) {
      onRefused = listener;
    },
  };
}

/** An address of the site that knows its visitor by the site's own cookie, and answers with the token as text. */
export function tokenFrom(url: string): Identity {
  return {
    async getToken() {
      const answer = await fetch(url, { credentials: "same-origin", cache: "no-store" });
      if (answer.status === 401 || answer.status === 403 || answer.status === 204) return undefined;
      if (!answer.ok) throw new Error(`"tokenUrl" answered ${answer.status}`);
      return (await answer.text()).trim() || undefined;
    },
  };
}
