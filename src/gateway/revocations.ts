import { hash } from "./hash.ts";
import type { SharedStore } from "./shared-store.ts";

/** Revoked sign-ins, at all copies of the gateway. */
export interface Revocations {
  isRevoked(sessionId: string): Promise<boolean>;
  /** Kept for `keptMs`. Once it resolves, every later check returns true. */
  revoke(sessionId: string, keptMs: number): Promise<void>;
  /** Calls back when this sign-in is revoked from now on. Returns a function that unsubscribes. */
  watch(sessionId: string, onRevoked: () => void): () => void;
  /** Whether a token issued to this member at that time (ms since 1970) was revoked later. */
  isRevokedSince(memberId: string, issued: Issued): Promise<boolean>;
  /** Revokes every token that the site, or the gateway, has issued to this member until now, or until that time. */
  revokeUntil(memberId: string, until: Issued, keptMs: number): Promise<void>;
  /** Like `watch`, for tokens issued to this member at that time. */
  watchMember(memberId: string, issued: Issued, onRevoked: () => void): () => void;
  dispose(): void;
}

/** Who issued a token, and when, in ms since 1970. */
export interface Issued {
  readonly by: "site" | "gateway";
  readonly at: number;
}

const channel = "revoked";
const keyOf = (sessionId: string) => `revoked:${sessionId}`;
/** Tokens have one-second precision: a token of the sign-out's second may belong to the next sign-in. */
export const SECOND_MS = 1000;
/** Longer than any token is valid. */
export const REVOKED_FOR_MS = 31 * 24 * 3_600_000;

export function createRevocations(store: SharedStore): Revocations {
  const watchers = new Map<string, Set<() => void>>();
  const dispose = store.subscribe(channel, (name) => {
    for (const onRevoked of watchers.get(name) ?? []) onRevoked();
  });

  function watch(name: string, onRevoked: () => void): () => void {
    const those = watchers.get(name) ?? new Set();
    watchers.set(name, those.add(onRevoked));
    return () => {
      those.delete(onRevoked);
      if (those.size === 0 && watchers.get(name) === those) watchers.delete(name);
    };
  }
  async function mark(name: string, value: string, keptMs: number): Promise<void> {
    await store.set(keyOf(name), value, keptMs);
    await store.publish(channel, name);
  }
  const nameOf = async (memberId: string, by: Issued["by"]) => `${by === "site" ? "member" : "own"}:${hash(memberId)}`;

  return {
    isRevoked: async (sessionId) => (await store.get(keyOf(sessionId))) !== undefined,
    revoke: async (sessionId, keptMs) => await mark(sessionId, "1", keptMs),
    watch,
    async isRevokedSince(memberId, { at, by }) {
      const until = Number((await store.get(keyOf(await nameOf(memberId, by)))) ?? 0);
      return at + SECOND_MS <= until;
    },
    revokeUntil: async (memberId, { at, by }, keptMs) => await mark(await nameOf(memberId, by), String(at), keptMs),
    watchMember(memberId, { at, by }, onRevoked) {
      let stop: (() => void) | undefined;
      let isStopped = false;
      void nameOf(memberId, by).then((name) => {
        if (!isStopped) stop = watch(name, () => void (at + SECOND_MS <= Date.now() && onRevoked()));
      });
      return () => {
        isStopped = true;
        stop?.();
      };
    },
    dispose,
  };
}
