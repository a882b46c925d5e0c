import { AdapterError } from "../contract/errors.ts";

/** The result of the adapter's `call`. Throws `unknown` if it is undefined: then the item is kept. */
export function answered<T extends object>(answer: T | undefined, call: string): T {
  if (typeof answer === "object") return answer;
  throw new AdapterError("unknown", `${call} must return what it created, not ${String(answer)}`);
}
