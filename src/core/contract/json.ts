/**
 * JSON that ignores changes of the page to prototypes: old libraries add a `toJSON` to arrays and objects, which would
 * turn an array into a string. For plain data; uses the own properties of objects.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(withoutPrototype(value));
}

function withoutPrototype(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return bare(value.map(withoutPrototype));
  return bare(Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutPrototype(each)])));
}

/** JSON recognises an array without its prototype. */
const bare = (value: object): unknown => Object.setPrototypeOf(value, null);
