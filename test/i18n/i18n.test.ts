import { readFileSync } from "node:fs";
import { effect } from "@preact/signals-core";
import { describe, expect, test, vi } from "vitest";
import { createI18n, languageName } from "../../src/i18n/index.ts";

async function fromFile(language: string): Promise<object> {
  const texts: object = JSON.parse(readFileSync(new URL(`../../locales/${language}.json`, import.meta.url), "utf8"));
  return texts;
}

const catalog = (load: (language: string) => Promise<object>) => ({ languages: ["ar", "de", "en", "sl"], load });

const nowhere = (_language: string) => Promise.reject<object>(new Error("the file is not there"));

describe("a language", () => {
  test.each([
    [1, "1 čaka na vas"],
    [2, "2 čakata na vas"],
    [3, "3 čakajo na vas"],
    [4, "4 čakajo na vas"],
    [5, "5 čaka na vas"],
    [101, "101 čaka na vas"],
    [102, "102 čakata na vas"],
  ])("counts %i in Slovenian", async (count, text) => {
    const { t } = await createI18n("sl", catalog(fromFile));
    expect(t("tickets.awaitingCount", { count })).toBe(text);
  });

  test.each([
    [1, "رسالة جديدة واحدة"],
    [2, "رسالتان جديدتان"],
    [3, "3 رسائل جديدة"],
    [11, "11 رسالة جديدة"],
  ])("counts %i in Arabic", async (count, text) => {
    const { t } = await createI18n("ar", catalog(fromFile));
    expect(t("chat.unread", { count })).toBe(text);
  });

  test("can be changed at run time, with its direction, and readers are notified", async () => {
    const i18n = await createI18n("sl", catalog(fromFile));
    const titles: string[] = [];
    const stop = effect(() => void titles.push(i18n.t("panel.title")));
    expect([i18n.locale.value, i18n.direction.value]).toEqual(["sl", "ltr"]);
    await i18n.setLocale("ar");
    expect([i18n.locale.value, i18n.direction.value]).toEqual(["ar", "rtl"]);
    await i18n.setLocale("de");
    expect([i18n.locale.value, i18n.direction.value]).toEqual(["de", "ltr"]);
    stop();
    expect(titles).toEqual(["Pomoč", "المساعدة", "Hilfe"]);
  });

  test("is fetched once", async () => {
    const load = vi.fn<typeof fromFile>(fromFile);
    const i18n = await createI18n("sl", catalog(load));
    await i18n.setLocale("de");
    await i18n.setLocale("sl");
    await i18n.setLocale("de");
    expect(load.mock.calls).toEqual([["sl"], ["de"]]);
  });

  test("whose file can't be loaded at the start rejects and can be retried", async () => {
    await expect(createI18n("de", catalog(nowhere))).rejects.toThrow("the file is not there");
  });

  test("whose file can't be loaded later rejects, and the current language stays", async () => {
    const i18n = await createI18n(
      "sl",
      catalog(async (language) => await (language === "sl" ? fromFile : nowhere)(language)),
    );
    await expect(i18n.setLocale("de")).rejects.toThrow("the file is not there");
    expect(i18n.locale.value).toBe("sl");
    expect(i18n.t("panel.title")).toBe("Pomoč");
  });

  test("shows inserted values literally", async () => {
    const { t } = await createI18n("en", catalog(fromFile));
    const name = `Ana "the <b>boss</b>" O'Neil & co`;
    expect(t("chat.joined", { name })).toBe(`${name} joined the chat.`);
  });

  test("does not expand references in inserted values", async () => {
    const { t } = await createI18n("en", catalog(fromFile));
    const text = "$t(panel.title) {{name}}";
    expect(t("chat.newMessage", { name: "Nina", text })).toBe(`Nina: ${text}`);
  });
});

test("a language is shown under its own name", () => {
  expect(["sl", "en", "de", "ar"].map((tag) => languageName(tag))).toEqual([
    "Slovenščina",
    "English",
    "Deutsch",
    "العربية",
  ]);
  expect(languageName("en", "sl")).toBe("Angleščina");
});
