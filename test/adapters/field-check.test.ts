import { expect, test } from "vitest";
import { checkFields } from "../../src/adapters/shared/field-check.ts";
import type { Field } from "../../src/core/contract/adapter.ts";

const order: Field = { key: "order", label: "Order", kind: "text", pattern: String.raw`[\s\S]*(?:\d+-\d+)[\s\S]*` };
const steps: Field = { key: "steps", label: "Steps", kind: "long-text" };

test("a long answer to a field with a pattern is refused by its name, before the pattern is tried", () => {
  // Tried, this pattern would need longer than any test has.
  expect(() => checkFields([order, steps], { order: "1".repeat(100_000) })).toThrow(
    expect.objectContaining({ code: "invalid", fields: { order: "must not have more than 10000 characters" } }),
  );
});

test("a field without a pattern takes a long answer, and one with a pattern what fits it", () => {
  const answers = { order: "no 1-2", steps: "1".repeat(100_000) };
  expect(checkFields([order, steps], answers)).toEqual(answers);
});

test("each answer that is wrong is named", () => {
  expect(() => checkFields([order, { ...steps, required: true }], { order: "none", colour: "red" })).toThrow(
    expect.objectContaining({
      fields: {
        order: expect.stringContaining("pattern"),
        steps: "must be given",
        colour: "is not asked for",
      },
    }),
  );
});
