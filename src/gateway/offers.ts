/** The names of a part's methods, including those of its class. */
export function methodsOf(part: object): readonly string[] {
  const own = Object.getOwnPropertyNames(part).filter((name) => typeof Reflect.get(part, name) === "function");
  const prototype: unknown = Object.getPrototypeOf(part);
  const inherited = typeof prototype === "object" && prototype && prototype !== Object.prototype;
  const all = [...own, ...(inherited ? methodsOf(prototype) : [])];
  return [...new Set(all)].filter((name) => name !== "constructor");
}

/** Whether a part of an adapter has this optional method. */
export function offers<T extends object, K extends keyof T>(
  part: T,
  method: K,
): part is T & { readonly [Name in K]-?: NonNullable<T[Name]> } {
  return part[method] !== undefined;
}
