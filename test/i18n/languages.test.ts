import { expect, test } from "vitest";
import { catalog } from "../../src/i18n/every-language.ts";
import { directionOf, languageName } from "../../src/i18n/languages.ts";
import { startLanguage } from "../../src/i18n/start-language.ts";

test.each([
  ["sl_SI", "sl"],
  ["sl_SI.UTF-8", "sl"],
  ["DE-at", "de"],
  ["ar_EG", "ar"],
  ["pt-BR", "pt"],
  ["zh-Hant-TW", "zh-Hans"],
  ["zh", "zh-Hans"],
  ["sr", "sr-Latn"],
  ["sr-Cyrl-RS", "sr-Latn"],
  ["sh", "sr-Latn"],
  ["iw", "he"],
  ["fi", "en"],
  ["", "en"],
  ["_", "en"],
])("%j finds its language", (tag, language) =>
  expect(startLanguage(catalog.languages, { locale: tag })).toBe(language),
);

test.each([
  ["pt_BR", "en", "Brazilian Portuguese"],
  ["zh-Hant-TW", "en", "Chinese (Traditional, Taiwan)"],
  ["sl_SI", "en_US", "Slovenian (Slovenia)"],
  ["no tag", "en", "no tag"],
  ["", "en", ""],
])("%j has a display name", (tag, inLanguage, name) => expect(languageName(tag, inLanguage)).toBe(name));

test("Arabic of any country is right to left", () => {
  expect(["ar_EG", "ar-EG", "fa", "sl_SI"].map(directionOf)).toEqual(["rtl", "rtl", "rtl", "ltr"]);
});
