import { batch, type ReadonlySignal, signal } from "@preact/signals-core";
import { clientId } from "./client-id.ts";
import { onDispose } from "./on-dispose.ts";
import { isSame, rebase } from "./rebase.ts";
import type { Storage } from "./storage.ts";
import { hasWords } from "./whole-words.ts";

export interface Draft<T extends object> {
  readonly value: ReadonlySignal<T>;
  /** Where the text is: `saving` until the storage has it, `memory` if the storage refused. */
  readonly saved: ReadonlySignal<"saved" | "saving" | "memory">;
  /** Resolves when previously stored text is in `value`. */
  readonly loaded: Promise<void>;
  /**
   * A UUID that this draft keeps until its text is taken, also through a reload: makes the resulting item idempotent.
   */
  id(): string;
  /** An undefined field is removed. */
  set(patch: Partial<T>): void;
  /** Like `set`, for the fields that the member has not edited. */
  fill(patch: Partial<T>): void;
  /**
   * Puts text back: into empty fields, and before the current text in `field`. Text that is there already is not
   * repeated, and nothing is added if `held` has aborted. Resolves with whether it is stored: if not, it is only in
   * memory.
   */
  putBack(words: T, field: keyof T, held: AbortSignal): Promise<boolean>;
  /**
   * Takes this text out at once. It is removed from the storage when `after` has settled; another tab's additions in
   * the meantime stay.
   */
  take(after?: Promise<unknown>): void;
  /** The content of `words` that was not sent. Undefined if there is none. */
  rest(words: T, sent: T): T | undefined;
  /** Another tab, or the page before a crash, has sent the text with this id: it is removed here. */
  sent(id: string, words: T): void;
}

/** `of`: this text was based on that of that id, which had been removed from the storage by then. */
type Stored<T> = T & { readonly id?: string; readonly of?: string };

const sentAtMost = 20;

/** Local changes that are not stored yet. They are applied to whatever is stored by then. */
interface Change<T> {
  readonly on: (now: Stored<T> | undefined) => Stored<T> | undefined;
  /** What has to be durable elsewhere first. */
  readonly after?: Promise<unknown>;
  /** Typed by the member: further typing is merged into it. */
  readonly written?: Writing<T>;
}

/** From the old text to the new one. `on` is the id of the old one; the new one gets `id` if it has none. */
interface Writing<T> {
  readonly from: T;
  readonly to: T;
  readonly id: string;
  readonly on: string | undefined;
}

/**
 * Unsent text of a member; `blank` is the initial value, and `texts` are the free-text fields. Every change is written
 * at once: one write runs at a time and includes all changes so far, so that a crash loses nothing and fast typing
 * costs little. Two tabs with one form share its text, and neither overwrites the other's: each change is applied to
 * what is stored. Call it inside a model.
 */
export function createDraft<T extends object>(
  storage: Storage,
  key: string,
  blank: T,
  texts: readonly (keyof T)[] = [],
): Draft<T> {
  const value = signal<T>(blank);
  const saved = signal<"saved" | "saving" | "memory">("saved");
  /** The stored value, as known here. */
  let known: Stored<T> | undefined;
  let changes: readonly Change<T>[] = [];
  /** The number of changes being written. */
  let inFlight = 0;
  let running = false;
  let writing = Promise.resolve();
  let writes = 0;
  let isLoaded = false;
  /** Text sent by another tab, by its id. */
  const sent = new Map<string, T>();
  /** For text that is not stored yet. */
  let newId: string | undefined;
  const isText = (field: keyof T) => texts.includes(field);
  onDispose(storage.watch(key, () => void read()));

  const state = () => made(changes, known);
  function show() {
    const words = wordsOf(state() ?? blank);
    if (!isSame(words, value.peek())) value.value = words;
  }

  function change(next: Change<T>) {
    batch(() => {
      changes = withChange(next);
      show();
      if (!running) writing = writeAll();
    });
  }
  function withChange(next: Change<T>): readonly Change<T>[] {
    const last = changes.length > inFlight ? changes.at(-1) : undefined;
    if (!last?.written || !next.written || !isSame(last.written.to, next.written.from)) return [...changes, next];
    return [...changes.slice(0, -1), written({ ...last.written, to: next.written.to })];
  }

  async function writeAll() {
    running = true;
    saved.value = "saving";
    // Text stored by an earlier page is not written first, but its changed version.
    await loaded;
    try {
      while (changes.length > 0) {
        // oxlint-disable-next-line no-await-in-loop -- one write after the other
        await changes[0]?.after?.catch(() => undefined);
        const held = changes.findIndex(({ after }, index) => index > 0 && after !== undefined);
        inFlight = held < 0 ? changes.length : held;
        const now = changes.slice(0, inFlight);
        let stored = known;
        // oxlint-disable-next-line no-await-in-loop -- one write after the other
        await storage.update(key, (before) => (stored = made(now, storedOf(before))));
        writes += 1;
        changes = changes.slice(inFlight);
        inFlight = 0;
        known = stored;
        if (known?.id === newId) newId = undefined;
        show();
      }
      saved.value = "saved";
    } catch {
      refused();
    } finally {
      running = false;
    }
  }

  /** Text in memory stays there, as one change; the next change tries to store both. */
  function refused() {
    const failed = made(changes.slice(0, inFlight), known);
    const from = wordsOf(known ?? blank);
    const to = wordsOf(failed ?? blank);
    changes = [written({ from, to, id: failed?.id ?? clientId(), on: known?.id }), ...changes.slice(inFlight)];
    inFlight = 0;
    saved.value = "memory";
    show();
  }

  async function read() {
    let stored: unknown;
    let at: number;
    do {
      at = writes;
      // oxlint-disable-next-line no-await-in-loop -- what was read before a write may be older than it
      stored = await storage.get(key).catch(() => known);
    } while (at !== writes);
    known = storedOf(stored);
    isLoaded = true;
    show();
  }
  const loaded = read();

  function storedOf(stored: unknown): Stored<T> | undefined {
    return typeof stored === "object" && stored !== null ? { ...blank, ...stored } : undefined;
  }

  /** Text that was never stored, or was removed from the storage, is written as a whole, with an id of its own. */
  function written(edit: Writing<T>): Change<T> {
    const { from, to, id, on } = edit;
    return {
      written: edit,
      on(now) {
        if (now) {
          const of = now.of === undefined ? {} : { of: now.of };
          return { ...given(rebase(from, to, wordsOf(now), isText)), id: now.id ?? id, ...of };
        }
        const whole: Stored<T> = { ...given(to), id, ...(on === undefined ? {} : { of: on }) };
        const gone = on === undefined ? undefined : sent.get(on);
        return gone ? left(whole, gone, id) : whole;
      },
    };
  }

  /** The rest after this text is another message, with another id. */
  function without(words: T, isMeant: (now: Stored<T>) => boolean): Change<T>["on"] {
    const id = clientId();
    return (now) => (now && isMeant(now) ? left(now, words, id) : now);
  }

  function left(now: Stored<T>, words: T, id: string): Stored<T> | undefined {
    const rest = restOf(wordsOf(now), words);
    return rest && { ...rest, id };
  }

  function restOf(words: T, gone: T): T | undefined {
    const rest = trimmed(rebase(gone, blank, words, isText));
    return isSame(rest, blank) ? undefined : rest;
  }

  const currentId = () => state()?.id ?? (newId ??= clientId());

  return {
    value,
    saved,
    loaded,
    id: currentId,
    set(patch) {
      const from = value.peek();
      const on = state()?.id;
      change(written({ from, to: { ...from, ...patch }, id: on === undefined ? currentId() : clientId(), on }));
    },
    fill(patch) {
      const id = currentId();
      change({
        on(now) {
          const filled: Stored<T> = { ...(now ?? blank), ...untouched(patch, now ?? blank, blank) };
          // An empty draft is not stored.
          return isSame(filled, now ?? blank) ? now : { ...filled, id: now?.id ?? id };
        },
      });
    },
    async putBack(words, field, held) {
      const id = currentId();
      change({
        on: (now) => (held.aborted ? now : { ...joinWords(words, now ?? blank, blank, field), id: now?.id ?? id }),
      });
      await writing;
      return saved.peek() !== "memory";
    },
    take(after) {
      // Before the first read, any stored text is meant.
      const on = isLoaded ? without(value.peek(), () => true) : () => undefined;
      newId = undefined;
      change({ on, ...(after && { after }) });
    },
    rest: restOf,
    sent(id, words) {
      sent.set(id, words);
      const [oldest] = sent.keys();
      if (sent.size > sentAtMost && oldest !== undefined) sent.delete(oldest);
      change({ on: without(words, (now) => now.id === id || now.of === id) });
    },
  };
}

const made = <T>(changes: readonly Change<T>[], stored: Stored<T> | undefined) =>
  changes.reduce((now, { on }) => on(now), stored);

function wordsOf<T extends object>(stored: Stored<T>): T {
  const { id: _id, of: _of, ...words } = stored;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `Stored<T>` without the ids
  return words as unknown as T;
}

/** The part of `patch` for fields with their initial value. */
function untouched<T extends object>(patch: Partial<T>, now: T, blank: T): Partial<T> {
  const isUntouched = ([name]: [string, unknown]) => isSame(Reflect.get(now, name), Reflect.get(blank, name));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- some of the patch's own entries
  return Object.fromEntries(Object.entries(patch).filter(isUntouched)) as Partial<T>;
}

/** Restored text goes into fields with their initial value, and before the current text in `field`. */
function joinWords<T extends object>(back: T, now: T, blank: T, field: keyof T): T {
  const [before, text] = [back[field], now[field]];
  const isNew = typeof before === "string" && typeof text === "string" && text !== "" && !hasWords(before, text);
  return { ...now, ...untouched(back, now, blank), ...(isNew && { [field]: `${before}\n${text}` }) };
}

function trimmed<T extends object>(words: T): T {
  const fields = Object.entries(words).map(([name, field]: [string, unknown]) => [
    name,
    typeof field === "string" ? field.trim() : field,
  ]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same fields
  return Object.fromEntries(fields) as T;
}

/** An undefined field is removed. */
function given<T extends object>(fields: T): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of `T` without what is undefined
  return Object.fromEntries(Object.entries(fields).filter(([, field]) => field !== undefined)) as T;
}
