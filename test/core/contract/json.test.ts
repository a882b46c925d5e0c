import { afterEach, expect, test } from "vitest";
import { toJson } from "../../../src/core/contract/json.ts";

afterEach(() => {
  for (const { prototype } of [Array, Object, String, Number]) Reflect.deleteProperty(prototype, "toJSON");
});

test("a page's toJSON on arrays, objects, strings and numbers changes nothing", () => {
  const draft = {
    title: 'He said "no"',
    attachments: ["a", "b"],
    fields: { count: 3, none: undefined, empty: null },
    list: [],
  };
  const plain = JSON.stringify(draft);
  for (const { prototype } of [Array, Object, String, Number]) Reflect.set(prototype, "toJSON", () => "changed");
  expect(toJson(draft)).toBe(plain);
});

test("the value itself stays as it was", () => {
  const draft = { attachments: ["a"] };
  toJson(draft);
  expect(draft.attachments).toBeInstanceOf(Array);
});
