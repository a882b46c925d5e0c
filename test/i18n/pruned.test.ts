import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { i18nextFacts } from "../../scripts/facts-i18next.ts";
import { createI18n, languages } from "../../src/i18n/index.ts";
import { pruned } from "../support/pruned.ts";

interface Texts {
  readonly [name: string]: string | Texts;
}
interface Saying {
  readonly t: (key: string, words?: object) => unknown;
  setLocale(language: string): Promise<void>;
  readonly locale: { peek(): string };
}
type Create = (language: string, load: (language: string) => Promise<object>) => Promise<Saying>;

/** Any key may be asked for here, also one that is not there. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
const saying = (create: typeof createI18n): Create => create as unknown as Create;

const createWhole = saying(createI18n);
let createPruned: Create;

beforeAll(async () => {
  const module = await pruned("i18next", i18nextFacts);
  vi.resetModules();
  vi.doMock("i18next", () => module);
  const ours = await import("../../src/i18n/index.ts");
  vi.doUnmock("i18next");
  createPruned = saying(ours.createI18n);
});

function fileOf(language: string): Texts {
  const texts: Texts = JSON.parse(readFileSync(new URL(`../../locales/${language}.json`, import.meta.url), "utf8"));
  return texts;
}

const fromFile = async (language: string) => fileOf(language);

function keysOf(texts: Texts, before = ""): string[] {
  return Object.entries(texts).flatMap(([name, text]) =>
    typeof text === "string" ? [`${before}${name}`] : keysOf(text, `${before}${name}.`),
  );
}

const words = {
  name: "<b>Ana</b>",
  title: "$t(panel.title) & {{email}}",
  text: 'a\n"b"',
  email: "",
  rank: "{{name}}",
  size: 1.5,
  when: undefined,
  length: 0,
  max: 300,
  number: "T-1",
  own: null,
  percent: 12.5,
  position: 3,
  spoken: "English",
};
const counts = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 100, 101, 102, 1.5];
const written = ["ar", "en", "sl"].flatMap((language) => keysOf(fileOf(language)));
const asked = written.map((key) => key.replace(/_(zero|one|two|few|many|other)$/, ""));
const keys = [...new Set([...written, ...asked, "panel.none", "none", "a b.c d"])];

function everyText({ t }: Saying): string[] {
  return keys.flatMap((key) => [
    `${key}: ${String(t(key))} | ${String(t(key, words))}`,
    ...counts.map((count) => `${key} ${count}: ${String(t(key, { count }))} | ${String(t(key, { ...words, count }))}`),
  ]);
}

describe("the i18next of the script says what the whole one says", () => {
  test.each(languages)("in %s", async (language) => {
    const [whole, small] = [await createWhole(language, fromFile), await createPruned(language, fromFile)];
    expect(everyText(small)).toEqual(everyText(whole));
    expect(small.locale.peek()).toBe(language);
  });

  test("after each change of the language, and where a language lacks a text", async () => {
    const partly = {
      panel: { title: "Aide" },
      launcher: { waiting_one: "{{count}} message", waiting_many: "{{count}} de messages" },
    };
    const load = async (name: string) => {
      if (name === "fr") return partly;
      if (name === "it") return {};
      if (name === "en" || name === "sl") return fileOf(name);
      throw new Error("no file");
    };
    const [whole, small] = [await createWhole("en", load), await createPruned("en", load)];
    for (const language of ["sl", "fr", "it", "en", "fr", "sl"]) {
      // oxlint-disable-next-line no-await-in-loop -- one change after the other
      await Promise.all([whole.setLocale(language), small.setLocale(language)]);
      expect(everyText(small)).toEqual(everyText(whole));
    }
    await expect(small.setLocale("de")).rejects.toThrow("no file");
    expect(small.locale.peek()).toBe("sl");
    expect(small.t("panel.title")).toBe("Pomoč");
  });
});

test("a version of i18next that is built otherwise fails the build", async () => {
  const facts = { ...i18nextFacts, variables: { ...i18nextFacts.variables, goneIn28: "false" } };
  await expect(pruned("i18next", facts)).rejects.toThrow("not in this version of i18next: goneIn28");
});
