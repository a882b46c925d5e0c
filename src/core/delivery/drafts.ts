import { batch, effect, type ReadonlySignal, signal } from "@preact/signals-core";
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
 * newest words, so that a crash loses nothing and fast typing costs little. A write holds what changed here alone, and
 * what another tab writes shows here at once: two tabs on one form share its words. Call it inside a model.
 */
export function createDraft<T extends object>(storage: Storage, key: string, initial: () => T): Draft<T> {
  const value = signal<T>(initial());
  const saved = signal<"saved" | "saving" | "memory">("saved");
  /** Changed here and not written yet; being written; and whether everything before them goes first. */
  let waiting: Partial<T> = {};
  let inFlight: Partial<T> = {};
  let wipe = false;
  let wiping = false;
  let running = false;
  let writes = 0;
  effect(() => storage.watch(key, () => void read()));

  const here = () => ({ ...inFlight, ...waiting });

  async function write() {
    if (running) return;
    running = true;
    saved.value = "saving";
    try {
      while (wipe || Object.keys(waiting).length > 0) {
        inFlight = waiting;
        waiting = {};
        wiping = wipe;
        wipe = false;
        const patch = inFlight;
        const fresh = wiping;
        await storage.update(key, (stored) => {
          if (Object.keys(patch).length === 0) return undefined;
          return { ...initial(), ...(!fresh && isObject(stored) && stored), ...patch };
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
    // A storage that refuses has nothing to say about what stands here.
    if (saved.peek() === "memory") return;
    value.value = { ...initial(), ...(isObject(stored) && stored), ...here() };
  }

  return {
    value,
    saved,
    loaded: read(),
    set(patch) {
      waiting = { ...waiting, ...patch };
      value.value = { ...value.peek(), ...patch };
      void write();
    },
    reset() {
      batch(() => {
        waiting = {};
        wipe = true;
        value.value = initial();
      });
      void write();
    },
  };
}

const isObject = (stored: unknown): stored is object => typeof stored === "object" && stored !== null;
