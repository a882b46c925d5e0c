/** Whether `window.Podpora` is the page's queue for calls, or nothing: an element of that id is nothing. */
export function isFree(value: unknown): boolean {
  return value === undefined || value instanceof Element || value instanceof HTMLCollection || isStub(value);
}

/** A plain function with nothing of its own but the queue: not a class, not a library. */
function isStub(value: unknown): boolean {
  if (typeof value !== "function") return false;
  const prototype = Object.getOwnPropertyDescriptor(value, "prototype");
  const methods = prototype?.value === undefined ? [] : Object.getOwnPropertyNames(prototype.value);
  return (
    Object.keys(value).every((name) => name === "q") &&
    prototype?.writable !== false &&
    methods.every((name) => name === "constructor")
  );
}
