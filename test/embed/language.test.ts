import type * as Catalogs from "../../src/i18n/catalog.ts";
import { afterEach, expect, test, vi } from "vitest";
import { consoleMessages, panelReady, widgetOnPage } from "../support/page.ts";

vi.mock("../../src/i18n/catalog.ts", async (original) => {
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

test("the language that the member chooses is remembered once its texts are here", async () => {
  const help = await choose("sl");
  await expect.poll(() => help.info().locale).toBe("sl");
  expect(localStorage.getItem("podpora:language")).toBe("sl");
});

test("a language whose texts can't be had is not remembered, and the widget goes on in the one that it speaks", async () => {
  const messages = consoleMessages();
  const help = await choose("ar");
  await expect.poll(() => messages.join()).toContain('the texts of "ar" could not be fetched');
  expect([help.info().locale, localStorage.getItem("podpora:language")]).toEqual(["en", null]);
});
