import { batch, computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Message } from "../contract/adapter.ts";
import { toJson } from "../contract/json.ts";

/** The delivery state of one of the member's own messages. */
export type Mark = "sent" | "delivered" | "read";

export interface Timeline {
  readonly messages: ReadonlySignal<readonly Message[]>;
  /** How many messages of others came after the last one seen. */
  readonly unread: ReadonlySignal<number>;
  /** The member's newest message, and its state; earlier ones have at least the same state. */
  readonly mark: ReadonlySignal<{ readonly messageId: string; readonly mark: Mark } | undefined>;
  /** Adds a message once, in the order of the server; a known one that was edited is replaced. True if it is new. */
  take(message: Message): boolean;
  /** Its author retracted it. */
  remove(messageId: string): void;
  /** A sent message from a response: shown last until the stream gives it its position. */
  answered(message: Message): void;
  /** The desk's newest messages, oldest first. Returns those that are new. */
  newest(page: readonly Message[]): readonly Message[];
  /** Messages before all that are loaded. */
  prepend(earlier: readonly Message[]): void;
  /** The id of the last message seen, on this page or an earlier one. */
  seen(messageId: string | undefined): void;
  /** An agent's screen has, or an agent has read, everything up to this message. */
  reached(mark: Exclude<Mark, "sent">, messageId: string): void;
  clear(): void;
}

/** The messages, in the server's order. */
export function createTimeline(): Timeline {
  /** In the order of the server. */
  const confirmed = signal<readonly Message[]>([]);
  const answered = signal<readonly Message[]>([]);
  const messages = computed(() => [...confirmed.value, ...answered.value]);
  const seenId = signal<string | undefined>(undefined);
  const reached = signal<Readonly<Record<Exclude<Mark, "sent">, string | undefined>>>({
    delivered: undefined,
    read: undefined,
  });
  const placeOf = (id: string | undefined) => messages.value.findIndex((message) => message.id === id);
  function confirm(now: readonly Message[]) {
    batch(() => {
      confirmed.value = now;
      answered.value = answered.peek().filter((message) => !has(now, message));
    });
  }
  /** Corrected messages, each at its own position. */
  function update(now: readonly Message[]) {
    const byId = new Map(now.map((message) => [message.id, message]));
    const isChanged = (known: Message) => byId.has(known.id) && toJson(byId.get(known.id)) !== toJson(known);
    if (confirmed.peek().some(isChanged)) confirm(confirmed.peek().map((known) => byId.get(known.id) ?? known));
  }
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
      update([message]);
      if (has(confirmed.peek(), message)) return false;
      confirm([...confirmed.peek(), message]);
      return true;
    },
    remove(messageId) {
      confirm(confirmed.peek().filter(({ id }) => id !== messageId));
    },
    answered(message) {
      if (!has(messages.peek(), message)) answered.value = [...answered.peek(), message];
    },
    newest(page) {
      const fresh = page.filter((message) => !has(confirmed.peek(), message));
      if (fresh.length === 0) update(page);
      else confirm([...confirmed.peek().filter((message) => !has(page, message)), ...page]);
      return fresh;
    },
    prepend(earlier) {
      confirm([...earlier.filter((message) => !has(confirmed.peek(), message)), ...confirmed.peek()]);
    },
    seen(messageId) {
      seenId.value = messageId;
    },
    reached(mark, messageId) {
      // Marks only move forward.
      if (placeOf(messageId) >= placeOf(reached.peek()[mark])) reached.value = { ...reached.peek(), [mark]: messageId };
    },
    clear() {
      confirmed.value = [];
      answered.value = [];
      reached.value = { delivered: undefined, read: undefined };
    },
  };
}

const has = (messages: readonly Message[], { id }: Message) => messages.some((known) => known.id === id);
