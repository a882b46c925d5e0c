import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { catalog } from "../../../src/i18n/every-language.ts";
import { startTexts } from "../../../src/loader/start-texts.ts";

const languages = readdirSync("locales").flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -5)] : []));

interface Texts {
  readonly start: object;
}
function file(path: string): Texts {
  const texts: Texts = JSON.parse(readFileSync(path, "utf8"));
  return texts;
}

test("every file of a language is one that the widget speaks", () => {
  expect(catalog.languages.toSorted()).toEqual(languages.toSorted());
  expect(Object.keys(startTexts).toSorted()).toEqual(languages.toSorted());
});

test.each([...languages])("%s has its texts in the panel and on the launcher", async (tag) => {
  const texts = file(`locales/${tag}.json`);
  expect(await catalog.load(tag)).toEqual(texts);
  expect(startTexts[tag]).toEqual(texts.start);
});

test("the documentation says of every language how its texts were made", () => {
  const rows = [...readFileSync("docs/languages.md", "utf8").matchAll(/^\| `([\w-]+)` \|/gm)].map(([, tag]) => tag);
  expect(rows).toEqual(languages.toSorted());
});

test("a language that there is none of rejects", async () => {
  await expect(catalog.load("xx")).rejects.toThrow('there is no language "xx"');
});
