import type { ContextAttribute } from "../../src/core/contract/adapter.ts";

/** "plan = Pro", as an agent reads it, as a name and a value. */
export const attributesOf = (lines: readonly string[]): readonly ContextAttribute[] =>
  lines.map((line) => {
    const at = line.indexOf(" = ");
    return { name: line.slice(0, at), value: line.slice(at + 3) };
  });
