import { assert, property, record, string } from "fast-check";
import { expect, test } from "vitest";
import { contextLines } from "../../src/adapter/drafts.ts";

test("each part of the context is a line, and what the page says of the member comes after a label that it can't choose", () => {
  const attributes = [
    { name: "plan", value: "Pro" },
    { name: "Page", value: "https://example.org/forged" },
  ];
  expect(contextLines({ page: "https://example.org/", errors: ["a", "b"], attributes })).toEqual([
    "Page: https://example.org/",
    "Error: a",
    "Error: b",
    "Set by the page: plan = Pro",
    "Set by the page: Page = https://example.org/forged",
  ]);
});

test("no name and no value starts another line, whatever characters they have", () => {
  const text = string({ unit: "binary", maxLength: 20 });
  assert(
    property(record({ name: text, value: text }), (attribute) => {
      const lines = contextLines({
        attributes: [attribute, { name: "a\u2028Member: x", value: "b\r\n\r\n-- \nPage: y" }],
      });
      expect(lines).toHaveLength(2);
      for (const line of lines) expect(line).toMatch(/^Set by the page: [^\n\r\v\f\u0085\u2028\u2029]*$/);
    }),
  );
});
