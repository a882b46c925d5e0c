import { toJson } from "../contract/json.ts";
import type { Storage } from "./storage.ts";

/** The prefix of cached values: they are copies, and may be lost. */
export const keptPrefix = "kept/";

const keptMs = 7 * 24 * 3_600_000;
const charactersAtMost = 100_000;

interface Kept {
  readonly at: number;
  readonly subject: string | undefined;
  readonly answer: unknown;
}

/** A server's answer, so that the next page can show it while it asks again. */
export interface KeptAnswer {
  /** Undefined if there is none, if it is a week old, or if it belongs to another person. */
  read(subject: string | undefined, now: number): Promise<unknown>;
  /** `subject`: the person of the answer, from their token. An answer that is too large is not kept. */
  write(subject: string | undefined, now: number, answer: unknown): Promise<void>;
}

/** `storage`: one person's part. If it refuses, nothing is kept. */
export function keptAnswer(storage: Storage, name: string): KeptAnswer {
  const key = `${keptPrefix}${name}`;
  return {
    async read(subject, now) {
      const kept = await storage.get(key).catch(() => undefined);
      if (!isKept(kept) || kept.subject !== subject) return undefined;
      return kept.at <= now && now - kept.at < keptMs ? kept.answer : undefined;
    },
    async write(subject, now, answer) {
      const kept = toJson(answer).length > charactersAtMost ? undefined : { at: now, subject, answer };
      await storage.set(key, kept).catch(() => undefined);
    },
  };
}

const isKept = (stored: unknown): stored is Kept => typeof stored === "object" && stored !== null && "answer" in stored;
