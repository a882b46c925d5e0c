import { signal } from "@preact/signals-core";
import type { Storage } from "../../core/delivery/storage.ts";
import type { ConsentTools } from "../../ui/context.ts";

const key = "consent";

/** Stored with the member's other data in this browser, and shared by its tabs. Without storage: for this page. */
export function createConsent(storage: Storage): ConsentTools & { stop(): void } {
  const given = signal<string | undefined>(undefined);
  async function read() {
    const stored = await storage.get(key).catch(() => undefined);
    // A sign-out removes it.
    given.value = typeof stored === "string" ? stored : undefined;
  }
  void read();
  return {
    given,
    give(words) {
      given.value = words;
      void storage.set(key, words).catch(() => undefined);
    },
    stop: storage.watch(key, () => void read()),
  };
}
