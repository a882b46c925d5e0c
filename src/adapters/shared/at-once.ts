import { bulkhead } from "cockatiel";

/** Runs at most `most` at once; the others wait for their turn, in the order in which they came. */
export function atOnce(most: number): <T>(run: () => Promise<T>) => Promise<T> {
  const policy = bulkhead(most, Number.POSITIVE_INFINITY);
  return async (run) => await policy.execute(run);
}
