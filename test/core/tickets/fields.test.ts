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
])("%o with %o: %s", (field, value, problem) => {
  expect(fieldProblem({ key: "f", label: "F", kind: "text", ...field }, value)).toBe(problem);
});
