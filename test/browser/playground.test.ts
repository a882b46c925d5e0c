import type { Page } from "playwright";
import { expect, test } from "vitest";
import { createWorld, desktop, phone } from "./world.ts";

const world = createWorld();
const english = { ...desktop, locale: "en-GB" };
const tag = async (page: Page) => await page.getByLabel("The tag").textContent();
const plain = '<script async src="https://help.example.org/podpora.js"></script>';

test("each choice changes the widget at once and the tag with it; a reset takes all of them back", async () => {
  const page = await world.visit("/playground.html", english);
  const launcher = (name: string) => page.getByRole("button", { name, exact: true });
  await launcher("Help").waitFor();
  expect(await tag(page)).toBe(plain);
  const before = await launcher("Help").boundingBox();

  await page.getByRole("combobox", { name: "Language", exact: true }).selectOption({ label: "Deutsch" });
  await page.getByLabel("Corner of the page").selectOption("start");
  await page.getByLabel("Theme").selectOption("dark");
  await page.getByLabel("Accent").fill("#b3261e");
  await page.getByLabel("Launcher size").fill("72");
  const after = await launcher("Hilfe").boundingBox();
  expect(after).toMatchObject({ width: 72, height: 72 });
  expect(after?.x ?? 0).toBeLessThan(before?.x ?? 0);
  await page.getByRole("button", { name: "Open the widget" }).click();
  const dialog = page.getByRole("dialog", { name: "Hilfe" });
  await dialog.getByRole("tab", { name: "Live-Chat" }).waitFor();

  await page.getByRole("combobox", { name: "Language", exact: true }).selectOption({ label: "slovenščina" });
  await page.getByRole("dialog", { name: "Pomoč" }).getByRole("tab", { name: "Klepet" }).waitFor();
  expect(await tag(page)).toBe(
    "<style>\npodpora-widget {\n  --podpora-accent: #b3261e;\n  --podpora-launcher-size: 72px;\n}\n</style>\n" +
      '<script async src="https://help.example.org/podpora.js"\n  data-podpora-locale="sl"\n  data-podpora-theme="dark"' +
      '\n  data-podpora-position="start"></script>',
  );

  await page.getByRole("button", { name: "Reset" }).click();
  await page.getByRole("dialog", { name: "Help" }).getByRole("tab", { name: "Live chat" }).waitFor();
  expect(await tag(page)).toBe(plain);
});

test("what is typed cannot leave its attribute, and a wrong address changes nothing", async () => {
  const page = await world.visit("/playground.html", english);
  await page.getByLabel("Sign-in page").fill('https://example.org/?a="><b>&c');
  expect(await tag(page)).toContain('data-podpora-sign-in-url="https://example.org/?a=&quot;>&lt;b>&amp;c"');
  const shown = await tag(page);
  await page.getByLabel("Sign-in page").fill("no address");
  expect(await tag(page)).toBe(shown);
});

test("the tag can be copied", async () => {
  const page = await world.visit("/playground.html", english);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByRole("status").getByText("Copied.").waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(plain);
});

test("it fits a phone", async () => {
  const page = await world.visit("/playground.html", { ...phone, locale: "en-GB" });
  await page.getByRole("button", { name: "Help", exact: true }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});
