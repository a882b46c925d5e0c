import { expect, test } from "vitest";
import type { Field, FieldValue } from "../../../src/core/contract/adapter.ts";
import { answers, askedFields, fieldProblem } from "../../../src/core/tickets/fields.ts";

const fields: readonly Field[] = [
  { key: "topic", label: "Topic", kind: "select" },
  { key: "order", label: "Order", kind: "text", showWhen: { key: "topic", values: ["orders"] } },
  { key: "parts", label: "Parts", kind: "multi-select", showWhen: { key: "order", values: ["BR-1"] } },
];
const asked = (values: Record<string, FieldValue>) => askedFields(fields, values).map(({ key }) => key);

test("a field that depends on another is asked for only with it", () => {
  expect(asked({})).toEqual(["topic"]);
  expect(asked({ topic: "orders" })).toEqual(["topic", "order"]);
  expect(asked({ topic: "orders", order: "BR-1" })).toEqual(["topic", "order", "parts"]);
  // The one in the middle is not asked for any more, whatever its old answer was.
  expect(asked({ topic: "other", order: "BR-1" })).toEqual(["topic"]);
});

test("what is not asked for, or empty, is not sent", () => {
  expect(answers(fields, { topic: "other", order: "BR-1" })).toEqual({ topic: "other" });
  expect(answers(fields, { topic: "orders", order: "  " })).toEqual({ topic: "orders" });
});

test.each<[Partial<Field>, FieldValue | undefined, string | undefined]>([
  [{ required: true }, undefined, "required"],
  [{ required: true }, "  ", "required"],
  [{ required: true, kind: "checkbox" }, false, "required"],
  [{ required: true, kind: "multi-select" }, [], "required"],
  [{ required: true, kind: "number" }, 0, undefined],
  [{}, undefined, undefined],
  [{ pattern: String.raw`BR-\d{6}` }, "BR-123456", undefined],
  [{ pattern: String.raw`BR-\d{6}` }, "x BR-123456", "format"],
  [{ pattern: String.raw`BR-\d{6}` }, "", undefined],
  [{ pattern: "(" }, "anything", undefined],
  [{ kind: "number" }, "1.05", undefined],
  [{ kind: "number" }, "1,05", undefined],
  [{ kind: "number" }, "-0.5", undefined],
  [{ kind: "number" }, "١٢٫٥", undefined],
  [{ kind: "number" }, "twelve", "number"],
  [{ kind: "number" }, "1.234,5", "number"],
  [{ kind: "number" }, "-", "number"],
  [{ kind: "number" }, "12345678901234567890", "number"],
  [{ kind: "number", required: true }, "", "required"],
])("%o with %o: %s", (field, value, problem) => {
  expect(fieldProblem({ key: "f", label: "F", kind: "text", ...field }, value)).toBe(problem);
});

test("a number is kept as it was typed, and sent as a number", () => {
  const amount: Field = { key: "amount", label: "Amount", kind: "number" };
  const sent = (typed: string) => answers([amount], { amount: typed })["amount"];
  expect(["1.05", "1,05", "007", "-0.5", "1e3", " 3 ", "−2", "١٢"].map(sent)).toEqual([
    1.05, 1.05, 7, -0.5, 1000, 3, -2, 12,
  ]);
});

test("a field that depends on a number is asked for when that number was typed", () => {
  const count: Field = { key: "count", label: "Count", kind: "number" };
  const why: Field = { key: "why", label: "Why", kind: "text", showWhen: { key: "count", values: [3] } };
  expect(askedFields([count, why], { count: "3" }).map(({ key }) => key)).toEqual(["count", "why"]);
});
