import { toJson } from "../contract/json.ts";
import { batch, type ReadonlySignal, signal } from "@preact/signals-core";
import { clientId } from "./client-id.ts";
import { onDispose } from "./on-dispose.ts";
import type { Storage } from "./storage.ts";

export interface Draft<T extends object> {
  readonly value: ReadonlySignal<T>;
  /** Where the words are: `saving` until the storage has them, `memory` when it refused. */
  readonly saved: ReadonlySignal<"saved" | "saving" | "memory">;
  /** Resolves when what was stored earlier is in `value`. */
  readonly loaded: Promise<void>;
  /** A UUID that this draft keeps until it is reset, also through a reload: what is made of it is made once. */
  id(): string;
  /** An undefined field is removed. */
  set(patch: Partial<T>): void;
  /** As `set`, for the fields that the member has left as they were. Waits for what was stored earlier. */
  fill(patch: Partial<T>): Promise<void>;
  /**
   * Words that come back: into the fields that are empty, and in front of what is written in `field`. Resolves when they are
   * stored. Words that are there already are not put there again.
   */
  putBack(words: T, field: keyof T): Promise<void>;
  /** Back to the initial value at once. The stored words are removed when `after` has settled. */
  reset(after?: Promise<unknown>): void;
}

/**
 * What a member has typed and not sent. Written on every change: one write runs at a time and the next one takes the
 * newest words, so that a crash loses nothing and fast typing costs little. A write holds what changed here alone, and
 * what another tab writes shows here at once: two tabs on one form share its words. Call it inside a model.
 */
export function createDraft<T extends object>(storage: Storage, key: string, initial: () => T): Draft<T> {
  const value = signal<T>(initial());
  const saved = signal<"saved" | "saving" | "memory">("saved");
  /** Changed here and not written yet; being written; and whether everything before them goes first. */
  let waiting: Partial<Stored<T>> = {};
  let inFlight: Partial<Stored<T>> = {};
  let wipe = false;
  let wiping = false;
  let running = false;
  let writes = 0;
  let writing = Promise.resolve();
  let isLoaded = false;
  let id: string | undefined;
  /** What has to be durable elsewhere before the stored words may change. */
  let hold: Promise<unknown> | undefined;
  onDispose(storage.watch(key, () => void read()));

  const here = () => ({ ...inFlight, ...waiting });

  function write() {
    if (!running) writing = writeAll();
  }

  async function writeAll() {
    running = true;
    saved.value = "saving";
    // What an earlier page has stored is read before anything is written over it.
    await loaded;
    try {
      while (wipe || Object.keys(waiting).length > 0) {
        const before = hold;
        hold = undefined;
        // oxlint-disable-next-line no-await-in-loop -- one write after the other
        await before?.catch(() => undefined);
        inFlight = waiting;
        waiting = {};
        wiping = wipe;
        wipe = false;
        const patch = inFlight;
        const fresh = wiping;
        await storage.update(key, (stored) => {
          if (Object.keys(patch).length === 0) return undefined;
          return given({ ...initial(), ...(!fresh && isObject(stored) && stored), ...patch });
        });
        writes += 1;
        inFlight = {};
        wiping = false;
      }
      saved.value = "saved";
    } catch {
      waiting = here();
      inFlight = {};
      wipe ||= wiping;
      wiping = false;
      saved.value = "memory";
    } finally {
      running = false;
    }
  }

  /** What is typed here meanwhile is newer than what is read. */
  async function read() {
    let stored: unknown;
    let at: number;
    do {
      at = writes;
      stored = await storage.get(key).catch(() => undefined);
    } while (at !== writes);
    if (wipe || wiping) return;
    // If the last write failed, the stored value is stale: keep what is in memory.
    if (saved.peek() === "memory") return;
    if (!isLoaded && isObject(stored)) waiting = { ...waiting, ...joined(stored, waiting) };
    isLoaded = true;
    const { id: known, ...words }: Partial<Stored<T>> = given({ ...(isObject(stored) && stored), ...here() });
    id = known;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `write` has stored, without the id
    value.value = { ...initial(), ...(words as Partial<T>) };
  }

  function set(patch: Partial<T>) {
    id ??= clientId();
    waiting = { ...waiting, ...patch, id };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of `T` without what is undefined
    value.value = given({ ...value.peek(), ...patch }) as T;
    write();
  }
  const loaded = read();

  async function fill(patch: Partial<T>): Promise<void> {
    await loaded;
    const [now, before] = [value.peek(), initial()];
    const isUntouched = ([name]: [string, unknown]) =>
      toJson(Reflect.get(now, name)) === toJson(Reflect.get(before, name));
    const untouched = Object.fromEntries(Object.entries(patch).filter(isUntouched));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- some of the patch's own entries
    if (Object.keys(untouched).length > 0) set(untouched as Partial<T>);
  }

  return {
    value,
    saved,
    loaded,
    id: () => (id ??= clientId()),
    set,
    fill,
    async putBack(words, field) {
      await loaded;
      await writing;
      const back = (now: T): T => joinWords(words, now, initial(), field);
      try {
        // On what is stored: another tab may have written what this one has not read yet.
        await storage.update(key, (stored) => {
          const { id: known, ...now }: Stored<T> = { ...initial(), ...(isObject(stored) && stored) };
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `write` has stored, without the id
          return { ...back(now as T), id: known ?? clientId() };
        });
        writes += 1;
        await read();
      } catch {
        set(back(value.peek()));
      }
    },
    reset(after) {
      batch(() => {
        waiting = {};
        wipe = true;
        id = undefined;
        if (after) hold = after;
        value.value = initial();
      });
      write();
    },
  };
}

type Stored<T> = T & { readonly id?: string };

/** What comes back goes into the fields that are as they were at first, and in front of what is written in `field`. */
function joinWords<T extends object>(back: T, now: T, blank: T, field: keyof T): T {
  const isUntouched = ([name]: [string, unknown]) =>
    toJson(Reflect.get(now, name)) === toJson(Reflect.get(blank, name));
  const filled = Object.entries(back).filter(isUntouched);
  const [before, written] = [back[field], now[field]];
  const isNew =
    typeof before === "string" && typeof written === "string" && written !== "" && !written.includes(before);
  return { ...now, ...Object.fromEntries(filled), ...(isNew && { [field]: `${before}\n${written}` }) };
}

/** Words that were typed before the stored ones were read go behind them. */
function joined(stored: object, typed: object): object {
  const both = Object.entries(typed).flatMap(([name, text]: [string, unknown]) => {
    const before: unknown = Reflect.get(stored, name);
    const isBoth =
      name !== "id" && typeof before === "string" && before !== "" && typeof text === "string" && text !== "";
    return isBoth && before !== text ? [[name, `${before} ${text}`]] : [];
  });
  return Object.fromEntries(both);
}

/** An undefined field is none. */
const given = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, field]) => field !== undefined));

const isObject = (stored: unknown): stored is object => typeof stored === "object" && stored !== null;
