import type { Locator, Page } from "playwright";
import { describe, expect, test } from "vitest";
import { chooseFiles } from "./choose-files.ts";
import { png } from "./made-pictures.ts";
import { createWorld, isBundle, openHelp, phone, signIn, tab } from "./world.ts";

/** What the widget must leave alone in the host page: elements, history, printing and scrolling. */
const world = createWorld();

const dialog = (page: Page) => page.getByRole("dialog");
const launcher = (page: Page) => page.getByRole("button", { name: /^Pomoč/ });
const hash = (page: Page) => page.evaluate(() => location.hash);
const closed = (page: Page) => dialog(page).waitFor({ state: "hidden" });

async function openNewTicket(page: Page) {
  await signIn(page);
  await page.getByRole("button", { name: "Prijavi novo tehnično težavo" }).click();
  await page.getByRole("textbox", { name: "Naslov zahtevka" }).fill("Na pol napisano");
}

describe("a page that replaces its body", () => {
  const replace = (page: Page) =>
    page.evaluate(() => {
      const body = document.createElement("body");
      body.append(...document.body.querySelectorAll("main"));
      document.body.replaceWith(body);
    });

  test("gets the open panel back, with its text, focus, caret and styles", async () => {
    const page = await world.visitTag({});
    await openNewTicket(page);
    const title = page.getByRole("textbox", { name: "Naslov zahtevka" });
    await title.evaluate((input: HTMLInputElement) => input.setSelectionRange(3, 3));
    await replace(page);
    await dialog(page).waitFor();
    expect(await page.locator("podpora-widget").count()).toBe(1);
    await page.keyboard.type("XY");
    expect(await title.inputValue()).toBe("Na XYpol napisano");
    expect(await dialog(page).evaluate((element) => getComputedStyle(element).position)).toBe("fixed");
  });

  test("repeatedly, by innerHTML or in a view transition, keeps a working launcher", async () => {
    const page = await world.visitTag({});
    await page.evaluate(() => (document.body.innerHTML = "<main><h1>Another page</h1></main>"));
    await launcher(page).waitFor();
    await page.evaluate(async () => {
      const next = new DOMParser().parseFromString("<main><h1>A third page</h1></main>", "text/html");
      await document.startViewTransition(() => document.body.replaceWith(document.adoptNode(next.body))).finished;
    });
    await openHelp(page);
    expect(await page.locator("podpora-widget").count()).toBe(1);
  });
});

test("a page with its own id podpora keeps it, and gets no global besides the commands", async () => {
  const page = await world.visitTag({}, '<h2 id="podpora">Podpora</h2>');
  await openHelp(page);
  expect(await page.evaluate(() => document.getElementById("podpora")?.localName)).toBe("h2");
  expect(await page.evaluate(() => Reflect.get(window, "podpora") === document.querySelector("h2"))).toBe(true);
});

describe("the page's history", () => {
  test("has its own hash again after a panel that a link opened is closed", async () => {
    const page = await world.visitTag({}, '<a href="#podpora=tickets/new">Prijavi</a>');
    await page.evaluate(() => (location.hash = "#/orders/5"));
    const length = await page.evaluate(() => history.length);
    await page.getByRole("link", { name: "Prijavi" }).click();
    await dialog(page).waitFor();
    await page.getByRole("button", { name: "Zapri" }).first().click();
    await closed(page);
    await expect.poll(() => hash(page)).toBe("#/orders/5");
    // Back returns to the earlier entry, not to the same one again.
    await expect.poll(() => page.evaluate(() => history.length)).toBe(length + 1);
    await page.waitForFunction(() => history.state === null || !Object.hasOwn(history.state as object, "podpora"));
    await page.goBack();
    await expect.poll(() => hash(page)).toBe("");
  });

  test("notifies a hash router of the new address", async () => {
    const page = await world.visitTag({}, '<a href="#podpora=tickets/new">Prijavi</a><output id="route"></output>');
    await page.evaluate(() => {
      const show = () => (document.querySelector("#route")!.textContent = location.hash);
      addEventListener("hashchange", show);
      location.hash = "#/orders/5";
    });
    await page.getByRole("link", { name: "Prijavi" }).click();
    await dialog(page).waitFor();
    await page.getByRole("button", { name: "Zapri" }).first().click();
    await expect.poll(() => page.locator("#route").textContent()).toBe("#/orders/5");
  });

  test("closes the panel that a link opened on Back, with its previous entries intact", async () => {
    const page = await world.visitTag({}, '<a href="#podpora=tickets/new">Prijavi</a>');
    await page.evaluate(() => (location.hash = "#/orders/5"));
    await page.getByRole("link", { name: "Prijavi" }).click();
    await dialog(page).waitFor();
    await page.goBack();
    await closed(page);
    expect(await hash(page)).toBe("#/orders/5");
  });

  test("with a link in the first address loses only the link", async () => {
    const page = await world.visit("/#podpora=tickets/new");
    await dialog(page).waitFor();
    await page.getByRole("button", { name: "Zapri" }).first().click();
    await closed(page);
    await expect.poll(() => hash(page)).toBe("");
    expect(new URL(page.url()).pathname).toBe("/");
  });

  describe("on a phone", () => {
    test("Back closes the sheet that the button opened, and the page's router is not notified", async () => {
      const page = await world.visit("/", phone);
      await page.evaluate(() => {
        history.replaceState({ position: 3 }, "");
        Object.assign(window, { popped: 0 });
        addEventListener("popstate", () => Object.assign(window, { popped: Reflect.get(window, "popped") + 1 }));
      });
      const address = page.url();
      await openHelp(page);
      await page.goBack();
      await closed(page);
      expect(page.url()).toBe(address);
      expect(await page.evaluate(() => [history.state, Reflect.get(window, "popped")])).toEqual([{ position: 3 }, 0]);
    });

    test("closing the sheet leaves no entry: Back leaves the page as before", async () => {
      const page = await world.visit("/agent/", phone);
      await page.goto(new URL("/", page.url()).href);
      await openHelp(page);
      await page.getByRole("button", { name: "Zapri" }).first().click();
      await closed(page);
      await page.waitForFunction(() => history.state === null);
      await page.goBack();
      await expect.poll(() => new URL(page.url()).pathname).toBe("/agent/");
    });

    test("a sheet reopened immediately stays open, and Back closes it", async () => {
      const page = await world.visit("/", phone);
      await openHelp(page);
      await page.evaluate(async () => {
        window.Podpora?.("close");
        await window.Podpora?.("open");
      });
      await dialog(page).waitFor();
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
      expect(await dialog(page).isVisible()).toBe(true);
      await page.goBack();
      await closed(page);
      expect(new URL(page.url()).pathname).toBe("/");
    });

    test("a page that closes the sheet and navigates is not sent back", async () => {
      const page = await world.visit("/", phone);
      await openHelp(page);
      await page.evaluate(() => {
        window.Podpora?.("close");
        history.pushState({ position: 1 }, "", "/#checkout");
      });
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
      expect(await page.evaluate(() => [location.hash, history.state])).toEqual(["#checkout", { position: 1 }]);
    });

    test("a link into the widget opens its screen while the sheet is open", async () => {
      const page = await world.visit("/", phone);
      await openHelp(page);
      await page.evaluate(() => (location.hash = "podpora=chat"));
      await page.getByRole("heading", { name: "Klepet je trenutno zaprt" }).waitFor();
      expect(await page.getByRole("dialog").isVisible()).toBe(true);
    });

    test("after a reload with the sheet open, Back still closes it", async () => {
      const page = await world.visit("/", phone);
      await openHelp(page);
      await page.reload();
      await dialog(page).waitFor();
      await page.goBack();
      await closed(page);
      expect(new URL(page.url()).pathname).toBe("/");
    });
  });
});

test("only the page is printed", async () => {
  const page = await world.visit();
  await openHelp(page);
  await page.emulateMedia({ media: "print" });
  expect(await page.locator("podpora-widget").isVisible()).toBe(false);
  expect(await dialog(page).isVisible()).toBe(false);
  await page.emulateMedia({ media: "screen" });
});

test("a page that prevents wheel events for smooth scrolling does not block the panel's scrolling", async () => {
  const page = await world.visit();
  await page.evaluate(() => window.addEventListener("wheel", (event) => event.preventDefault(), { passive: false }));
  await signIn(page);
  await page.getByRole("button", { name: "Prijavi novo tehnično težavo" }).click();
  await page.getByRole("textbox", { name: "Kaj se je zgodilo?" }).waitFor();
  await page.setViewportSize({ width: 1100, height: 500 });
  await page.locator("#tabpanel").hover();
  await page.mouse.wheel(0, 200);
  await expect.poll(() => page.locator("#tabpanel").evaluate((element) => element.scrollTop)).toBeGreaterThan(0);
});

test("a button inside a web component opens the chat, and gets the focus back", async () => {
  const page = await world.visitTag({}, "<div id=component></div>");
  await page.evaluate(() => {
    const root = document.querySelector("#component")!.attachShadow({ mode: "open" });
    const button = root.appendChild(document.createElement("button"));
    button.textContent = "Klepetaj";
    button.dataset["podporaOpen"] = "chat";
  });
  const button = page.getByRole("button", { name: "Klepetaj" });
  await button.click();
  await dialog(page).waitFor();
  await expect.poll(() => tab(page, "Klepet").getAttribute("aria-selected")).toBe("true");
  await page.keyboard.press("Escape");
  await closed(page);
  expect(await button.evaluate((element) => element.matches(":focus"))).toBe(true);
});

test("files and text of an issue arrive complete on a page whose old library adds toJSON to arrays", async () => {
  const page = await world.visitTag({});
  await openNewTicket(page);
  await page.getByRole("textbox", { name: "Kaj se je zgodilo?" }).fill("Opis");
  // Only while sending, as Playwright uses JSON in the page too.
  await page.getByRole("button", { name: "Prijavi tehnično težavo", exact: true }).evaluate(async (button) => {
    for (const { prototype } of [Array, Object])
      Object.defineProperty(prototype, "toJSON", { configurable: true, value: () => "[]" });
    (button as HTMLElement).click();
    const sent = () => performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/podpora/tickets"));
    for (let tries = 0; tries < 100 && !sent(); tries++) await new Promise((resolve) => setTimeout(resolve, 50));
    for (const { prototype } of [Array, Object]) Reflect.deleteProperty(prototype, "toJSON");
  });
  await page.getByText(/Vaš zahtevek ima številko/).waitFor();
  expect(world.rows("SELECT title FROM tickets ORDER BY number DESC LIMIT 1")).toEqual([
    { title: expect.stringContaining("Na pol napisano") as string },
  ]);
});

/** The widget also tries again by itself: the button may be gone before it is clicked. */
async function retryUntil(page: Page, wanted: Locator) {
  const retry = page.getByRole("button", { name: "Poskusi znova" });
  await expect
    .poll(async () => {
      if ((await retry.count()) > 0) await retry.click({ timeout: 1000 }).catch(() => undefined);
      return await wanted.count();
    })
    .toBe(1);
}

describe.skipIf(isBundle)("a page that was open during an upgrade of the site", () => {
  const isLater = /\/podpora\/screens-\w+\.js/;
  const isApp = /\/podpora\/app-\w+\.js/;

  test("says that the chat can't be loaded, and what to do", async () => {
    await world.agent();
    const page = await world.visit();
    await page.route(isLater, (route) => route.fulfill({ status: 404, body: "" }));
    await page.route(isApp, (route) =>
      route.request().method() === "HEAD" ? route.fulfill({ status: 404, body: "" }) : route.continue(),
    );
    await openHelp(page);
    await tab(page, "Klepet").click();
    await page.getByText("Na voljo je novejša različica").waitFor();
    await page.unroute(isLater);
    await page.getByRole("button", { name: "Znova naloži stran" }).click();
    await page.getByRole("textbox", { name: "Kako vam lahko pomagamo?" }).waitFor();
  });

  test("shows an issue's form as soon as its code is loaded, with the focus on its heading", async () => {
    const page = await world.visit();
    const held: (() => void)[] = [];
    await page.route(isLater, async (route) => {
      await new Promise<void>((resolve) => held.push(resolve));
      await route.continue();
    });
    await signIn(page);
    await page.getByRole("button", { name: "Prijavi novo tehnično težavo" }).click();
    await page.getByRole("status", { name: "Vzpostavljamo povezavo …" }).waitFor();
    for (const go of held) go();
    const heading = page.getByRole("heading", { name: "Prijavi novo tehnično težavo" });
    await heading.waitFor();
    await expect.poll(() => heading.evaluate((element) => element.matches(":focus"))).toBe(true);
  });

  test("loads an issue once the network is back, at the latest on a retry", async () => {
    await world.ticket("Zemljevid se ne naloži", "Ostane siv.");
    const page = await world.visit();
    let broken = true;
    await page.route(isLater, (route) => (broken ? route.abort() : route.continue()));
    await signIn(page);
    await page.getByRole("button", { name: /Zemljevid/ }).click();
    await page.getByText("Ni povezave s podporo").first().waitFor();
    broken = false;
    await retryUntil(page, page.getByText("Ostane siv."));
  });

  test("loads the chat once the network is back, at the latest on a retry", async () => {
    await world.agent();
    const page = await world.visit();
    let broken = true;
    await page.route(isLater, (route) => (broken ? route.abort() : route.continue()));
    await openHelp(page);
    await tab(page, "Klepet").click();
    await page.getByText("Ni povezave s podporo").first().waitFor();
    broken = false;
    await retryUntil(page, page.getByRole("textbox", { name: "Kako vam lahko pomagamo?" }));
  });
});

test.skipIf(isBundle)(
  "a document is sent even if the picture tools can't be loaded; a picture shows a network error",
  async () => {
    const page = await world.visit();
    await page.route(/pictures-\w+\.js/, (route) => route.abort());
    await openNewTicket(page);
    const choose = async (name: string, mimeType: string, buffer: Buffer) => {
      const chooser = page.waitForEvent("filechooser");
      await page.getByRole("button", { name: "Izberi datoteke" }).click();
      await chooseFiles(await chooser, [{ name, mimeType, buffer }]);
    };
    await choose("zapisnik.txt", "text/plain", Buffer.from("vrstica"));
    await expect.poll(() => page.getByRole("progressbar").count()).toBe(0);
    expect(await page.getByText(/zapisnik\.txt ni bilo mogoče/).count()).toBe(0);
    await choose("slika.png", "image/png", png());
    await page.getByText(/slika\.png ni bilo mogoče naložiti.*Ni povezave s podporo/).waitFor();
  },
);
