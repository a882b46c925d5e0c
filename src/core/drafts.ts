import { batch, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Storage } from "./storage.ts";

export interface Draft<T extends object> {
  readonly value: ReadonlySignal<T>;
  /** Where the words are: `saving` until the storage has them, `memory` when it refused. */
  readonly saved: ReadonlySignal<"saved" | "saving" | "memory">;
  /** Resolves when what was stored earlier is in `value`. */
  readonly loaded: Promise<void>;
  set(patch: Partial<T>): void;
  /** Back to the initial value, and out of the storage. */
  reset(): void;
}

/**
 * What a member has typed and not sent. Written on every change: one write runs at a time and the next one takes the
 * newest value, so that a crash loses nothing and fast typing costs little.
 */
export function createDraft<T extends object>(storage: Storage, key: string, initial: () => T): Draft<T> {
  const value = signal<T>(initial());
  const saved = signal<"saved" | "saving" | "memory">("saved");
  let touched: Partial<T> = {};
  let writing = false;
  let dirty = false;
  let discarded = false;

  async function write() {
    dirty = true;
    if (writing) return;
    writing = true;
    saved.value = "saving";
    try {
      while (dirty) {
        dirty = false;
        const now = value.peek();
        await (now === empty ? storage.delete(key) : storage.set(key, now));
      }
      saved.value = "saved";
    } catch {
      saved.value = "memory";
    } finally {
      writing = false;
    }
  }

  let empty: T | undefined = value.peek();

  async function load() {
    const stored = await storage.get(key).catch(() => undefined);
    if (typeof stored !== "object" || stored === null || discarded) return;
    // What was typed while the storage was still reading is newer than what it read.
    value.value = { ...initial(), ...stored, ...touched };
    if (value.peek() !== empty) empty = undefined;
  }

  return {
    value,
    saved,
    loaded: load(),
    set(patch) {
      touched = { ...touched, ...patch };
      empty = undefined;
      value.value = { ...value.peek(), ...patch };
      void write();
    },
    reset() {
      discarded = true;
      batch(() => {
        touched = {};
        value.value = initial();
        empty = value.peek();
      });
      void write();
    },
  };
}
