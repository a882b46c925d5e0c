import { expect, test } from "vitest";
import { checkFields } from "../../src/adapter/fields.ts";
import type { Field } from "../../src/core/contract/adapter.ts";

const order: Field = { key: "order", label: "Order", kind: "text", pattern: String.raw`[\s\S]*(?:\d+-\d+)[\s\S]*` };
const steps: Field = { key: "steps", label: "Steps", kind: "long-text" };

test.each([
  ["RT puts everything around it", String.raw`[\s\S]*(?:\S+@\S+\.\S+)[\s\S]*`, "@"],
  ["it repeats what repeats", "(a+)+b", "a"],
  ["it has many ways to fit", "(a|a|aa)*b", "a"],
  ["it counts", String.raw`(\d{1,50}){1,10}-`, "1"],
])(
  "a pattern with catastrophic backtracking is matched against a long answer in time, as %s",
  (_why, pattern, letter) => {
    expect(() => checkFields([{ ...order, pattern }], { order: letter.repeat(100_000) })).toThrow(
      expect.objectContaining({ code: "invalid", fields: { order: `must match the pattern ${pattern}` } }),
    );
  },
);

test("a pattern with look-ahead is left to the desk", () => {
  expect(checkFields([{ ...order, pattern: "(?=a)b" }], { order: "a" })).toEqual({ order: "a" });
});

test("a field without a pattern accepts a long answer, and one with a pattern a matching one", () => {
  const answers = { order: "no 1-2", steps: "1".repeat(100_000) };
  expect(checkFields([order, steps], answers)).toEqual(answers);
});

test("each wrong answer is named", () => {
  expect(() => checkFields([order, { ...steps, required: true }], { order: "none", colour: "red" })).toThrow(
    expect.objectContaining({
      fields: {
        order: expect.stringContaining("pattern"),
        steps: "is required",
        colour: "is not on the form",
      },
    }),
  );
});
