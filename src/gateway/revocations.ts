import { hash } from "./hash.ts";
import type { SharedStore } from "./shared-store.ts";

/** Which sign-ins are over, at all copies of the gateway. */
export interface Revocations {
  isRevoked(sessionId: string): Promise<boolean>;
  /** Kept for `keptMs`. Resolves when every later question is answered so. */
  revoke(sessionId: string, keptMs: number): Promise<void>;
  /** Calls back when this sign-in is revoked from now on. Gives its own undo. */
  watch(sessionId: string, onRevoked: () => void): () => void;
  /** Whether what the site issued to this member at that time (ms since 1970) was revoked later. */
  isRevokedSince(memberId: string, issuedAt: number): Promise<boolean>;
  /** All that the site has issued to this member until now. */
  revokeUntilNow(memberId: string, keptMs: number): Promise<void>;
  /** As `watch`, of what the site issued to this member at that time. */
  watchMember(memberId: string, issuedAt: number, onRevoked: () => void): () => void;
  dispose(): void;
}

const channel = "revoked";
const keyOf = (sessionId: string) => `revoked:${sessionId}`;
/** The site tells whole seconds: a token of the second of the sign-out may be the next sign-in's. */
const SECOND_MS = 1000;

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
  const nameOf = async (memberId: string) => `member:${await hash(memberId)}`;

  return {
    isRevoked: async (sessionId) => (await store.get(keyOf(sessionId))) !== undefined,
    revoke: async (sessionId, keptMs) => await mark(sessionId, "1", keptMs),
    watch,
    async isRevokedSince(memberId, issuedAt) {
      const until = Number((await store.get(keyOf(await nameOf(memberId)))) ?? 0);
      return issuedAt + SECOND_MS <= until;
    },
    revokeUntilNow: async (memberId, keptMs) => await mark(await nameOf(memberId), String(Date.now()), keptMs),
    watchMember(memberId, issuedAt, onRevoked) {
      let stop: (() => void) | undefined;
      let isStopped = false;
      void nameOf(memberId).then((name) => {
        if (!isStopped) stop = watch(name, () => void (issuedAt + SECOND_MS <= Date.now() && onRevoked()));
      });
      return () => {
        isStopped = true;
        stop?.();
      };
    },
    dispose,
  };
}
