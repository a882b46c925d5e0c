import { describe, expect, test } from "vitest";
import { createWorld, openHelp, panelFilled, phone, signIn, tab } from "./world.ts";

/** What the host page and its visitors can rely on. */
const world = createWorld();

describe("in the host page", () => {
  test("a tag with only its address shows the launcher, and makes no requests until it is clicked", async () => {
    const page = await world.visit("/hostile.html");
    const requests: string[] = [];
    page.on("request", (request) => requests.push(new URL(request.url()).pathname));
    await page.reload();
    await page.getByRole("button", { name: "Pomoč", exact: true }).waitFor();
    expect(requests.filter((path) => path.startsWith("/podpora") && path !== "/podpora/podpora.js")).toEqual([]);
    expect(
      await page.evaluate(async () => [
        (await indexedDB.databases()).length,
        localStorage.length,
        sessionStorage.length,
      ]),
    ).toEqual([0, 0, 0]);
  });

  test("a page whose style sheet resets everything has no effect, and a duplicate tag is ignored", async () => {
    const page = await world.visit("/hostile.html");
    const launcher = page.getByRole("button", { name: "Pomoč", exact: true });
    await launcher.waitFor();
    expect(await page.locator("podpora-widget").count()).toBe(1);
    const box = await launcher.boundingBox();
    expect(box).toMatchObject({ width: 56, height: 56 });
    await launcher.click();
    const heading = page.getByRole("heading", { name: "Prijavite se in oglejte si svoje zahtevke" });
    await heading.waitFor();
    expect(await heading.evaluate((element) => getComputedStyle(element).textTransform)).toBe("none");
    // The page's keyboard shortcuts don't receive keys typed here, so can't swallow them.
    await page.getByRole("textbox", { name: "Uporabniško ime" }).pressSequentially("ana");
    expect(await page.getByRole("textbox", { name: "Uporabniško ime" }).inputValue()).toBe("ana");
    expect(await page.locator("#keys").textContent()).toBe("0");
  });

  test("a page with a strict content policy and Trusted Types reports no violations", async () => {
    const page = await world.visit("/strict.html");
    const agent = await world.agent();
    await signIn(page);
    await page.getByRole("button", { name: /^Vsi/ }).click();
    await page.locator(".row").first().click();
    await page.getByRole("log", { name: "Sporočila" }).waitFor();
    await tab(page, "Klepet").click();
    await page.getByRole("textbox", { name: "Kako vam lahko pomagamo?" }).fill("**x** <img src=x onerror=alert(1)>");
    await page.getByRole("button", { name: "Začni klepet" }).click();
    await page.getByRole("button", { name: /Vseeno/ }).click();
    await agent.getByRole("button", { name: "Take the chat of Ana Novak" }).click();
    await page.getByRole("log").getByText("<img src=x onerror=alert(1)>").waitFor();
    expect(await page.locator("#violations").textContent()).toBe("0");
  });

  test("destroy leaves nothing behind", async () => {
    const page = await world.visit();
    const globals = await page.evaluate(() => Object.keys(window));
    await openHelp(page);
    await page.evaluate(() => window.Podpora?.("destroy"));
    expect(await page.locator("podpora-widget").count()).toBe(0);
    const left = await page.evaluate(() => Object.keys(window));
    expect(left.filter((name) => !globals.includes(name))).toEqual([]);
    await page.evaluate(() => document.querySelector<HTMLElement>("[data-podpora-open]")?.click());
    await page.evaluate(() => window.Podpora?.("open"));
    expect(await page.locator("podpora-widget").count()).toBe(0);
    // The commands remain: a single-page site can start again with them.
    await page.evaluate(() => window.Podpora?.("init", { route: "chat" }));
    await page.evaluate(() => window.Podpora?.("open"));
    await page.getByRole("dialog").waitFor();
  });
});

describe("the ways to control it", () => {
  test("calls before the script has loaded are queued, and unknown ones log a warning and don't throw", async () => {
    const page = await world.visit("/site.css");
    const messages: string[] = [];
    page.on("console", (message) => messages.push(message.text()));
    await page.goto(`${world.demo.origin}/strict.html`, { waitUntil: "commit" });
    await page.route("**/bare", (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<!doctype html><html lang="en"><title>x</title><main><h1>x</h1></main><script>
          window.Podpora = function () { (Podpora.q = Podpora.q || []).push(arguments) };
          Podpora('init', { endpoint: '/podpora', locale: 'sl' });
          Podpora('on', 'open', function (event) { window.heard = event.type });
          Podpora('fly', 'away');
          Podpora('prefill', { name: 'Vera', question: 'Kje je?' });
          Podpora('open', 'chat');
        </script><script async src="/podpora/podpora.js"></script>`,
      }),
    );
    await world.agent();
    await page.goto(`${world.demo.origin}/bare`);
    await panelFilled(page);
    expect(await page.evaluate(() => (window as unknown as { heard: string }).heard)).toBe("open");
    await expect.poll(() => messages.join("\n")).toContain('[podpora] "fly" is not a command');
    await expect.poll(() => page.getByRole("textbox", { name: "Kako vam je ime?" }).inputValue()).toBe("Vera");
    expect(await page.evaluate(() => window.Podpora?.("info"))).toMatchObject({
      open: true,
      route: "chat",
      locale: "sl",
      signedIn: false,
    });
    await page.evaluate(() => window.Podpora?.("close"));
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.evaluate(() => window.Podpora?.("hide"));
    await expect.poll(() => page.getByRole("button", { name: "Pomoč" }).count()).toBe(0);
    await page.evaluate(() => window.Podpora?.("show"));
    await page.getByRole("button", { name: "Pomoč" }).waitFor();
  });

  test.each([
    ['data-podpora-endpoint="htps://wrong"', '[podpora] "endpoint" is "htps://wrong"'],
    ['data-podpora-theme="blue"', '[podpora] "theme" is "blue"; set it to one of auto, light, dark'],
    ['data-podpora-view="window"', '[podpora] "view" is "window"; set it to one of widget, page, inline'],
    ['data-podpora-locale="klingonska beseda"', '[podpora] "locale" is'],
  ])("a tag with %s logs what is wrong and how to correct it", async (attribute, message) => {
    const page = await world.visit("/site.css");
    const messages: string[] = [];
    page.on("console", (line) => messages.push(line.text()));
    await page.route("**/bare", (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<!doctype html><html lang="en"><title>x</title><main><h1>x</h1></main><script async src="/podpora/podpora.js" ${attribute}></script>`,
      }),
    );
    await page.goto(`${world.demo.origin}/bare`);
    await page.locator("podpora-widget").getByRole("button").click();
    await expect.poll(() => messages.join("\n")).toContain(message);
  });

  test("links and the page's address open it at their route", async () => {
    const page = await world.visit();
    await page.getByRole("link", { name: "Podpora" }).click();
    await page.getByRole("dialog").waitFor();
    await page.goto(`${world.demo.origin}/#podpora=chat`);
    await expect.poll(() => tab(page, "Klepet").getAttribute("aria-selected")).toBe("true");
  });
});

describe("accessibility", () => {
  test("by keyboard: open, sign in, report, close, and the focus returns", async () => {
    const page = await world.visit();
    // The button's name includes the number of waiting issues.
    const launcher = page.getByRole("button", { name: /^Pomoč/ });
    await launcher.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    const press = async (role: "textbox" | "button" | "tab", name: string | RegExp) => {
      const target = page.getByRole("dialog").getByRole(role, { name, exact: true });
      await target.waitFor();
      for (let step = 0; step < 40; step++) {
        if (await target.evaluate((element) => element.matches(":focus"))) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`${String(name)} can't be reached with Tab`);
    };
    await press("textbox", "Uporabniško ime");
    await page.keyboard.type("ana");
    await press("textbox", "Geslo");
    await page.keyboard.type("ana-demo");
    await page.keyboard.press("Enter");
    await press("button", "Prijavi novo tehnično težavo");
    await page.keyboard.press("Enter");
    // The button was removed with its screen: the new heading has the focus.
    await expect
      .poll(() =>
        page
          .getByRole("heading", { name: "Prijavi novo tehnično težavo" })
          .evaluate((element) => element.matches(":focus")),
      )
      .toBe(true);
    await press("textbox", "Naslov zahtevka");
    await page.keyboard.type("Samo s tipkovnico");
    await press("textbox", "Kaj se je zgodilo?");
    await page.keyboard.type("Tab, Enter.");
    await press("button", "Prijavi tehnično težavo");
    await page.keyboard.press("Enter");
    await page.getByText(/Vaš zahtevek ima številko/).waitFor();
    await press("tab", /^Tehnične težave/);
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => tab(page, "Klepet").evaluate((element) => element.matches(":focus"))).toBe(true);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await expect.poll(() => launcher.evaluate((element) => element.matches(":focus"))).toBe(true);
  });

  test("on a phone it is a full-screen sheet that keeps the focus inside", async () => {
    const page = await world.visit("/", phone);
    await signIn(page);
    await page.getByRole("heading", { name: "Moje tehnične težave" }).waitFor();
    const panel = page.getByRole("dialog");
    expect(await panel.boundingBox()).toEqual({ x: 0, y: 0, width: 360, height: 640 });
    expect(await panel.evaluate((element) => element.scrollWidth)).toBeLessThanOrEqual(360);
    for (let step = 0; step < 30; step++) {
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.localName)).toBe("podpora-widget");
    }
  });

  test("right to left, in a language loaded from a separate file", async () => {
    const page = await world.visit();
    await openHelp(page);
    await page.getByRole("button", { name: "Vaš račun" }).click();
    await page.getByRole("combobox", { name: "Jezik" }).selectOption("ar");
    const panel = page.getByRole("dialog");
    await expect.poll(() => panel.locator(".inside").getAttribute("dir")).toBe("rtl");
    expect(await panel.getAttribute("lang")).toBe("ar");
    await page.reload();
    await expect.poll(() => panel.getAttribute("lang")).toBe("ar");
    // The page determines the corner: the panel stays above its launcher.
    const [inside, button] = [
      await panel.boundingBox(),
      await page.getByRole("button", { expanded: true }).last().boundingBox(),
    ];
    expect(inside!.x + inside!.width).toBeCloseTo(button!.x + button!.width, 0);
    await expect
      .poll(() => page.locator("podpora-widget").getByRole("tab").first().innerText())
      .not.toBe("Tehnične težave");
  });

  test("in dark mode, and with the site's accent colour", async () => {
    const page = await world.visit("/", {
      viewport: { width: 1100, height: 820 },
      locale: "sl-SI",
      colorScheme: "dark",
    });
    await page.addStyleTag({ content: ":root { --podpora-accent: #ffe600 }" });
    await signIn(page);
    await page.getByRole("heading", { name: "Moje tehnične težave" }).waitFor();
    const surface = await page.getByRole("dialog").evaluate((element) => getComputedStyle(element).backgroundColor);
    expect(surface).toBe("rgb(21, 23, 29)");
  });
});
