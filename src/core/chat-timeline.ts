import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Message } from "./adapter.ts";

export interface Timeline {
  readonly messages: ReadonlySignal<readonly Message[]>;
  /** How many came from others since `seen()`. */
  readonly unread: ReadonlySignal<number>;
  /** Takes a message in once, in the order of the server. True when it is new. */
  take(message: Message): boolean;
  has(clientId: string): boolean;
  seen(): void;
  clear(): void;
}

/** What was said, in the one order that the server gives it. */
export function createTimeline(): Timeline {
  const messages = signal<readonly Message[]>([]);
  const seenCount = signal(0);
  const fromOthers = computed(() => messages.value.filter((message) => message.author.role !== "member").length);
  return {
    messages,
    unread: computed(() => Math.max(0, fromOthers.value - seenCount.value)),
    take(message) {
      if (messages.peek().some((known) => known.id === message.id)) return false;
      messages.value = [...messages.peek(), message];
      return true;
    },
    has: (clientId) => messages.peek().some((message) => message.clientId === clientId),
    seen() {
      seenCount.value = fromOthers.peek();
    },
    clear() {
      messages.value = [];
      seenCount.value = 0;
    },
  };
}
