import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { catalog } from "../../../src/i18n/catalog.ts";
import { startTexts } from "../../../src/loader/start-texts.ts";
import { textsOf } from "../../../src/pictures/texts.ts";

const languages = readdirSync("locales").flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -5)] : []));

interface Texts {
  readonly start: object;
  readonly editor: { readonly title: string };
}
function file(path: string): Texts {
  const texts: Texts = JSON.parse(readFileSync(path, "utf8"));
  return texts;
}

test("every file of a language is one that the widget speaks", () => {
  expect(catalog.languages.toSorted()).toEqual(languages.toSorted());
  expect(Object.keys(startTexts).toSorted()).toEqual(languages.toSorted());
});

test.each([...languages])(
  "%s has its texts in the panel, on the launcher and in the editor of pictures",
  async (tag) => {
    const texts = file(`locales/${tag}.json`);
    expect(await catalog.load(tag)).toEqual(texts);
    expect(startTexts[tag]).toEqual(texts.start);
    expect(textsOf(tag)("editor.title")).toBe(file(`locales/pictures/${tag}.json`).editor.title);
  },
);

test("a language that there is none of rejects", async () => {
  await expect(catalog.load("xx")).rejects.toThrow('there is no language "xx"');
});
