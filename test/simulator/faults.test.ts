import { expect, test } from "vitest";
import { checkPatch, faults } from "./faults.ts";

test.each(faults())("the patch of %s still applies to src", (fault) => {
  expect(() => checkPatch(fault)).not.toThrow();
});

test("every fault from A1 to A12 and B1 to B10 has a patch", () => {
  const numbers = (letter: string, most: number) =>
    Array.from({ length: most }, (_, index) => `${letter}${String(index + 1).padStart(2, "0")}`);
  expect(faults().map((fault) => fault.split("-")[0])).toEqual([...numbers("a", 12), ...numbers("b", 10)]);
});
