import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Message } from "./adapter.ts";

export interface Timeline {
  readonly messages: ReadonlySignal<readonly Message[]>;
  /** How many came from others after the one that was seen last. */
  readonly unread: ReadonlySignal<number>;
  /** Takes a message in once, in the order of the server. True when it is new. */
  take(message: Message): boolean;
  has(clientId: string): boolean;
  /** The id of the message up to which everything was seen, on this page or an earlier one. */
  seen(messageId: string | undefined): void;
  clear(): void;
}

/** What was said, in the one order that the server gives it. */
export function createTimeline(): Timeline {
  const messages = signal<readonly Message[]>([]);
  const seenId = signal<string | undefined>(undefined);
  return {
    messages,
    unread: computed(() => {
      const after = messages.value.findIndex((message) => message.id === seenId.value) + 1;
      return messages.value.slice(after).filter((message) => message.author.role !== "member").length;
    }),
    take(message) {
      if (messages.peek().some((known) => known.id === message.id)) return false;
      messages.value = [...messages.peek(), message];
      return true;
    },
    has: (clientId) => messages.peek().some((message) => message.clientId === clientId),
    seen(messageId) {
      seenId.value = messageId;
    },
    clear() {
      messages.value = [];
    },
  };
}
