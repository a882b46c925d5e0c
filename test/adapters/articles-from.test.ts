import { expect, test } from "vitest";
import { articlesFrom } from "../../src/adapter/articles.ts";
import { articles } from "./articles.ts";

const ctx = (locale = "en") => ({ signal: new AbortController().signal, locale });
const titles = async (text: string, locale?: string) =>
  (await articlesFrom(articles).search(text, ctx(locale))).map(({ title }) => title);

test("words are found without accents and endings", async () => {
  expect(await titles("NAROCILOM se ne da", "sl")).toEqual(["Naročila ni mogoče oddati"]);
});

test("articles in the member's language come alone, and others only if there are none", async () => {
  expect(await titles("order naročilo", "sl")).toEqual(["Naročila ni mogoče oddati"]);
  expect(await titles("order naročilo", "en")).toEqual(["An order can’t be submitted"]);
  expect(await titles("invoice", "sl")).toEqual(["Where is the invoice?"]);
});

test("one word of a title is enough, of a text two; a title counts more", async () => {
  expect(await titles("the cart")).toEqual([]);
  expect(await titles("check the cart")).toEqual(["An order can’t be submitted"]);
  expect(await titles("the invoice of my order")).toEqual(["Where is the invoice?", "An order can’t be submitted"]);
});

test("short words and signs find nothing", async () => {
  expect(await titles("an is of (*) ?")).toEqual([]);
});

test("two articles with one id are refused", () => {
  const [first] = articles;
  expect(() => articlesFrom([...articles, ...(first ? [first] : [])])).toThrow("two articles have one id");
});
