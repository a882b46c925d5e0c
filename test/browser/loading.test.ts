import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import { assetsFrom } from "../../src/gateway/index.ts";
import { createWorld, desktop, isBundle, openHelp, panelFilled, phone } from "./world.ts";

/** From the click to the panel: what a member sees while the rest of the widget is fetched, or can't be. */
const world = createWorld();

const isApp = /\/podpora\/app-\w+\.js/;
const frame = (page: Page) => page.locator("podpora-widget [part=panel]");
const dialog = (page: Page) => page.getByRole("dialog", { name: "Pomoč" });
const launcher = (page: Page) => page.getByRole("button", { name: "Pomoč", exact: true });

/** Holds the app back until `go` is called. */
async function heldBack(page: Page): Promise<() => void> {
  let go: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (go = resolve));
  await page.route(isApp, async (route) => {
    await released;
    await route.continue();
  });
  return go;
}

describe.skipIf(isBundle)("while the app is fetched", () => {
  test("the panel is there at once: a dialog with the focus, a title, a way to close it; then it is filled", async () => {
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
    "%s closes it, the focus goes back, and what comes later opens nothing",
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
      // The app is here when the page is told who waits for it.
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

  test("on a phone the close button leaves no entry in the history", async () => {
    const page = await world.visit("/", phone);
    const go = await heldBack(page);
    await launcher(page).click();
    await dialog(page).waitFor();
    await page.getByRole("button", { name: "Zapri" }).click();
    go();
    await page.waitForFunction(() => history.state === null);
  });

  test("a link that was followed by mistake is closed by Back", async () => {
    const page = await world.visitTag({}, '<a href="#podpora=tickets/new">Prijavi</a>');
    const go = await heldBack(page);
    await page.getByRole("link", { name: "Prijavi" }).click();
    await dialog(page).waitFor();
    await page.goBack();
    await frame(page).waitFor({ state: "hidden" });
    go();
    expect(await page.evaluate(() => location.hash)).toBe("");
  });

  test("calls of the page wait for it, in their order", async () => {
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

describe.skipIf(isBundle)("an app that can't be fetched", () => {
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
  ])("because it %s: the frame says so in the member's language, and another try works", async (_what, spoil) => {
    const page = await world.visit();
    const messages: string[] = [];
    page.on("console", (message) => messages.push(message.text()));
    await spoil(page);
    await launcher(page).click();
    await page.getByRole("alert").getByText("Pomoči ni bilo mogoče naložiti").waitFor();
    expect(messages.join("\n")).toContain("[podpora] could not start");
    // Once more in vain, by keyboard: the focus stays in the dialog.
    await page.getByRole("button", { name: "Poskusi znova" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("Pomoči ni bilo mogoče naložiti").waitFor();
    expect(await frame(page).evaluate((element) => element.matches(":focus, :focus-within"))).toBe(true);
    await page.unroute(isApp);
    await page.getByRole("button", { name: "Poskusi znova" }).click();
    await panelFilled(page);
    await page.getByRole("heading", { name: "Prijavite se in oglejte si svoje zahtevke" }).waitFor();
  });

  test("because it came by half: reloading the page, as the frame says, brings a whole one", async () => {
    const page = await world.visit();
    const spoil = async () =>
      await page.route(isApp, async (route) => {
        const answer = await route.fetch();
        const body = await answer.text();
        await route.fulfill({ response: answer, body: body.slice(0, body.length / 2) });
      });
    await spoil();
    await launcher(page).click();
    await page.getByRole("alert").getByText("osvežite stran").waitFor();
    await page.unroute(isApp);
    await page.reload();
    await openHelp(page);
    await page.getByRole("heading", { name: "Prijavite se in oglejte si svoje zahtevke" }).waitFor();
  });

  test("because of the page's own policy: the page is unharmed, and the frame says it", async () => {
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

test("a policy that allows one address alone is met by the single file", async () => {
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

test("a tag that names the version and the script's digest gets the whole widget, from that version and this gateway", async () => {
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
