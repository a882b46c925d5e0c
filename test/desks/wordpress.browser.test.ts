import { chromium, type Browser, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { memory } from "../../src/adapters/memory/index.ts";
import { assetsFrom } from "../../src/gateway/index.ts";
import { findChromium } from "../browser/chromium.ts";
import { serve, siteSecret as secret, type Running } from "../gateway/server.ts";
import { installed } from "./installed.ts";

const { URL: site = "http://127.0.0.1:1" } = installed("wordpress") ?? {};
const token = `${site}/wp-admin/admin-ajax.php?action=podpora_token`;

describe.skipIf(!inject("desks").includes("wordpress"))("The plugin for WordPress", () => {
  const desk = memory();
  let running: Running;
  let browser: Browser;
  let src = "";

  beforeAll(async () => {
    const assets = assetsFrom(new URL("../../dist/", import.meta.url));
    const identity = { secret, audience: "podpora" };
    running = await serve({ identity, access: { tickets: "members" }, origins: [site], assets }, desk);
    src = `${running.url}/podpora.js`;
    // A page that the test serves in the cache's place counts as public, and its script is on loopback.
    const args = ["--no-sandbox", "--disable-gpu", "--disable-features=LocalNetworkAccessChecks"];
    browser = await chromium.launch({ executablePath: findChromium(), args });
    const admin = await signedIn("admin");
    await setUp(admin, { src, secret, verified: false });
    await admin.context().close();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await running.stop();
  });

  async function visitor(): Promise<Page> {
    const context = await browser.newContext({ locale: "en-GB" });
    return await context.newPage();
  }

  async function signedIn(name: string): Promise<Page> {
    const page = await visitor();
    await page.goto(`${site}/wp-login.php`);
    await page.getByLabel("Username or Email Address").fill(name);
    await page.getByLabel("Password", { exact: true }).fill(`${name}-password`);
    await page.getByRole("button", { name: "Log In" }).click();
    await page.getByRole("heading", { name: name === "admin" ? "Dashboard" : "Profile" }).waitFor();
    return page;
  }

  interface Settings {
    readonly src: string;
    readonly secret: string;
    readonly verified: boolean;
  }

  async function setUp(page: Page, settings: Settings): Promise<void> {
    await page.goto(`${site}/wp-admin/options-general.php?page=podpora`);
    await page.getByLabel("Script").fill(settings.src);
    await page.getByLabel("Secret").fill(settings.secret);
    await page.getByLabel("Every account's address is verified").setChecked(settings.verified);
    await page.getByRole("button", { name: "Save Changes" }).click();
    await page
      .getByText(/Settings saved|The (?:script|secret) must/)
      .first()
      .waitFor();
  }

  async function submit(page: Page, title: string): Promise<void> {
    await page.getByRole("button", { name: "Help", exact: true }).click();
    await page.getByRole("button", { name: "Submit a new tech issue" }).click();
    await page.getByRole("textbox", { name: "Title" }).fill(title);
    await page.getByRole("textbox", { name: "What happened?" }).fill("It shows an error.");
    await page.getByRole("button", { name: "Submit Tech Issue", exact: true }).click();
    await page.getByText(/Your issue number is/).waitFor();
  }

  const claims = (text: string): { readonly sub: string } =>
    JSON.parse(Buffer.from(text.split(".")[1] ?? "", "base64url").toString());

  test("a user of the site is a member: their issue arrives in their name, without a second sign-in", async () => {
    const page = await signedIn("ana");
    await page.goto(site);
    await submit(page, "The invoice is empty");
    const { sub } = claims(await (await page.request.get(token)).text());
    const ctx = { signal: new AbortController().signal, locale: "en", member: { id: sub } };
    const { items } = (await desk.tickets?.list?.({ filter: "all" }, ctx)) ?? { items: [] };
    expect(items.map(({ title }) => title)).toEqual(["English - The invoice is empty"]);
    await page.context().close();
  });

  test("a page that a cache stored for one user names nobody, and makes nobody that user", async () => {
    const ana = await signedIn("ana");
    const cached = await (await ana.request.get(site)).text();
    const tagIn = (html: string) => /<script[^>]*podpora\.js[^>]*>/.exec(html)?.[0];
    const anonymous = await visitor();
    expect(tagIn(cached)).toContain(src);
    expect(tagIn(cached)).toBe(tagIn(await (await anonymous.request.get(site)).text()));
    expect(tagIn(cached)).not.toMatch(/ana|nonce|eyJ/);

    for (const [page, who] of [
      [anonymous, "Not signed in"],
      [await signedIn("bor"), "Signed in as Bor Žagar"],
    ] as const) {
      await page.route(`${site}/`, async (route) => await route.fulfill({ contentType: "text/html", body: cached }));
      await page.goto(site);
      await page.getByRole("button", { name: "Help", exact: true }).click();
      await page.getByRole("button", { name: "Your account" }).click();
      await page.getByText(who).waitFor();
      expect(await page.locator("podpora-widget").getByText("Ana").count()).toBe(0);
      await page.context().close();
    }
    await ana.context().close();
  });

  test("a visitor gets no token, and no answer with one is cached or readable by another site", async () => {
    const page = await visitor();
    expect((await page.request.get(token)).status()).toBe(204);
    const ana = await signedIn("ana");
    const answer = await ana.request.get(token, { headers: { Origin: "https://elsewhere.example" } });
    const { "cache-control": cache, "access-control-allow-origin": allowed } = answer.headers();
    expect([answer.status(), cache, allowed]).toEqual([200, "no-store", undefined]);
    expect(claims(await answer.text())).toMatchObject({ name: "Ana Čuk", email_verified: false });
    await page.context().close();
    await ana.context().close();
  });

  test("after signing out of WordPress, the browser keeps nothing of the member", async () => {
    const page = await signedIn("ana");
    await page.goto(site);
    await submit(page, "The order is gone");
    await page.getByRole("button", { name: "Go to my issues" }).click();
    await expect.poll(async () => await stored(page)).toContain("The order is gone");
    await page.getByRole("button", { name: "Close help" }).click();
    await page.goto(`${site}/wp-login.php?action=logout`);
    await page.getByRole("link", { name: "log out" }).click();
    await page.getByText("You are now logged out.").waitFor();
    await expect.poll(async () => await stored(page)).not.toContain("The order is gone");
    await page.goto(site);
    await page.getByRole("button", { name: "Help", exact: true }).click();
    await page.getByRole("link", { name: "Sign in" }).waitFor();
    expect(await page.getByText("The order is gone").count()).toBe(0);
    await page.context().close();
  });

  test.each<readonly [what: string, wrong: Partial<Settings>, says: string]>([
    ["a script over plain http", { src: "http://help.example.org/podpora.js" }, "must be an https address"],
    ["the address of another file", { src: "https://help.example.org/" }, "must be an https address"],
    ["a short secret", { secret: "short" }, "must have at least 32 characters"],
  ])("%s is refused with the reason, and what was stored stays", async (_what, wrong, says) => {
    const page = await signedIn("admin");
    await setUp(page, { src, secret: "", verified: false, ...wrong });
    await page.getByText(says).first().waitFor();
    await page.goto(`${site}/wp-admin/options-general.php?page=podpora`);
    expect(await page.getByLabel("Script").inputValue()).toBe(src);
    await page.getByText("A secret is stored. Leave this empty to keep it.").waitFor();
    expect((await page.request.get(token)).status()).toBe(200);
    await page.context().close();
  });
});

/** Everything in the page's IndexedDB, as JSON. */
async function stored(page: Page): Promise<string> {
  return await page.evaluate(async () => {
    const answered = async <T>(request: IDBRequest<T>) =>
      await new Promise<T>((resolve, reject) => {
        request.addEventListener("success", () => resolve(request.result));
        request.addEventListener("error", () => reject(request.error));
      });
    const all: unknown[] = [];
    for (const { name = "" } of await indexedDB.databases()) {
      const database = await answered(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        all.push(await answered(database.transaction(store).objectStore(store).getAll()));
      }
      database.close();
    }
    return JSON.stringify(all);
  });
}
