import { afterEach, expect, test, vi } from "vitest";
import { builtInTranslation } from "../../../src/embed/page/translate.ts";

afterEach(() => vi.unstubAllGlobals());

/** No build of Chromium that can be installed here brings the models: the shape of the API is the specification's. */
function browserThatTranslates(language: string | undefined, pairs = ["en>sl", "en>de"]) {
  const made: string[] = [];
  const destroyed: string[] = [];
  vi.stubGlobal("LanguageDetector", {
    availability: async () => (language === undefined ? "unavailable" : "available"),
    create: async () => ({ detect: async () => [{ detectedLanguage: language, confidence: 0.9 }] }),
  });
  vi.stubGlobal("Translator", {
    availability: async ({ sourceLanguage, targetLanguage }: { sourceLanguage: string; targetLanguage: string }) =>
      pairs.includes(`${sourceLanguage}>${targetLanguage}`) ? "downloadable" : "unavailable",
    async create({ sourceLanguage, targetLanguage }: { sourceLanguage: string; targetLanguage: string }) {
      const pair = `${sourceLanguage}>${targetLanguage}`;
      made.push(pair);
      return { translate: async (text: string) => `[${pair}] ${text}`, destroy: () => destroyed.push(pair) };
    },
  });
  return { made, destroyed };
}

test("a browser without the API translates nothing", () => {
  expect(builtInTranslation(new AbortController().signal)).toBeUndefined();
});

test("messages are translated from their detected language, by one translator for all of them", async () => {
  const { made, destroyed } = browserThatTranslates("en");
  const life = new AbortController();
  const tools = builtInTranslation(life.signal);
  expect(await tools?.translate("Hello", "sl")).toEqual({ text: "[en>sl] Hello", from: "en" });
  expect(await tools?.translate("Bye", "sl")).toEqual({ text: "[en>sl] Bye", from: "en" });
  expect(made).toEqual(["en>sl"]);
  await tools?.translate("Hello", "de");
  expect(destroyed).toEqual(["en>sl"]);
  life.abort();
  expect(destroyed).toEqual(["en>sl", "en>de"]);
});

test("a message in the member's language is not translated", async () => {
  const { made } = browserThatTranslates("sl");
  expect(await builtInTranslation(new AbortController().signal)?.translate("Živijo", "sl")).toEqual({
    text: "Živijo",
    from: "sl",
  });
  expect(made).toEqual([]);
});

test("a pair without a model, or a browser that can't detect languages, can't be translated", async () => {
  browserThatTranslates("en");
  const tools = builtInTranslation(new AbortController().signal);
  expect(await tools?.canTranslate("en", "sl")).toBe(true);
  expect(await tools?.canTranslate("en", "mk")).toBe(false);
  browserThatTranslates(undefined);
  expect(await builtInTranslation(new AbortController().signal)?.canTranslate("en", "sl")).toBe(false);
});

test("a message whose language is not recognised rejects", async () => {
  browserThatTranslates("und");
  await expect(builtInTranslation(new AbortController().signal)?.translate("…", "sl")).rejects.toThrow(
    "not recognised",
  );
});
