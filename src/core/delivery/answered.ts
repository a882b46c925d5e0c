import { AdapterError } from "../contract/errors.ts";

/** What the adapter's `call` answered. Throws `unknown` when that is nothing: then what was to be sent is kept. */
export function answered<T extends object>(answer: T | undefined, call: string): T {
  if (typeof answer === "object") return answer;
  throw new AdapterError("unknown", `${call} has to answer with what it made, and gave ${String(answer)}`);
}
