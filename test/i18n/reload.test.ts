import { expect, test } from "vitest";
import { createI18n } from "../../src/i18n/index.ts";

/** Texts as JSON files have them. "de" can't be loaded the first `failures` times. */
function catalogWith(failures: number) {
  let left = failures;
  return {
    languages: ["en", "de", "sl"],
    async load(language: string) {
      if (language === "de" && (left -= 1) >= 0) throw new Error("cut");
      return { start: { open: `open in ${language}` } } as never;
    },
  };
}

test("after a language that could not be loaded, new wording is that of the language on the screen", async () => {
  const i18n = await createI18n("en", catalogWith(1));
  await expect(i18n.setLocale("de")).rejects.toThrow("cut");
  await i18n.reload();
  expect([i18n.locale.peek(), i18n.t("start.open")]).toEqual(["en", "open in en"]);
});

test("while another language is loaded, new wording leaves no key on the screen, and the last language wins", async () => {
  const i18n = await createI18n("en", catalogWith(0));
  await Promise.all([i18n.setLocale("sl"), i18n.reload(), i18n.setLocale("de")]);
  expect([i18n.locale.peek(), i18n.t("start.open")]).toEqual(["de", "open in de"]);
});
