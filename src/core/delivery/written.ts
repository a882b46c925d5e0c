import { createDraft, type Draft } from "./drafts.ts";
import { createFiles, type Files } from "./files.ts";
import type { Scope } from "./scope.ts";

/** The words and files of one form, or of one message: they leave it together, and come back together. */
export interface Written<T extends object> {
  readonly draft: Draft<T>;
  readonly files: Files;
  /** Resolves when what was stored earlier is there. */
  readonly loaded: Promise<unknown>;
  /** Takes all of it out at once. The stored copy is removed when `after` has settled. */
  take(after: Promise<unknown>): void;
  /** Another tab, or the page before a crash, has sent these words and files under this id: they are not here any more. */
  sent(id: string, words: T, files: readonly string[]): void;
  /** These words were to be sent with these files, and another tab has sent other ones: what those lack comes back. */
  putBackRest(words: T, sent: T, field: keyof T, files: readonly string[]): void;
  /** Comes back in front of what is written in `field`, unless `held` has aborted. Resolves with whether it is stored. */
  putBack(words: T, field: keyof T, files: readonly string[], held: AbortSignal): Promise<boolean>;
}

/** `key` and `<key>-files` are its parts of the storage. For the rest as `createDraft`. Call it inside a model. */
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
