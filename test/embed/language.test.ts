import type * as Catalogs from "../../src/i18n/every-language.ts";
import { afterEach, expect, test, vi } from "vitest";
import { consoleMessages, panelReady, widgetOnPage } from "../support/page.ts";

vi.mock("../../src/i18n/every-language.ts", async (original) => {
  const { catalog } = await original<typeof Catalogs>();
  return {
    catalog: {
      ...catalog,
      async load(language: string) {
        if (language === "ar") throw new Error("offline");
        return await catalog.load(language);
      },
    },
  };
});
afterEach(() => localStorage.clear());

async function choose(language: string) {
  const help = widgetOnPage();
  await help.open();
  const panel = await panelReady();
  panel.querySelector<HTMLElement>(".account button")?.click();
  const select = await vi.waitUntil(() => panel.querySelector("select"));
  select.value = language;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  return help;
}

test("the member's language is remembered once its texts are loaded", async () => {
  const help = await choose("sl");
  await expect.poll(() => help.info().locale).toBe("sl");
  expect(localStorage.getItem("podpora:language")).toBe("sl");
});

test("a language whose texts can't be loaded is not remembered, and the widget keeps the current one", async () => {
  const messages = consoleMessages();
  const help = await choose("ar");
  await expect.poll(() => messages.join()).toContain('the texts of "ar" could not be fetched');
  expect([help.info().locale, localStorage.getItem("podpora:language")]).toEqual(["en", null]);
});

test("where the texts of the page's language can't be had, the widget starts in English and says so in the console", async () => {
  const messages = consoleMessages();
  const help = widgetOnPage({ locale: "ar" });
  await help.open();
  await panelReady();
  expect(messages.join()).toContain('the texts of "ar" could not be loaded; the widget uses "en"');
  expect(help.info().locale).toBe("en");
});
