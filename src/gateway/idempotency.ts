import * as v from "valibot";
import type { SharedStore } from "./shared-store.ts";
import { isProblem, Problem, problemDocumentOf, problemOf } from "./problems.ts";

/** The outcome of the first call with a key. */
export interface Outcome {
  readonly status: number;
  readonly body: unknown;
  /** It is the outcome of an earlier call. */
  readonly isReplay?: true;
}

/** A running call renews its lock: the lock of a copy that died expires, and the retry need not wait long. */
const RUNNING_MS = 10_000;
const RENEW_MS = 3000;
const CALL_MAX_MS = 5 * 60_000;
const KEPT_MS = 24 * 3_600_000;
const entry = v.object({
  fingerprint: v.string(),
  outcome: v.exactOptional(v.object({ status: v.number(), body: v.unknown() })),
});

export interface OnceOptions {
  readonly store: SharedStore;
  readonly key: string;
  /** Of the request: with the same key it is always the same. */
  readonly fingerprint: string;
  readonly run: () => Promise<Outcome>;
  /** The part of the body to store, without what the retry repeats. @default all of it */
  readonly pack?: (body: unknown) => unknown;
  /** Rebuilds the body from the stored part and the request. */
  readonly unpack?: (kept: unknown) => unknown;
  /** Called when the store could not keep an outcome. */
  readonly onStoreError: (error: unknown) => void;
}

/**
 * Runs once for each key (draft-ietf-httpapi-idempotency-key-header): a later call with the same key and fingerprint
 * gets the first one's outcome. Rejects with 422 if the fingerprint differs, with 409 while the first call runs.
 * Failures that may succeed later are not kept. A call that has run returns its outcome even if the store fails.
 */
export async function once(options: OnceOptions): Promise<Outcome> {
  const { store, key, fingerprint, run, pack = same, unpack = same, onStoreError } = options;
  const before = await store.setIfAbsent(key, JSON.stringify({ fingerprint }), RUNNING_MS);
  if (before !== undefined) {
    const { status, body } = earlier(before, fingerprint);
    return { status, body: unpack(body), isReplay: true };
  }
  const keep = async (outcome: Outcome) =>
    await store.set(key, JSON.stringify({ fingerprint, outcome }), KEPT_MS).catch(onStoreError);
  let outcome: Outcome;
  try {
    outcome = await leased(store, key, fingerprint, run);
  } catch (error) {
    const problem = problemOf(error);
    if (lasting.includes(problem.status)) {
      await keep({ status: problem.status, body: problemDocumentOf(problem) });
    } else {
      await store.delete(key).catch(onStoreError);
    }
    throw isProblem(error) ? error : problem;
  }
  await keep({ status: outcome.status, body: pack(outcome.body) });
  return outcome;
}

const same = (body: unknown) => body;

/** Refusals of the body itself. Any other may be resolved at the desk, without the member. */
const lasting: readonly number[] = [413, 415, 422];

/** Runs the call and renews its lock, for as long as a call may last. The renewal never overwrites an outcome. */
async function leased(store: SharedStore, key: string, fingerprint: string, run: () => Promise<Outcome>) {
  let renewing: Promise<unknown> = Promise.resolve();
  const until = Date.now() + CALL_MAX_MS;
  const timer = setInterval(() => {
    // A call that never ends must not hold its key forever.
    if (Date.now() > until) return;
    // Retry while the store is briefly unreachable.
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
    throw new Problem("unavailable", "the first call with this key is still running", {
      status: 409,
      retryAfterMs: 1000,
    });
  }
  return outcome;
}
