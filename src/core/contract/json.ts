/**
 * JSON, whatever the page has done to the prototypes: old libraries add a `toJSON` to arrays and objects, which would put
 * a string where an array belongs. For plain data; takes the own members of objects.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(withoutPrototype(value));
}

function withoutPrototype(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return bare(value.map(withoutPrototype));
  return bare(Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutPrototype(each)])));
}

/** JSON knows an array without its prototype all the same. */
const bare = (value: object): unknown => Object.setPrototypeOf(value, null);
