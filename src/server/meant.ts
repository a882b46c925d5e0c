/** The word of these that was probably meant by one that is none of them; undefined when none is near. */
export function meant(word: string, known: readonly string[]): string | undefined {
  const near = known
    .map((each) => ({ each, steps: stepsBetween(plain(word), plain(each)) }))
    .filter(({ each, steps }) => steps <= Math.max(1, Math.floor(each.length / 3)))
    .toSorted((one, other) => one.steps - other.steps);
  return near[0]?.each;
}

/** `public_origin` and `PublicOrigin` are `publicOrigin`. */
const plain = (word: string): string => word.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** Letters to add, take away, change or swap (optimal string alignment). */
function stepsBetween(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Infinity;
  for (let row = 1; row <= one.length; row += 1) {
    const steps = [row];
    rows.push(steps);
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1] ? 0 : 1;
      const isSwap = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      steps[column] = Math.min(
        at(row - 1, column) + 1,
        (steps[column - 1] ?? Infinity) + 1,
        at(row - 1, column - 1) + same,
        isSwap ? at(row - 2, column - 2) + 1 : Infinity,
      );
    }
  }
  return at(one.length, other.length);
}
