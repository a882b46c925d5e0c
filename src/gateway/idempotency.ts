import * as v from "valibot";
import type { SharedStore } from "./shared-store.ts";
import { isProblem, Problem, problemDocumentOf, problemOf } from "./problems.ts";

/** What the first call with a key gave. */
export interface Outcome {
  readonly status: number;
  readonly body: unknown;
}

/** A call that runs says so again and again: of a copy that died nobody hears any more, and the retry need not wait long. */
const RUNNING_MS = 10_000;
const RENEW_MS = 3000;
const KEPT_MS = 24 * 3_600_000;
const entry = v.object({
  fingerprint: v.string(),
  outcome: v.exactOptional(v.object({ status: v.number(), body: v.unknown() })),
});

/**
 * Runs once for each key (draft-ietf-httpapi-idempotency-key-header): a later call with the same key and the same
 * fingerprint gets the first one's outcome. Rejects with 422 when the fingerprint differs, with 409 while the first call
 * runs. What may succeed later is not kept.
 */
export async function once(
  store: SharedStore,
  key: string,
  fingerprint: string,
  run: () => Promise<Outcome>,
): Promise<Outcome> {
  const before = await store.setIfAbsent(key, JSON.stringify({ fingerprint }), RUNNING_MS);
  if (before !== undefined) return earlier(before, fingerprint);
  try {
    const outcome = await leased(store, key, fingerprint, run);
    await store.set(key, JSON.stringify({ fingerprint, outcome }), KEPT_MS);
    return outcome;
  } catch (error) {
    const problem = problemOf(error);
    if (isLasting(problem)) {
      const outcome = { status: problem.status, body: problemDocumentOf(problem) };
      await store.set(key, JSON.stringify({ fingerprint, outcome }), KEPT_MS);
    } else {
      await store.delete(key);
    }
    throw isProblem(error) ? error : problem;
  }
}

/** Runs, and keeps the mark that it does. What is kept of it afterwards is never overwritten by the mark. */
async function leased(store: SharedStore, key: string, fingerprint: string, run: () => Promise<Outcome>) {
  let renewing: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    // A store that is away for a moment is asked again.
    renewing = store.set(key, JSON.stringify({ fingerprint }), RUNNING_MS).catch(() => undefined);
  }, RENEW_MS);
  try {
    return await run();
  } finally {
    clearInterval(timer);
    await renewing;
  }
}

function earlier(stored: string, fingerprint: string): Outcome {
  const { fingerprint: first, outcome } = v.parse(entry, JSON.parse(stored));
  if (first !== fingerprint) {
    throw new Problem("invalid", "this Idempotency-Key was used for another body: make a new one");
  }
  if (outcome === undefined) {
    throw new Problem("unavailable", "the first call with this key still runs", { status: 409, retryAfterMs: 1000 });
  }
  return outcome;
}

function isLasting({ status }: Problem): boolean {
  return status < 500 && ![408, 409, 423, 425, 429].includes(status);
}
