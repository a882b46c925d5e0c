import { computed, signal } from "@preact/signals-core";
import type { TokenSource } from "../contract/token-source.ts";
import { withLease } from "../delivery/lease.ts";
import type { Caller } from "../delivery/caller.ts";
import type { Platform } from "../platform.ts";
import { subjectOf } from "./subject.ts";
import type { TokenStore } from "./token-store.ts";

export interface CredentialsHooks {
  /** Asks the site for a new token. */
  renew(signal: AbortSignal): Promise<string | undefined>;
  /** The token is for another person now: these credentials are no longer valid. */
  onOther(): void;
  /** The gateway accepted neither the token nor a new one. */
  onRefused(): void;
}

/** For a token that is used once more, and never again. */
export const spent: CredentialsHooks = {
  renew: async () => undefined,
  onOther: () => undefined,
  onRefused: () => undefined,
};

/** The token of one person. It never becomes another person's token: that person has other credentials. */
export interface Credentials extends TokenSource, Caller {
  token(): string | undefined;
  /** From now on these belong to one person: a token from a sign-in is stored for the next person. */
  settle(): void;
  /** A newer token of the same person. */
  replace(token: string | undefined): void;
}

/** `left` aborts when the person has left: from then on the credentials store nothing. */
export function createCredentials(
  platform: Platform,
  tokens: TokenStore,
  start: string | undefined,
  left: AbortSignal,
  hooks: CredentialsHooks,
): Credentials {
  const { storage } = platform;
  const token = signal(start);
  let isSettled = false;

  /** The guest's token that the tabs share. Rejects if it is a member's by now. */
  async function guestStored(): Promise<string | undefined> {
    const stored = await tokens.read();
    if (stored && !stored.guest) hooks.onOther();
    left.throwIfAborted();
    return stored?.token;
  }

  return {
    token: () => token.peek(),
    subject: computed(() => subjectOf(token.value)),
    async findSubject() {
      return subjectOf(token.peek() ?? (await guestStored()));
    },
    settle: () => void (isSettled = true),
    replace(next) {
      token.value = next;
    },
    get: async () => token.peek(),
    async set(next, guest = false) {
      const before = token.peek();
      if (next === undefined || !isSettled) token.value = next;
      if (next === undefined) {
        const forgotten = tokens.forget(before);
        // A person whose token has expired leaves at once: none of their text is sent with another one.
        if (isSettled && before !== undefined) hooks.onRefused();
        await forgotten;
      }
      if (next !== undefined && !left.aborted) await tokens.write({ token: next, guest });
    },
    async becomeGuest(make) {
      return await withLease({ platform, storage, name: "token", signal: left }, async () => {
        const own = token.peek();
        if (own !== undefined) return own;
        let guest = await guestStored();
        if (guest === undefined) {
          const made = await make();
          left.throwIfAborted();
          guest = await tokens.begin(made);
          // Another tab may have signed someone in meanwhile: then this guest starts nothing.
          await guestStored();
        }
        token.value = guest;
        // Another tab may have forgotten it, and started another guest, while it was read here.
        const now = await guestStored();
        if (now !== undefined && now !== guest) token.value = now;
        return now ?? guest;
      });
    },
    async renew(refused) {
      const fresh = await hooks.renew(left);
      left.throwIfAborted();
      if (fresh === undefined || fresh === refused) return undefined;
      if (subjectOf(fresh) !== subjectOf(refused)) {
        hooks.onOther();
        left.throwIfAborted();
      }
      token.value = fresh;
      return fresh;
    },
    refused: () => hooks.onRefused(),
  };
}
