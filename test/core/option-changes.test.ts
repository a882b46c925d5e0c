import { expect, test } from "vitest";
import { changeMistakes, changesBetween, createUpdater, type OptionChanges } from "../../src/core/option-changes.ts";

const mistakes = (changes: unknown) => changeMistakes(changes, "https://www.example.org/");

test("every option that can change is taken, and undefined sets the default again", () => {
  const texts = { en: { "start.open": "Ask us" } };
  expect(mistakes({ locale: "de", texts, theme: "dark", position: "start", signInUrl: "/in" })).toEqual([]);
  expect(mistakes({ ticketLanguage: "off", pageContext: false, appVersion: "4", titleCount: true })).toEqual([]);
  expect(mistakes({ queueMinutes: 5, theme: undefined })).toEqual([]);
});

test.each([
  ["dark", '"update" takes an object of options'],
  [undefined, '"update" takes an object of options'],
  [[{ theme: "dark" }], '"update" takes an object of options'],
  [{ endpoint: "https://help.example.org" }, `"endpoint" can't be changed by "update"; call "destroy"`],
  [{ adapter: {} }, `"adapter" can't be changed by "update"; call "destroy"`],
  [{ view: "page" }, `"view" can't be changed by "update"; call "destroy"`],
  [{ tokenUrl: "/token" }, `"tokenUrl" can't be changed by "update"; use the command "identify"`],
  [{ route: "chat" }, `"route" can't be changed by "update"; use the command "navigate"`],
  [{ preload: "idle" }, `"preload" can't be changed by "update"; set it when the widget starts`],
  [{ theme: "pink" }, '"theme" is "pink"; set it to one of auto, light, dark'],
  [{ position: "left" }, '"position" is "left"'],
  [{ locale: 4 }, '"locale" is 4; set it to a language tag'],
  [{ signInUrl: "javascript:alert(1)" }, '"signInUrl" is "javascript:alert(1)"'],
  [{ texts: { en: "Ask" } }, '"texts" is {"en":"Ask"}'],
  [{ queueMinutes: "soon" }, '"queueMinutes" is "soon"'],
])("%j is refused by name, with the fix", (changes, message) => {
  expect(mistakes(changes).join("\n")).toContain(message);
});

test("all mistakes are listed, not only the first", () => {
  expect(mistakes({ view: "page", theme: "pink", position: "left" })).toHaveLength(3);
});

test("the changes between two sets of options are those with another value, and those that are gone", () => {
  const texts = () => ({ en: { "start.open": "Ask us" } });
  const before = { theme: "dark", locale: "sl", texts: texts() } as const;
  expect(changesBetween(before, { locale: "de", texts: texts() })).toEqual({ theme: undefined, locale: "de" });
  expect(changesBetween(before, { ...before, texts: texts() })).toEqual({});
});

test("options that were refused are tried again, with the good ones, when another one is set", async () => {
  const seen: object[] = [];
  const refused: unknown[] = [];
  const update = async (changes: OptionChanges) => {
    seen.push(changes);
    if (changes.theme !== undefined && changes.theme !== "dark") throw new Error("theme");
  };
  const apply = createUpdater({ locale: "en" }, update, (error) => refused.push(error));
  apply({ locale: "de", theme: "purple" as "dark" });
  apply({ locale: "de", theme: "purple" as "dark" });
  apply({ locale: "de", theme: "dark" });
  apply({ locale: "de", theme: "dark" });
  await expect
    .poll(() => seen)
    .toEqual([
      { locale: "de", theme: "purple" },
      { locale: "de", theme: "dark" },
    ]);
  expect(refused).toHaveLength(1);
});
