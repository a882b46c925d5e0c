import { computed, type ReadonlySignal } from "@preact/signals-core";
import type { MessageDraft } from "../contract/adapter.ts";
import { clientId } from "./client-id.ts";
import { createDraft } from "./drafts.ts";
import { createFiles, type Files } from "./files.ts";
import type { Scope } from "../platform.ts";

export interface Composer {
  readonly text: ReadonlySignal<string>;
  readonly files: Files;
  write(text: string): void;
  /** False when there is nothing to send, or a file that can't be uploaded. */
  send(): Promise<boolean>;
  /** A refused message goes back in front of what is written. */
  putBack(refused: MessageDraft): void;
  /** What is written and chosen, and not sent: it goes elsewhere. */
  takeAll(): { readonly text: string; readonly files: readonly File[] };
}

/**
 * A message that is being written: to a ticket or in a chat. `kind` names its part of the storage; `add` resolves when the
 * message is stored as unsent. Call it inside a model.
 */
export function createComposer(scope: Scope, kind: string, add: (message: MessageDraft) => Promise<void>): Composer {
  const draft = createDraft(scope.storage, kind, () => ({ text: "" }));
  const files = createFiles(scope, `${kind}-files`);
  function empty() {
    draft.reset();
    files.clear();
  }
  return {
    text: computed(() => draft.value.value.text),
    files,
    write: (text) => draft.set({ text }),
    async send() {
      const text = draft.value.peek().text.trim();
      try {
        const attachments = await files.attachments();
        if (!text && attachments.length === 0) return false;
        // Stored as unsent first, then taken out of the composer: a crash in between shows it twice rather than never.
        const stored = add({ clientId: clientId(), text, ...(attachments.length > 0 && { attachments }) });
        empty();
        await stored;
        return true;
      } catch {
        return false;
      }
    },
    putBack(refused) {
      draft.set({ text: [refused.text, draft.value.peek().text].filter(Boolean).join("\n") });
    },
    takeAll() {
      const taken = { text: draft.value.peek().text, files: files.files.peek().map(({ file }) => file) };
      empty();
      return taken;
    },
  };
}
