/** A deep copy of plain objects and arrays. A file is not copied, since it is immutable. */
export function cloneOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Blob) return plain(value);
  if (Array.isArray(value)) return value.map(cloneOf);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return structuredClone(value);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cloneOf(each)]));
}

/** The same error as IndexedDB's. */
function plain(value: unknown): unknown {
  if (typeof value !== "function" && typeof value !== "symbol") return value;
  throw new DOMException(`a ${typeof value} can't be stored`, "DataCloneError");
}
