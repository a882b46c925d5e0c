import { createDraft, type Draft } from "./drafts.ts";
import { createFiles, type Files } from "./files.ts";
import type { Scope } from "./scope.ts";

/** The text and files of one form, or of one message: they are taken and restored together. */
export interface Written<T extends object> {
  readonly draft: Draft<T>;
  readonly files: Files;
  /** Resolves when previously stored data is loaded. */
  readonly loaded: Promise<unknown>;
  /** Takes everything out at once. The stored copy is removed when `after` has settled. */
  take(after: Promise<unknown>): void;
  /**
   * Another tab, or the page before a crash, has sent this text and these files with this id: they are removed here.
   */
  sent(id: string, words: T, files: readonly string[]): void;
  /**
   * This text was to be sent with these files, but another tab has sent a different version: what that one lacks is
   * restored.
   */
  putBackRest(words: T, sent: T, field: keyof T, files: readonly string[]): void;
  /** Restored before the current text in `field`, unless `held` has aborted. Resolves with whether it is stored. */
  putBack(words: T, field: keyof T, files: readonly string[], held: AbortSignal): Promise<boolean>;
}

/** `key` and `<key>-files` are its parts of the storage. Otherwise like `createDraft`. Call it inside a model. */
export function createWritten<T extends object>(
  scope: Scope,
  key: string,
  blank: T,
  texts: readonly (keyof T)[],
): Written<T> {
  const draft = createDraft(scope.storage, key, blank, texts);
  const files = createFiles(scope, `${key}-files`);
  const loaded = Promise.all([draft.loaded, files.loaded()]);
  async function putBack(words: T, field: keyof T, ids: readonly string[], held: AbortSignal): Promise<boolean> {
    await loaded;
    const [isStored] = await Promise.all([draft.putBack(words, field, held), files.putBack(ids, held)]);
    return isStored;
  }
  return {
    draft,
    files,
    loaded,
    take(after) {
      draft.take(after);
      files.take(after);
    },
    sent(id, words, ids) {
      draft.sent(id, words);
      files.sent(ids);
    },
    putBackRest(words, sent, field, ids) {
      const rest = draft.rest(words, sent);
      if (rest || ids.length > 0) void putBack(rest ?? blank, field, ids, new AbortController().signal);
    },
    putBack,
  };
}
