import { abortable } from "../../core/contract/abortable.ts";

/** How long is waited for others who ask. */
const GATHER_MS = 20;
/** A quarter of what a desk is asked at once. */
const AT_ONCE = 4;

interface Round<K, V> {
  readonly keys: Set<K>;
  readonly answers: Promise<(key: K) => V>;
}

/**
 * Joins what many ask for in the same moment into one question. `ask` gets each key once, and gives what finds its
 * answer; when it rejects, it does for all of them. Rejects with the signal's reason as soon as it aborts.
 */
export function createGather<K, V>(
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

export function inChunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}

/** Works through the items in chunks, a few of them at once: what many wait for leaves room for others. */
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
