import { expect, test } from "vitest";
import { parseMarkup } from "../../../src/core/contract/markup.ts";
import { splitQuotedTail } from "../../../src/core/contract/quoted-tail.ts";

const counts = (text: string) => {
  const { words, tail } = splitQuotedTail(parseMarkup(text));
  return [words.length, tail.length];
};

test.each([
  ["an answer above the mail", "Poskusite znova.\n\nAna je 20. 11. napisala:\n> Ne dela.\n> Lp", [1, 2]],
  ["a long quote at the end", "Poskusite znova.\n\n> a\n> b\n> c\n> d", [1, 1]],
  ["a ruler of a mail program", "Poskusite.\n\n-----Original Message-----\nFrom: Ana\n\nNe dela.", [1, 2]],
  ["a short quotation at the end", "Mislite to?\n\n> Napaka 12", [2, 0]],
  ["nothing but a quote", "> a\n> b\n> c\n> d", [1, 0]],
  ["a quote in the middle", "> a\n> b\n> c\n> d\n\nTo je rešeno.", [2, 0]],
  ["no quote", "Vse dela.", [1, 0]],
])("%s", (_name, text, expected) => {
  expect(counts(text)).toEqual(expected);
});
