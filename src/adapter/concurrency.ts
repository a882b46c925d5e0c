import { bulkhead } from "cockatiel";
import { abortable } from "../core/contract/abortable.ts";
import { isRetryable } from "../core/contract/errors.ts";

/**
 * Writes a record unless it exists. An answer may be lost after the desk has written: then it searches once more.
 * `find` searches by a key that the desk stores, such as the draft's `clientId` in a custom field.
 */
export async function writeOnce<T>(find: () => Promise<T | undefined>, write: () => Promise<T>): Promise<T> {
  const before = await find();
  if (before !== undefined) return before;
  try {
    return await write();
  } catch (error) {
    if (!isRetryable(error)) throw error;
    const written = await find().catch(() => undefined);
    if (written === undefined) throw error;
    return written;
  }
}

/** Runs at most `most` at once; the others wait in the order in which they came. */
export function atOnce(most: number): <T>(run: () => Promise<T>) => Promise<T> {
  const policy = bulkhead(most, Number.POSITIVE_INFINITY);
  return async (run) => await policy.execute(run);
}

/** Shared work that continues for the remaining callers when one of them gives up. */
export interface SingleFlight<T> {
  /** Joins the running work for this key, or starts it. Rejects with the signal's reason once it aborts. */
  join(key: readonly string[], signal: AbortSignal, begin: () => Promise<T>): Promise<T>;
}

export function createSingleFlight<T>(): SingleFlight<T> {
  const running = new Map<string, Promise<T>>();
  return {
    async join(parts, signal, begin) {
      signal.throwIfAborted();
      const key = JSON.stringify(parts);
      const known = running.get(key);
      if (known) return await abortable(known, signal);
      const work = begin();
      running.set(key, work);
      const forget = (): void => void running.delete(key);
      work.then(forget, forget);
      return await abortable(work, signal);
    },
  };
}

/** How long a batch waits for further callers. */
const GATHER_MS = 20;
/** A quarter of the calls that a desk gets at once. */
const AT_ONCE = 4;

interface Round<K, V> {
  readonly keys: Set<K>;
  readonly answers: Promise<(key: K) => V>;
}

/**
 * Combines concurrent calls into one. `ask` gets each key once, and returns a function that finds its answer; if it
 * rejects, all of them reject. Rejects with the signal's reason as soon as it aborts.
 */
export function createBatch<K, V>(
  ask: (keys: readonly K[]) => Promise<(key: K) => V>,
): (key: K, signal: AbortSignal) => Promise<V> {
  let round: Round<K, V> | undefined;

  async function answersTo(keys: ReadonlySet<K>): Promise<(key: K) => V> {
    await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    round = undefined;
    return await ask([...keys]);
  }

  return async (key, signal) => {
    signal.throwIfAborted();
    if (round === undefined) {
      const keys = new Set<K>();
      round = { keys, answers: answersTo(keys) };
    }
    round.keys.add(key);
    const answer = await abortable(round.answers, signal);
    return answer(key);
  };
}

/** With `weight`, a chunk ends before its weight exceeds `most`; a single item may exceed it. */
export function inChunks<T>(
  items: readonly T[],
  size: number,
  weight?: { readonly most: number; of(item: T): number },
): readonly (readonly T[])[] {
  const chunks: T[][] = [];
  let weighs = 0;
  for (const item of items) {
    const more = weight?.of(item) ?? 0;
    const last = chunks.at(-1);
    const fits = last !== undefined && last.length < size && (weight === undefined || weighs + more <= weight.most);
    weighs = fits ? weighs + more : more;
    if (fits) last.push(item);
    else chunks.push([item]);
  }
  return chunks;
}

/** Processes the items in chunks, a few at once, so that shared work leaves capacity for other calls. */
export async function eachChunk<T>(
  items: readonly T[],
  size: number,
  work: (chunk: readonly T[]) => Promise<void>,
): Promise<void> {
  const chunks = inChunks(items, size).values();
  const worker = async (): Promise<void> => {
    // oxlint-disable-next-line no-await-in-loop -- a worker does one after the other
    for (const chunk of chunks) await work(chunk);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

interface Reading<T> {
  readonly value: Promise<T>;
  readonly until: number;
}

/**
 * For a value that is the same for everyone and seldom changes: read once, and again after `forMs`. A failure is not
 * cached.
 */
export function createCached<T>(forMs: number, read: () => Promise<T>): (signal: AbortSignal) => Promise<T> {
  let last: Reading<T> | undefined;
  function begin(): Reading<T> {
    const reading = { value: read(), until: performance.now() + forMs };
    reading.value.catch(() => {
      if (last === reading) last = undefined;
    });
    return reading;
  }
  return async (signal) => {
    signal.throwIfAborted();
    last = last !== undefined && last.until > performance.now() ? last : begin();
    return await abortable(last.value, signal);
  };
}

export interface TtlMap<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
}

/** Keeps each value for `forMs` milliseconds, and at most the newest `most`. */
export function createTtlMap<V>(most: number, forMs: number): TtlMap<V> {
  const kept = new Map<string, { readonly value: V; readonly until: number }>();
  return {
    get(key) {
      const entry = kept.get(key);
      return entry !== undefined && entry.until > performance.now() ? entry.value : undefined;
    },
    set(key, value) {
      kept.delete(key);
      const [oldest] = kept.keys();
      if (kept.size >= most && oldest !== undefined) kept.delete(oldest);
      kept.set(key, { value, until: performance.now() + forMs });
    },
    delete: (key) => void kept.delete(key),
  };
}
