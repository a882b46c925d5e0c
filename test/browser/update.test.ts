import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import { createWorld, phone, signIn } from "./world.ts";

/** The page changes options while the member uses the widget. */
const world = createWorld();

const podpora = async (page: Page, ...call: unknown[]) =>
  await page.evaluate(async (args) => {
    await (Reflect.get(window, "Podpora") as (...parts: unknown[]) => unknown)(...args);
  }, call);

describe("while the member writes an issue", () => {
  test.each([
    ["on a large screen", undefined],
    ["on a phone", phone],
  ])("text, screen, focus and caret stay %s; language, wording, theme and corner change", async (_where, size) => {
    const page = await world.visit("/", size);
    await signIn(page);
    await page.getByRole("button", { name: "Prijavi novo tehnično težavo" }).click();
    const before = page.getByRole("textbox", { name: "Naslov zahtevka" });
    await before.fill("Naročila ni mogoče oddati");
    await before.press("Home");
    await podpora(page, "update", {
      locale: "en",
      theme: "dark",
      position: "start",
      texts: { en: { "form.subject": "What is it about?" } },
    });
    const after = page.getByRole("textbox", { name: "What is it about?" });
    await after.waitFor();
    await page.keyboard.type("A: ");
    await expect.poll(() => after.inputValue()).toBe("A: Naročila ni mogoče oddati");
    const look = await page.locator("podpora-widget").evaluate((element) => ({
      scheme: getComputedStyle(element).colorScheme,
      start: element.shadowRoot?.querySelector("[part=panel]")?.getBoundingClientRect().left,
    }));
    expect(look).toEqual({ scheme: "dark", start: size ? 0 : 20 });
  });
});
