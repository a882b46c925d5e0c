import { expect, test } from "vitest";
import { rebase } from "../../../src/core/delivery/rebase.ts";

const isText = (key: string) => key === "text";
const text = (from: string, to: string, now: string) =>
  rebase({ text: from }, { text: to }, { text: now }, isText).text;

test.each([
  ["typed on what is there", "ab", "abc", "ab", "abc"],
  ["typed where nothing else has changed, with words put in front meanwhile", "ab", "abc", "first\nab", "first\nabc"],
  [
    "typed where nothing else has changed, with words added behind meanwhile",
    "ab",
    "xab",
    "ab and more",
    "xab and more",
  ],
  ["two beginnings of one text", "", "mine", "theirs", "theirs mine"],
  ["the same words in two places", "", "one", "one", "one"],
  ["sent here, typed on there", "hello", "", "hello you", " you"],
  ["sent here, put in front there", "hello", "", "first\nhello", "first\n"],
  ["sent here and there", "hello", "", "", ""],
  ["sent there, typed on here", "hello", "hello you", "", " you"],
  ["changed at two ends", "one two three", "ONE two three", "one two THREE", "ONE two THREE"],
  ["changed at one place", "one two three", "one 2 three", "one zwei three", "one zwei 2 three"],
  ["sent here, one word replaced there", "from w1x", "", "from w2x", "w2x"],
  ["two characters of two code units", "😀", "😁", "😂", "😂 😁"],
  ["nothing changed here", "a", "a", "b", "b"],
])("%s", (_what, from, to, now, expected) => {
  expect(text(from, to, now)).toBe(expected);
});

test("of other fields the last one wins, key by key, and what was not changed here stays as it is there", () => {
  const from = { language: "sl", fields: { product: "a", version: "1" } };
  const to = { language: "de", fields: { product: "b", version: "1" } };
  const now = { language: "en", fields: { product: "a", version: "2" } };
  expect(rebase(from, to, now, isText)).toEqual({ language: "de", fields: { product: "b", version: "2" } });
});
