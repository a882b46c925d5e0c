import { join } from "node:path";
import type { Page } from "playwright";
import { build } from "vite";
import { beforeAll, describe, expect, test } from "vitest";
import { createWorld } from "./world.ts";

/** The widget in a React app and as a custom element, each built with Vite. */
const world = createWorld();
const code = new Map<string, string>();

beforeAll(async () => {
  for (const name of ["react-app", "element-app"]) {
    const output = await build({
      configFile: false,
      logLevel: "warn",
      define: { "process.env.NODE_ENV": '"development"' },
      oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
      build: {
        write: false,
        lib: { entry: join("test/browser", `${name}.ts`), formats: ["es"] },
        rolldownOptions: { output: { codeSplitting: false } },
      },
    });
    const [bundle] = [output].flat();
    if (!bundle || !("output" in bundle)) throw new Error("nothing was built");
    code.set(name, bundle.output[0].code);
  }
});

async function visit(name: string, body: string, search = ""): Promise<Page> {
  const page = await world.visit("/site.css");
  await page.route("**/app*", (route) =>
    route.request().url().includes("app.js")
      ? route.fulfill({ contentType: "text/javascript", body: code.get(name) ?? "" })
      : route.fulfill({
          contentType: "text/html",
          body: `<!doctype html><html lang="en"><title>x</title><body>${body}<script type="module" src="/app.js"></script></body>`,
        }),
  );
  await page.goto(`${world.demo.origin}/app${search}`);
  return page;
}

const widgets = (page: Page) => page.locator("podpora-widget").count();

describe("in a React app", () => {
  test("the hook returns the handle, calls listeners once in StrictMode, and cleans up on unmount", async () => {
    const page = await visit("react-app", '<main id="app"></main>');
    await page.getByRole("button", { name: "Contact us" }).click();
    await page.getByRole("textbox", { name: "Naslov zahtevka" }).waitFor();
    await expect.poll(() => page.locator("output").textContent()).toBe("opened 1 times");
    expect(await widgets(page)).toBe(1);
    await page.getByRole("button", { name: "Take it away" }).click();
    await expect.poll(() => widgets(page)).toBe(0);
    await page.getByRole("button", { name: "Put it back" }).click();
    await page.getByRole("button", { name: "Pomoč" }).waitFor();
    expect(await widgets(page)).toBe(1);
  });

  test("a changed option changes the open widget, which keeps its text and its screen", async () => {
    const page = await visit("react-app", '<main id="app"></main>');
    await page.getByRole("button", { name: "Contact us" }).click();
    await page.getByRole("textbox", { name: "Naslov zahtevka" }).fill("Moje naročilo");
    await page.getByRole("button", { name: "In English" }).click();
    const title = page.getByRole("textbox", { name: "Issue title" });
    await expect.poll(() => title.inputValue()).toBe("Moje naročilo");
    expect(await widgets(page)).toBe(1);
    await expect.poll(() => page.locator("output").textContent()).toBe("opened 1 times");
  });

  test("the component renders inline and files a ticket", async () => {
    const page = await visit("react-app", '<main id="app"></main>', "?view=inline");
    const region = page.getByRole("region", { name: "Pomoč" });
    await region.waitFor();
    const box = await region.boundingBox();
    expect([box?.width, box?.height]).toEqual([420, 560]);
    await page.getByRole("button", { name: "Prijavi novo tehnično težavo" }).click();
    await page.getByRole("textbox", { name: "Naslov zahtevka" }).fill("Iz aplikacije");
    await page.getByRole("textbox", { name: "Kaj se je zgodilo?" }).fill("Opis");
    await page.getByRole("button", { name: "Prijavi tehnično težavo", exact: true }).click();
    await page.getByText(/Vaš zahtevek ima številko/).waitFor();
    expect(await page.getByRole("button", { name: "Zapri" }).count()).toBe(0);
  });
});

describe("as a custom element", () => {
  const put = async (page: Page, attributes: string) =>
    await page.evaluate((text) => {
      const holder = document.querySelector("main")!;
      const element = document.createElement("podpora-widget");
      for (const pair of text.split(" ")) element.setAttribute(...(pair.split("=") as [string, string]));
      Object.assign(element, { options: { adapter: Reflect.get(window, "adapter") } });
      holder.append(element);
    }, attributes);

  test("it floats, opens by its handle, and is removed with the element", async () => {
    const page = await visit("element-app", "<main><h1>x</h1></main>");
    await page.waitForFunction(() => Reflect.has(window, "adapter"));
    await put(page, "locale=sl theme=dark");
    await page.getByRole("button", { name: "Pomoč" }).waitFor();
    await page.evaluate(async () => {
      const element = document.querySelector("podpora-widget");
      await (Reflect.get(element ?? {}, "handle") as { open(route: string): Promise<void> }).open("chat");
    });
    await page.getByRole("dialog").waitFor();
    await page.evaluate(() => {
      const element = document.querySelector("podpora-widget")!;
      // Moved, not removed.
      document.body.append(element);
    });
    await page.getByRole("dialog").waitFor();
    await page.evaluate(() => document.querySelector("podpora-widget")?.remove());
    expect(await widgets(page)).toBe(0);
    await put(page, "locale=en");
    await page.getByRole("button", { name: "Help" }).waitFor();
  });

  test("changed attributes and options change the widget; the console names one that can't change", async () => {
    const page = await visit("element-app", "<main><h1>x</h1></main>");
    const messages: string[] = [];
    page.on("console", (message) => messages.push(message.text()));
    await page.waitForFunction(() => Reflect.has(window, "adapter"));
    await put(page, "locale=sl position=end");
    await page.getByRole("button", { name: "Pomoč" }).click();
    await page.getByRole("dialog", { name: "Pomoč" }).waitFor();
    await page.evaluate(() => {
      const element = document.querySelector("podpora-widget")!;
      element.setAttribute("locale", "en");
      element.setAttribute("position", "start");
    });
    await page.getByRole("dialog", { name: "Help" }).waitFor();
    await expect.poll(async () => (await page.getByRole("dialog").boundingBox())?.x).toBe(20);
    await page.evaluate(() => {
      const element = document.querySelector("podpora-widget")!;
      const adapter: unknown = Reflect.get(window, "adapter");
      Object.assign(element, { options: { adapter, texts: { en: { "panel.title": "Ask us" } } } });
      element.removeAttribute("position");
      element.setAttribute("view", "page");
    });
    await page.getByRole("dialog", { name: "Ask us" }).waitFor();
    await expect.poll(async () => (await page.getByRole("dialog").boundingBox())?.x).toBeGreaterThan(300);
    await expect.poll(() => messages.join()).toContain(`"view" can't be changed by "update"; call "destroy"`);
  });

  test("inline, it fills its place in the page", async () => {
    const page = await visit("element-app", '<main style="width: 500px"><h1>x</h1></main>');
    await page.waitForFunction(() => Reflect.has(window, "adapter"));
    await put(page, "locale=sl view=inline");
    const region = page.getByRole("region", { name: "Pomoč" });
    await region.waitFor();
    const box = await region.boundingBox();
    expect([box?.width, box?.height]).toEqual([500, 480]);
  });
});
