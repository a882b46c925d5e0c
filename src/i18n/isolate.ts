const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;
const isLeftToRight = (text: string) => /\p{L}/u.test(text.replaceAll(new RegExp(rightToLeft, "g"), ""));

/**
 * The values of a sentence, with values of the other text direction isolated (U+2068, U+2069), so that they don't
 * reorder the text around them. Values of the sentence's direction are left unchanged.
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
