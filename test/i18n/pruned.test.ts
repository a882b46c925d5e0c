import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, test, vi } from "vitest";
import { prune } from "../../scripts/prune-i18next.ts";
import { createI18n, type I18n, languages } from "../../src/i18n/index.ts";

const library = readFileSync(createRequire(import.meta.url).resolve("i18next").replace(/dist\/.*$/, "dist/esm/i18next.js"), "utf8");

/** As in the script: the same module of ours over the pruned library. */
async function createPruned(...given: Parameters<typeof createI18n>): Promise<I18n> {
  vi.resetModules();
  vi.doMock("i18next", async () => (await import(`data:text/javascript,${encodeURIComponent(prune(library))}`)) as object);
  const ours = await import("../../src/i18n/index.ts");
  vi.doUnmock("i18next");
  return await ours.createI18n(...given);
}

function fileOf(language: string): object {
  return JSON.parse(readFileSync(new URL(`../../locales/${language}.json`, import.meta.url), "utf8")) as object;
}

function keysOf(texts: object, before = ""): string[] {
  return Object.entries(texts).flatMap(([name, text]) =>
    typeof text === "object" ? keysOf(text as object, `${before}${name}.`) : [`${before}${name}`],
  );
}

const words = { name: "<b>Ana</b>", title: "$t(panel.title) & {{email}}", text: "a\n\"b\"", email: "", rank: "{{name}}", size: 1.5, when: undefined };
const rest = { length: 0, max: 300, number: "T-1", own: null, percent: 12.5, position: 3, spoken: "English" };
const counts = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 100, 101, 102, 1.5];

function everyText({ t }: I18n): unknown[] {
  const say = t as unknown as (key: string, given?: object) => unknown;
  const plural = keysOf(fileOf("ar")).concat(keysOf(fileOf("en"))).map((key) => key.replace(/_(zero|one|two|few|many|other)$/, ""));
  return [...new Set([...plural, ...keysOf(fileOf("sl")), "panel.none", "none", "a b.c d"])].flatMap((key) => [
    [key, say(key), say(key, { ...words, ...rest })],
    ...counts.map((count) => [key, count, say(key, { count }), say(key, { ...words, ...rest, count })]),
  ]);
}

describe("the pruned i18next says what the whole one says", () => {
  test.each(languages)("in %s", async (language) => {
    const load = (name: string) => Promise.resolve(fileOf(name));
    const [whole, pruned] = [await createI18n(language, load), await createPruned(language, load)];
    expect(everyText(pruned)).toEqual(everyText(whole));
    expect(pruned.t("panel.title")).not.toBe("panel.title");
  });

  test("after each change of the language, and where a language lacks a text", async () => {
    const partly = { panel: { title: "Aide" }, launcher: { unread_one: "{{count}} message", unread_many: "{{count}} de messages" } };
    const load = (name: string) => (name === "fr" ? Promise.resolve(partly) : name === "it" ? Promise.resolve({}) : Promise.reject(new Error("no file")));
    const [whole, pruned] = [await createI18n("en", load), await createPruned("en", load)];
    for (const language of ["sl", "fr", "it", "en", "fr", "sl"]) {
      for (const each of [whole, pruned]) await each.setLocale(language);
      expect(everyText(pruned)).toEqual(everyText(whole));
    }
    await expect(pruned.setLocale("de")).rejects.toThrow("no file");
    expect(pruned.locale.peek()).toBe("sl");
    expect(pruned.t("panel.title")).toBe(whole.t("panel.title"));
  });
});

test("a version of i18next that is built otherwise fails the build", () => {
  expect(() => prune(library.replaceAll("getFixedT", "fixed"))).toThrow("I18n.getFixedT");
});
