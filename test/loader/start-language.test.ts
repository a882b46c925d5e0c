import { afterEach, expect, test, vi } from "vitest";
import { startLanguage } from "../../src/i18n/start-language.ts";

const offered = ["ar", "de", "en", "sl"];

afterEach(() => {
  vi.restoreAllMocks();
  document.documentElement.lang = "";
});

test.each([
  ["", ["sl-SI"], "sl"],
  ["de", ["sl-SI"], "de"],
  ["", ["fr-FR", "de-AT", "en"], "de"],
  ["", ["ar-EG"], "ar"],
  ["fr", ["ja-JP"], "en"],
  ["", [], "en"],
])("a page in %j and a browser that reads %j get %s", (page, browser, language) => {
  document.documentElement.lang = page;
  vi.spyOn(navigator, "languages", "get").mockReturnValue(browser);
  expect(startLanguage(offered, {})).toBe(language);
});

test("the member's choice has precedence, while it is offered", () => {
  document.documentElement.lang = "de";
  expect(startLanguage(offered, { locale: "ar" }, "sl")).toBe("sl");
  expect(startLanguage(offered, { locale: "ar" }, "fr")).toBe("ar");
  expect(startLanguage(offered, { locale: "auto" }, 7)).toBe("de");
});
