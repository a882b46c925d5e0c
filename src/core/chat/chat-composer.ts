import { computed, effect, type ReadonlySignal } from "@preact/signals-core";
import type { Conversation } from "../contract/adapter.ts";
import { createComposer } from "../delivery/composer.ts";
import { onDispose } from "../delivery/on-dispose.ts";
import type { Outbox } from "../delivery/outbox.ts";
import { notArrived, type OutboxEntry } from "../delivery/outbox-entry.ts";
import type { Scope } from "../delivery/scope.ts";
import { callContext } from "../platform.ts";
import type { ChatItem, ChatMessage } from "./chat-outbox.ts";
import type { Timeline } from "./chat-timeline.ts";
import { createTyping } from "./typing.ts";

/** The member's chat message, and the messages being sent. Call it inside a model. */
export function createChatComposer(
  scope: Scope,
  timeline: Timeline,
  outbox: Outbox<ChatItem>,
  conversation: ReadonlySignal<Conversation | undefined>,
  loading: ReadonlySignal<boolean>,
) {
  const { platform, adapter } = scope;
  const stopped = new AbortController();
  onDispose(() => stopped.abort());
  const typing = createTyping((now) => {
    const id = conversation.peek()?.id;
    if (id) void adapter.chat?.setTyping?.(id, now, callContext(platform, stopped.signal)).catch(() => undefined);
  });

  const composer = createComposer<ChatMessage>(scope, "chat-draft", outbox, ({ clientId, text }) => {
    const conversationId = conversation.peek()?.id;
    if (conversationId === undefined) return undefined;
    typing.touch(false);
    return { kind: "message", clientId, conversationId, text };
  });

  const messages = computed(() => outbox.entries.value.filter(isMessage));
  async function takeBack(id: string) {
    await outbox.take(id, async (entry, held) => isMessage(entry) && (await composer.putBack(entry, held)));
  }

  // Text that was too late for its conversation returns to a place where it can be used.
  effect(() => {
    const { id, status } = conversation.value ?? {};
    if (loading.value) return;
    for (const { item, state } of messages.value) {
      const isOver = item.conversationId !== id || status === "ended";
      if (state.status === "refused" && isOver) void takeBack(item.clientId);
    }
  });

  return {
    text: composer.text,
    files: composer.files,
    /** Sent from here, in this conversation, and not in the list yet. */
    pending: computed(() => {
      const id = conversation.value?.id;
      const here = messages.value.filter(({ item }) => item.conversationId === id);
      return notArrived(here, timeline.messages.value);
    }),
    write(text: string) {
      composer.write(text);
      typing.touch(text !== "");
    },
    send: () => composer.send(),
    retry: (id?: string) => outbox.retry(id),
    /** A refused message goes back into the composer. */
    takeBack: (refused: { readonly clientId: string }) => void takeBack(refused.clientId),
    takeAll: () => composer.takeAll(),
  };
}

function isMessage(entry: OutboxEntry<ChatItem>): entry is OutboxEntry<ChatMessage> {
  return entry.item.kind === "message";
}
