import { computed } from "@preact/signals-core";
import type { Message, MessageDraft } from "../contract/adapter.ts";
import type { Timeline } from "./chat-timeline.ts";
import { createComposer } from "../delivery/composer.ts";
import { createOutbox } from "../delivery/outbox.ts";
import { callContext, type Scope } from "../platform.ts";
import { createTyping } from "./typing.ts";

/** What the member is writing in the chat, and what of it is on its way. Call it inside a model. */
export function createChatComposer(scope: Scope, timeline: Timeline, conversationId: () => string | undefined) {
  const { platform, adapter, storage } = scope;
  const stopped = new AbortController();
  const typing = createTyping((now) => {
    const id = conversationId();
    if (id) void adapter.chat?.setTyping?.(id, now, callContext(platform, stopped.signal)).catch(() => undefined);
  });

  const outbox = createOutbox<MessageDraft & { readonly conversationId: string }, Message>({
    platform,
    storage,
    key: "chat-outbox",
    async send({ conversationId: to, ...message }, signal) {
      if (!adapter.chat) throw new Error(`adapter "${adapter.name}" has no chat`);
      return await adapter.chat.send(to, message, callContext(platform, signal));
    },
    // The list on the screen comes from the events alone: they hold the order that everybody agrees on.
    onSent: () => undefined,
  });

  const composer = createComposer(scope, "chat-draft", async (message) => {
    const to = conversationId();
    if (!to) throw new Error("there is no conversation to send it to");
    typing.touch(false);
    await outbox.add({ ...message, conversationId: to });
  });

  return {
    text: composer.text,
    files: composer.files,
    /** Sent from here and not in the list yet. */
    pending: computed(() => {
      const arrived = new Set(timeline.messages.value.map((message) => message.clientId));
      return outbox.entries.value.filter((entry) => !arrived.has(entry.item.clientId));
    }),
    write(text: string) {
      composer.write(text);
      typing.touch(text !== "");
    },
    send: async () => conversationId() !== undefined && (await composer.send()),
    retry() {
      outbox.retry();
    },
    /** A refused message goes back into the composer. */
    takeBack(refused: MessageDraft) {
      outbox.remove(refused.clientId);
      composer.putBack(refused);
    },
    takeAll: () => composer.takeAll(),
  };
}
