import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { languages } from "../../../src/i18n/languages.ts";
import { loadTexts } from "../../../src/embed/loading/load-texts.ts";
import { startTexts } from "../../../src/embed/loading/start-texts.ts";
import { textsOf } from "../../../src/pictures/texts.ts";

interface Texts {
  readonly start: object;
}
async function file(path: string): Promise<Texts> {
  const texts: Texts = JSON.parse(await readFile(path, "utf8"));
  return texts;
}

test.each(languages)(
  "%s has its texts in the npm build, on the launcher and in the editor of pictures",
  async (language) => {
    const texts = await file(`locales/${language}.json`);
    expect(await loadTexts(language, undefined)).toEqual(texts);
    expect(startTexts(language)).toEqual(texts.start);
    const pictures: { readonly editor: { readonly title: string } } = JSON.parse(
      await readFile(`locales/pictures/${language}.json`, "utf8"),
    );
    expect(textsOf(language)("editor.title")).toBe(pictures.editor.title);
  },
);

test("a language that there is none of rejects, and the launcher speaks English", async () => {
  await expect(loadTexts("xx", undefined)).rejects.toThrow('there is no language "xx"');
  expect(startTexts("xx")).toEqual(startTexts("en"));
});
