/**
 * What the script has in valibot's place: the few of its functions that src/protocol/data.ts and the REST adapter call,
 * for values out of `JSON.parse`. A quarter of the weight, since an answer either fits or does not: no list of issues,
 * no messages to translate. test/protocol/small-valibot.test.ts holds it against the library.
 */
type Run = (value: unknown, path: string) => unknown;
type Schema = Run & { readonly optional?: true; readonly literal?: unknown; readonly entries?: Entries };
type Entries = Readonly<Record<string, Schema>>;

/** What does not fit, and where. */
export class ValiError extends Error {
  constructor([issue]: readonly [string]) {
    super(issue);
  }
}

function misfit(path: string, expected: string): never {
  throw new ValiError([`${path} is not ${expected}`]);
}

const kindOf = (kind: "string" | "number" | "boolean") => (): Schema => (value, path) =>
  typeof value === kind ? value : misfit(path, `a ${kind}`);

export const string = kindOf("string");
export const number = kindOf("number");
export const boolean = kindOf("boolean");

export const picklist =
  (options: readonly unknown[]): Schema =>
  (value, path) =>
    options.includes(value) ? value : misfit(path, options.join(" or "));

export const literal = (wanted: unknown): Schema => Object.assign(picklist([wanted]), { literal: wanted });

export const exactOptional = (wrapped: Schema): Schema =>
  Object.assign(((value, path) => wrapped(value, path)) satisfies Run, { optional: true } as const);

/** What does not fit is this. */
export const fallback =
  (wrapped: Schema, otherwise: unknown): Schema =>
  (value, path) => {
    try {
      return wrapped(value, path);
    } catch {
      return otherwise;
    }
  };

export const array =
  (item: Schema): Schema =>
  (value, path) =>
    Array.isArray(value) ? value.map((each, index) => item(each, `${path}[${index}]`)) : misfit(path, "a list");

const objectAt = (value: unknown, path: string): object =>
  typeof value === "object" && value !== null ? value : misfit(path, "an object");

/** Keys that are not named are dropped. */
export function object(entries: Entries): Schema {
  const run: Run = (value, path) => {
    const given: Readonly<Record<string, unknown>> = { ...objectAt(value, path) };
    return Object.fromEntries(
      Object.entries(entries)
        .filter(([key, { optional }]) => !optional || key in given)
        .map(([key, schema]) => [key, schema(given[key], `${path}.${key}`)]),
    );
  };
  return Object.assign(run, { entries });
}

export const record =
  (_key: Schema, item: Schema): Schema =>
  (value, path) =>
    Object.fromEntries(Object.entries(objectAt(value, path)).map(([key, each]) => [key, item(each, `${path}.${key}`)]));

/** Which of them it is, one key says. */
export function variant(key: string, options: readonly Schema[]): Schema {
  const run: Run = (value, path) => {
    const given: Readonly<Record<string, unknown>> = { ...objectAt(value, path) };
    const option = options.find(({ entries }) => entries?.[key]?.literal === given[key]);
    return option ? option(value, path) : misfit(`${path}.${key}`, "one that is known");
  };
  return Object.assign(run, { options });
}

export const union =
  (options: readonly Schema[]): Schema =>
  (value, path) => {
    for (const option of options) {
      const result = safeParse(option, value);
      if (result.success) return result.output;
    }
    return misfit(path, "one of what it may be");
  };

export function safeParse(schema: Schema, value: unknown) {
  try {
    return { success: true, output: schema(value, "it") } as const;
  } catch (error) {
    return { success: false, issues: [String(error)] } as const;
  }
}
