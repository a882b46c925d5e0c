import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import { assetsFrom } from "../../src/gateway/index.ts";
import { createWorld, desktop, isBundle, openHelp, panelFilled, phone } from "./world.ts";

/** From the click to the panel: what a member sees while the app loads or fails to load. */
const world = createWorld();

const isApp = /\/podpora\/app-\w+\.js/;
const frame = (page: Page) => page.locator("podpora-widget [part=panel]");
const dialog = (page: Page) => page.getByRole("dialog", { name: "Pomoč" });
const launcher = (page: Page) => page.getByRole("button", { name: "Pomoč", exact: true });

/** Delays the app until the returned function is called. */
async function heldBack(page: Page): Promise<() => void> {
  let go: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (go = resolve));
  await page.route(isApp, async (route) => {
    await released;
    await route.continue();
  });
  return go;
}

describe.skipIf(isBundle)("while the app is loading", () => {
  test("the panel opens immediately as a dialog with focus, title and close button, and is filled later", async () => {
    const page = await world.visit("/strict.html");
    const go = await heldBack(page);
    await launcher(page).click();
    await dialog(page).waitFor();
    expect(await frame(page).getAttribute("aria-busy")).toBe("true");
    expect(await frame(page).evaluate((element) => element.matches(":focus"))).toBe(true);
    await page.getByRole("button", { name: "Zapri" }).waitFor();
    go();
    await panelFilled(page);
    await page.getByRole("heading", { name: "Prijavite se in oglejte si svoje zahtevke" }).waitFor();
    expect(await frame(page).evaluate((element) => element.matches(":focus, :focus-within"))).toBe(true);
    expect(await page.locator("#violations").textContent()).toBe("0");
  });

  test.each(["Escape", "the close button", "the launcher"])(
    "%s closes it, the focus returns, and the app does not open it again when it arrives",
    async (way) => {
      const page = await world.visit();
      const go = await heldBack(page);
      await launcher(page).focus();
      await page.keyboard.press("Enter");
      await dialog(page).waitFor();
      if (way === "Escape") await page.keyboard.press("Escape");
      else if (way === "the launcher") await launcher(page).click();
      else await page.getByRole("button", { name: "Zapri" }).click();
      await frame(page).waitFor({ state: "hidden" });
      expect(await launcher(page).evaluate((element) => element.matches(":focus"))).toBe(true);
      go();
      // `route` shows that the app has loaded.
      await page.waitForFunction(() => Reflect.get(Object(window.Podpora?.("info")), "route") !== undefined);
      expect(await frame(page).isHidden()).toBe(true);
      await openHelp(page);
    },
  );

  test("on a phone Back closes the sheet, and the page stays", async () => {
    const page = await world.visit("/", phone);
    const address = page.url();
    const go = await heldBack(page);
    await launcher(page).click();
    await dialog(page).waitFor();
    expect(await dialog(page).boundingBox()).toEqual({ x: 0, y: 0, width: 360, height: 640 });
    await page.goBack();
    await frame(page).waitFor({ state: "hidden" });
    expect(page.url()).toBe(address);
    go();
    await openHelp(page);
  });

  test("on a phone the close button leaves no history entry", async () => {
    const page = await world.visit("/", phone);
    const go = await heldBack(page);
    await launcher(page).click();
    await dialog(page).waitFor();
    await page.getByRole("button", { name: "Zapri" }).click();
    go();
    await page.waitForFunction(() => history.state === null);
  });

  test("Back closes the panel that a link opened", async () => {
    const page = await world.visitTag({}, '<a href="#podpora=tickets/new">Prijavi</a>');
    const go = await heldBack(page);
    await page.getByRole("link", { name: "Prijavi" }).click();
    await dialog(page).waitFor();
    await page.goBack();
    await frame(page).waitFor({ state: "hidden" });
    go();
    expect(await page.evaluate(() => location.hash)).toBe("");
  });

  test("calls of the page are queued, in order", async () => {
    const page = await world.visit();
    const go = await heldBack(page);
    const opened = page.evaluate(async () => {
      const heard: string[] = [];
      window.Podpora?.("on", "open", () => heard.push("open"));
      window.Podpora?.("on", "route", () => heard.push("route"));
      await window.Podpora?.("open", "chat");
      return heard;
    });
    await dialog(page).waitFor();
    go();
    expect(await opened).toEqual(["route", "open"]);
  });
});

describe.skipIf(isBundle)("an app that can't be loaded", () => {
  test.each<[string, (page: Page) => Promise<void>]>([
    ["is blocked on its way", async (page) => void (await page.route(isApp, (route) => route.abort()))],
    [
      "is not on the server",
      async (page) => void (await page.route(isApp, (route) => route.fulfill({ status: 404, body: "" }))),
    ],
    [
      "is a page of a proxy",
      async (page) =>
        void (await page.route(isApp, (route) => route.fulfill({ contentType: "text/html", body: "<h1>x</h1>" }))),
    ],
  ])("because it %s: the frame says so in the member's language, and a retry works", async (_what, spoil) => {
    const page = await world.visit();
    const messages: string[] = [];
    page.on("console", (message) => messages.push(message.text()));
    await spoil(page);
    await launcher(page).click();
    await page.getByRole("alert").getByText("Pomoči ni bilo mogoče naložiti").waitFor();
    expect(messages.join("\n")).toContain("[podpora] could not start");
    // A second failed try, by keyboard: the focus stays in the dialog.
    await page.getByRole("button", { name: "Poskusi znova" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("Pomoči ni bilo mogoče naložiti").waitFor();
    expect(await frame(page).evaluate((element) => element.matches(":focus, :focus-within"))).toBe(true);
    await page.unroute(isApp);
    await page.getByRole("button", { name: "Poskusi znova" }).click();
    await panelFilled(page);
    await page.getByRole("heading", { name: "Prijavite se in oglejte si svoje zahtevke" }).waitFor();
  });

  test("because it was truncated: a reload of the page loads a complete one", async () => {
    const page = await world.visit();
    const spoil = async () =>
      await page.route(isApp, async (route) => {
        const answer = await route.fetch();
        const body = await answer.text();
        await route.fulfill({ response: answer, body: body.slice(0, body.length / 2) });
      });
    await spoil();
    await launcher(page).click();
    await page.getByRole("alert").getByText("Pomoči ni bilo mogoče naložiti.").waitFor();
    await page.unroute(isApp);
    await page.reload();
    await openHelp(page);
    await page.getByRole("heading", { name: "Prijavite se in oglejte si svoje zahtevke" }).waitFor();
  });

  test("because of the page's content policy: the page is unaffected, and the frame says so", async () => {
    const page = await world.visit("/site.css", desktop);
    await page.route("**/bare", (route) =>
      route.fulfill({
        contentType: "text/html",
        headers: {
          "Content-Security-Policy": `script-src ${world.demo.origin}/podpora/podpora.js; connect-src ${world.demo.origin}`,
        },
        body: '<!doctype html><html lang="sl"><title>x</title><main><h1>x</h1></main><script async src="/podpora/podpora.js"></script>',
      }),
    );
    await page.goto(`${world.demo.origin}/bare`);
    await launcher(page).click();
    await page.getByRole("alert").getByText("Pomoči ni bilo mogoče naložiti").waitFor();
    await page.keyboard.press("Escape");
    await frame(page).waitFor({ state: "hidden" });
  });
});

describe.skipIf(isBundle)("the rest of the widget is fetched", () => {
  async function visit(settings: Readonly<Record<string, string>>) {
    const page = await world.visitTag(settings);
    await launcher(page).waitFor();
    const asked = async () =>
      await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname));
    return {
      page,
      files: async () => (await asked()).filter((path) => isApp.test(path)),
      others: async () => (await asked()).filter((path) => /\/podpora\/.*(?<!\.js)$/.test(path)),
      stored: async () => await page.evaluate(async () => (await indexedDB.databases()).length),
      idle: async () =>
        await page.evaluate(
          async () => await new Promise((resolve) => requestIdleCallback(resolve, { timeout: 1_000 })),
        ),
    };
  }

  test("when the pointer comes to the launcher; the gateway is asked for nothing, and nothing is stored", async () => {
    const { page, files, others, stored, idle } = await visit({});
    await idle();
    expect(await files()).toHaveLength(0);
    await launcher(page).hover();
    await expect.poll(files).toHaveLength(1);
    expect([await others(), await stored()]).toEqual([[], 0]);
  });

  test("when the page is idle, where the site wants it", async () => {
    const { page, files, others, stored } = await visit({ preload: "idle" });
    await expect.poll(files).toHaveLength(1);
    expect([await others(), await stored()]).toEqual([[], 0]);
    await openHelp(page);
    expect(await files()).toHaveLength(1);
  });

  test("at the click alone, where the site wants that", async () => {
    const { page, files, idle } = await visit({ preload: "off" });
    await launcher(page).hover();
    await launcher(page).focus();
    await idle();
    expect(await files()).toHaveLength(0);
    await openHelp(page);
    expect(await files()).toHaveLength(1);
  });
});

test("the single-file bundle works under a policy that allows only one address", async () => {
  const page = await world.visit("/site.css", desktop);
  await page.route("**/bare", (route) =>
    route.fulfill({
      contentType: "text/html",
      headers: {
        "Content-Security-Policy": `default-src 'none'; script-src ${world.demo.origin}/podpora/podpora.bundle.js; connect-src ${world.demo.origin}; require-trusted-types-for 'script'; trusted-types 'none'`,
      },
      body: '<!doctype html><html lang="en"><title>x</title><main><h1>x</h1></main><script async src="/podpora/podpora.bundle.js"></script>',
    }),
  );
  await page.goto(`${world.demo.origin}/bare`);
  await page.getByRole("button", { name: "Help", exact: true }).click();
  await panelFilled(page);
  await page.getByRole("tab", { name: "Live chat" }).waitFor();
});

test("a tag with version and digest loads the whole widget in that version, from this gateway", async () => {
  const { version } = assetsFrom("dist");
  const digest = createHash("sha384").update(readFileSync("dist/podpora.js")).digest("base64");
  const page = await world.visit("/site.css", desktop);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.route("**/bare", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<!doctype html><html lang="en"><title>x</title><main><h1>x</h1></main><script async src="/podpora/${version}/podpora.js" integrity="sha384-${digest}"></script>`,
    }),
  );
  await page.goto(`${world.demo.origin}/bare`);
  await openHelp(page, "Help");
  await page.getByRole("tab").first().waitFor();
  expect(asked.some((path) => path.startsWith(`/podpora/${version}/app-`))).toBe(true);
  expect(asked).toContain("/podpora/session");
});
