import { computed } from "@preact/signals-core";
import type { Message, MessageDraft } from "./adapter.ts";
import type { Timeline } from "./chat-timeline.ts";
import { clientId } from "./client-id.ts";
import { createDraft } from "./drafts.ts";
import { createFiles } from "./files.ts";
import { createOutbox } from "./outbox.ts";
import { callContext, type Scope } from "./platform.ts";
import { createTyping } from "./typing.ts";

/** What the member is writing, and what of it is on its way. Call it inside a model. */
export function createComposer(scope: Scope, timeline: Timeline, conversationId: () => string | undefined) {
  const { platform, adapter, storage } = scope;
  const draft = createDraft(storage, "chat-draft", () => ({ text: "" }));
  const files = createFiles(scope, "chat-files");
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

  return {
    text: computed(() => draft.value.value.text),
    files,
    /** Sent from here and not in the list yet. */
    pending: computed(() => {
      const arrived = new Set(timeline.messages.value.map((message) => message.clientId));
      return outbox.entries.value.filter((entry) => !arrived.has(entry.item.clientId));
    }),
    write(text: string) {
      draft.set({ text });
      typing.touch(text !== "");
    },
    async send(): Promise<boolean> {
      const to = conversationId();
      const text = draft.value.peek().text.trim();
      if (!to) return false;
      try {
        const attachments = await files.attachments();
        if (!text && attachments.length === 0) return false;
        typing.touch(false);
        // Stored as unsent first, then taken out of the composer: a crash in between shows it twice rather than never.
        const stored = outbox.add({
          conversationId: to,
          clientId: clientId(),
          text,
          ...(attachments.length > 0 && { attachments }),
        });
        draft.reset();
        files.clear();
        await stored;
        return true;
      } catch {
        return false;
      }
    },
    retry() {
      outbox.retry();
    },
    /** A refused message goes back into the composer. */
    takeBack(refused: MessageDraft) {
      outbox.remove(refused.clientId);
      draft.set({ text: [refused.text, draft.value.peek().text].filter(Boolean).join("\n") });
    },
    /** What is written and chosen, and not sent: it goes elsewhere. */
    takeAll() {
      const taken = { text: draft.value.peek().text, files: files.files.peek().map(({ file }) => file) };
      draft.reset();
      files.clear();
      return taken;
    },
  };
}
