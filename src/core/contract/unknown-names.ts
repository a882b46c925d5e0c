/** The properties of an object that are not among the known names. */
export function unknownNames(value: object, known: readonly string[]): readonly string[] {
  return Object.keys(value).filter((name) => !known.includes(name));
}

/** The known name that was probably meant: at most one letter is wrong, missing, extra or swapped with the next. */
export function likelyName(name: string, known: readonly string[]): string | undefined {
  return known.find((each) => isNear(plain(each), plain(name)));
}

const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, "");

function isNear(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  const [a, b] = [one.slice(start), other.slice(start)];
  const isSwapped = a.length > 1 && a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2);
  return a === b || a.slice(1) === b.slice(1) || a.slice(1) === b || a === b.slice(1) || isSwapped;
}
