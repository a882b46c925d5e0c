const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;
const isLeftToRight = (text: string) => /\p{L}/u.test(text.replaceAll(new RegExp(rightToLeft, "g"), ""));

/**
 * The values of a sentence. A name that runs in the other direction is isolated (U+2068, U+2069), so that it turns nothing
 * around it; what runs as the sentence does stays as it is.
 */
export function isolated(
  values: Readonly<Record<string, unknown>>,
  direction: "ltr" | "rtl",
): Readonly<Record<string, unknown>> {
  const isOther = (text: string) => (direction === "ltr" ? rightToLeft.test(text) : isLeftToRight(text));
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "string" && isOther(value) ? `\u2068${value}\u2069` : value,
    ]),
  );
}
