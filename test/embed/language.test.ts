import type * as Texts from "../../src/embed/loading/load-texts.ts";
import { afterEach, expect, test, vi } from "vitest";
import { consoleMessages, panelReady, widgetOnPage } from "../support/page.ts";

type Load = typeof Texts;
vi.mock("../../src/embed/loading/load-texts.ts", async (original) => {
  const { loadTexts } = await original<Load>();
  return {
    async loadTexts(...[language, endpoint]: Parameters<Load["loadTexts"]>) {
      if (language === "ar") throw new Error("offline");
      return await loadTexts(language, endpoint);
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
  await expect.poll(() => messages.join()).toContain("locales/ar.json could not be read");
  expect([help.info().locale, localStorage.getItem("podpora:language")]).toEqual(["en", null]);
});
