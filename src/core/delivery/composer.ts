import { computed, type ReadonlySignal } from "@preact/signals-core";
import type { MessageDraft } from "../contract/adapter.ts";
import type { Files } from "./files.ts";
import type { OutboxEntry, OutboxItem, OutboxRecord } from "./outbox-entry.ts";
import type { Scope } from "./scope.ts";
import { createWritten } from "./written.ts";

/** A message before the desk has assigned ids to its files. */
export type Words = Omit<MessageDraft, "attachments">;

/** The part of an outbox that a composer needs. */
export interface Destination<T> {
  readonly entries: ReadonlySignal<readonly OutboxEntry<OutboxItem>[]>;
  readonly loaded: Promise<void>;
  add(item: T, files: readonly string[]): Promise<void>;
  onFound(listener: (entry: OutboxEntry<OutboxItem>) => void): void;
  onSuperseded(listener: (mine: OutboxEntry<OutboxItem>, sent: OutboxRecord<OutboxItem>) => void): void;
}

export interface Composer {
  readonly text: ReadonlySignal<string>;
  readonly files: Files;
  write(text: string): void;
  /**
   * Moves text and files out of the composer at once; later text is the next message. False if there is nothing to
   * send, or a file can't be uploaded.
   */
  send(): Promise<boolean>;
  /**
   * A refused message is put back before the current text, with its files, unless `held` has aborted. Resolves with
   * whether it is stored.
   */
  putBack(refused: OutboxEntry<Words>, held: AbortSignal): Promise<boolean>;
  /** Unsent text and files, with the files' ids: they are used elsewhere. */
  takeAll(): { readonly text: string; readonly files: readonly string[] };
}

/**
 * A message being written: to a ticket or in a chat. `kind` names its part of the storage; `toItem` makes the outbox's
 * item from the text, or undefined if there is no destination. Call it inside a model.
 */
export function createComposer<T extends Words>(
  scope: Scope,
  kind: string,
  outbox: Destination<T>,
  toItem: (words: Words) => T | undefined,
): Composer {
  const written = createWritten(scope, kind, { text: "" }, ["text"]);
  const { draft, files } = written;
  let isReady = false;
  const ready = Promise.all([written.loaded, outbox.loaded]).then(() => (isReady = true));
  outbox.onFound(({ item, files: ids }) => {
    if (hasText(item)) written.sent(item.clientId, { text: item.text }, ids);
  });

  outbox.onSuperseded(({ item, files: ids }, sent) => {
    if (hasText(item) && hasText(sent.item)) {
      written.putBackRest({ text: item.text }, { text: sent.item.text }, "text", ids);
    }
  });

  function send(): boolean {
    const text = draft.value.peek().text.trim();
    const chosen = files.files.peek().map(({ id }) => id);
    if ((!text && chosen.length === 0) || !files.canBeSent()) return false;
    const item = toItem({ clientId: draft.id(), text });
    if (!item) return false;
    // The message is stored before the composer's own copy is removed: a crash in between loses nothing.
    written.take(outbox.add(item, chosen));
    return true;
  }

  return {
    text: computed(() => draft.value.value.text),
    files,
    write: (text) => draft.set({ text }),
    async send() {
      if (!isReady) await ready;
      return send();
    },
    putBack: async ({ item, files: ids }, held) => await written.putBack({ text: item.text }, "text", ids, held),
    takeAll() {
      const taken = { text: draft.value.peek().text, files: files.files.peek().map(({ id }) => id) };
      written.take(Promise.resolve());
      return taken;
    },
  };
}

function hasText(item: OutboxItem): item is OutboxItem & { readonly text: string } {
  return "text" in item && typeof item.text === "string";
}
