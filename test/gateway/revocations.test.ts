import { expect, test } from "vitest";
import { memoryStore } from "../../src/gateway/memory-store.ts";
import { createRevocations } from "../../src/gateway/revocations.ts";

test("an undo that is called twice leaves another stream of the same sign-in watched", async () => {
  const revocations = createRevocations(memoryStore());
  const undo = revocations.watch("s", () => undefined);
  undo();
  let isTold = false;
  revocations.watch("s", () => (isTold = true));
  undo();
  await revocations.revoke("s", 1000);
  await new Promise((r) => setTimeout(r, 10));
  expect(isTold).toBe(true);
});
