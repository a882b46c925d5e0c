import type { SharedStore } from "./shared-store.ts";

/** For one process. */
export function memoryBus(): Pick<SharedStore, "publish" | "subscribe"> {
  const channels = new Map<string, Set<(text: string) => void>>();
  return {
    async publish(channel, text) {
      for (const heard of channels.get(channel) ?? []) heard(text);
    },
    subscribe(channel, heard) {
      const listeners = channels.get(channel) ?? new Set();
      channels.set(channel, listeners.add(heard));
      return () => listeners.delete(heard);
    },
  };
}
