import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Message } from "../contract/adapter.ts";

/** How far one of the member's own messages has got. */
export type Mark = "sent" | "delivered" | "read";

export interface Timeline {
  readonly messages: ReadonlySignal<readonly Message[]>;
  /** How many came from others after the one that was seen last. */
  readonly unread: ReadonlySignal<number>;
  /** The member's newest message, and how far it has got; those before it have got at least as far. */
  readonly mark: ReadonlySignal<{ readonly messageId: string; readonly mark: Mark } | undefined>;
  /** Takes a message in once, in the order of the server; a known one that reads otherwise now takes its own place. True when it is new. */
  take(message: Message): boolean;
  /** Its author took it back. */
  remove(messageId: string): void;
  /** What was said before everything that is here. */
  prepend(earlier: readonly Message[]): void;
  /** The id of the message up to which everything was seen, on this page or an earlier one. */
  seen(messageId: string | undefined): void;
  /** An agent's screen has, or an agent has read, everything up to this message. */
  reached(mark: Exclude<Mark, "sent">, messageId: string): void;
  clear(): void;
}

/** What was said, in the one order that the server gives it. */
export function createTimeline(): Timeline {
  const messages = signal<readonly Message[]>([]);
  const seenId = signal<string | undefined>(undefined);
  const reached = signal<Readonly<Record<Exclude<Mark, "sent">, string | undefined>>>({
    delivered: undefined,
    read: undefined,
  });
  const placeOf = (id: string | undefined) => messages.value.findIndex((message) => message.id === id);
  return {
    messages,
    unread: computed(() => {
      const after = placeOf(seenId.value) + 1;
      return messages.value.slice(after).filter((message) => message.author.role !== "member").length;
    }),
    mark: computed(() => {
      const newest = messages.value.findLastIndex((message) => message.author.role === "member");
      const messageId = messages.value[newest]?.id;
      if (messageId === undefined) return undefined;
      const { delivered, read } = reached.value;
      if (placeOf(read) >= newest) return { messageId, mark: "read" };
      return { messageId, mark: placeOf(delivered) >= newest ? "delivered" : "sent" };
    }),
    take(message) {
      const known = messages.peek().find(({ id }) => id === message.id);
      if (known === undefined) messages.value = [...messages.peek(), message];
      else if (JSON.stringify(known) !== JSON.stringify(message)) {
        messages.value = messages.peek().map((each) => (each === known ? message : each));
      }
      return known === undefined;
    },
    remove(messageId) {
      messages.value = messages.peek().filter(({ id }) => id !== messageId);
    },
    prepend(earlier) {
      const known = new Set(messages.peek().map(({ id }) => id));
      messages.value = [...earlier.filter(({ id }) => !known.has(id)), ...messages.peek()];
    },
    seen(messageId) {
      seenId.value = messageId;
    },
    reached(mark, messageId) {
      // Marks go forward only.
      if (placeOf(messageId) >= placeOf(reached.peek()[mark])) reached.value = { ...reached.peek(), [mark]: messageId };
    },
    clear() {
      messages.value = [];
      reached.value = { delivered: undefined, read: undefined };
    },
  };
}
