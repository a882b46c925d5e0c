import type { SharedStore } from "./shared-store.ts";

/** Which sign-ins are over, at all copies of the gateway. */
export interface Revocations {
  isRevoked(sessionId: string): Promise<boolean>;
  /** Kept for `keptMs`. Resolves when every later question is answered so. */
  revoke(sessionId: string, keptMs: number): Promise<void>;
  /** Calls back when this sign-in is revoked from now on. Gives its own undo. */
  watch(sessionId: string, onRevoked: () => void): () => void;
  dispose(): void;
}

const channel = "revoked";
const keyOf = (sessionId: string) => `revoked:${sessionId}`;

export function createRevocations(store: SharedStore): Revocations {
  const watchers = new Map<string, Set<() => void>>();
  const dispose = store.subscribe(channel, (sessionId) => {
    for (const onRevoked of watchers.get(sessionId) ?? []) onRevoked();
  });
  return {
    isRevoked: async (sessionId) => (await store.get(keyOf(sessionId))) !== undefined,
    async revoke(sessionId, keptMs) {
      await store.set(keyOf(sessionId), "1", keptMs);
      await store.publish(channel, sessionId);
    },
    watch(sessionId, onRevoked) {
      const those = watchers.get(sessionId) ?? new Set();
      watchers.set(sessionId, those.add(onRevoked));
      return () => {
        those.delete(onRevoked);
        if (those.size === 0 && watchers.get(sessionId) === those) watchers.delete(sessionId);
      };
    },
    dispose,
  };
}
