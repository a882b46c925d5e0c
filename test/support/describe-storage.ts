import { describe, test } from "vitest";
import type { Storage } from "../../src/core/delivery/storage.ts";
import { storageCases } from "./storage-cases.ts";

/** The contract for storages. `openBrowser` starts with an empty one and returns a function that opens a tab. */
export function describeStorage(name: string, openBrowser: () => () => Storage): void {
  describe(`the storage ${name}`, () => {
    test.each(Object.entries(storageCases))("%s", async (_what, run) => await run(openBrowser()));
  });
}
