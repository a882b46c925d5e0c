import { expect, test } from "vitest";
import { pagesOf } from "../../../src/core/contract/pages.ts";

async function all(read: (cursor: string | undefined) => Promise<{ item: string; next?: string } | undefined>) {
  const items: string[] = [];
  for await (const { item } of pagesOf(undefined, read)) items.push(item);
  return items;
}

test("every page is read, in its order", async () => {
  const pages: Record<string, { item: string; next?: string }> = {
    first: { item: "a", next: "2" },
    "2": { item: "b", next: "3" },
    "3": { item: "c" },
  };
  expect(await all(async (cursor) => pages[cursor ?? "first"])).toEqual(["a", "b", "c"]);
});

test.each([
  ["the same page as the next one", () => "1", 2],
  ["two pages in turn", (cursor: string | undefined) => (cursor === "1" ? "2" : "1"), 3],
  ["a new page for ever", (cursor: string | undefined) => String(Number(cursor ?? 0) + 1), 1_000],
])("a desk that names %s is asked no more than %i times", async (_what, nextOf, times) => {
  let asked = 0;
  await all(async (cursor) => {
    asked += 1;
    return { item: "x", next: nextOf(cursor) };
  });
  expect(asked).toBe(times);
});
