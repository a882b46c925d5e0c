/** The waiting chats, by turn, lowest first. Each step takes logarithmic or linear time. */
export interface Waiting<T extends { readonly turn: number }> {
  readonly all: readonly T[];
  /** From 1; undefined for a chat that does not wait. */
  place(one: T): number | undefined;
  append(one: T): void;
  prepend(one: T): void;
  remove(one: T): void;
  /** A turn before all others. */
  firstTurn(): number;
}

export function createWaiting<T extends { readonly turn: number }>(): Waiting<T> {
  const all: T[] = [];

  function indexOf(one: T): number {
    let [low, high] = [0, all.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((all[middle]?.turn ?? 0) < one.turn) low = middle + 1;
      else high = middle;
    }
    return all[low] === one ? low : -1;
  }

  return {
    all,
    place(one) {
      const index = indexOf(one);
      return index === -1 ? undefined : index + 1;
    },
    append: (one) => void all.push(one),
    prepend: (one) => void all.unshift(one),
    remove(one) {
      const index = indexOf(one);
      if (index !== -1) all.splice(index, 1);
    },
    firstTurn: () => (all[0]?.turn ?? 1) - 1,
  };
}
