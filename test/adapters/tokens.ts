import type { TokenSource } from "../../src/adapters/rest/index.ts";

/** A token source that keeps one token in memory. */
export function keptToken(first?: string): TokenSource & { readonly now: () => string | undefined } {
  let token = first;
  return {
    now: () => token,
    get: async () => token,
    async set(next) {
      token = next;
    },
  };
}
