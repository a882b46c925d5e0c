import { build } from "vite";
import { beforeAll, expect, test } from "vitest";
import type { Podpora } from "../../src/index.ts";
import { createWorld } from "./world.ts";

/** The npm module: a site that bundles it, with its own adapter in the page and no gateway. */
const world = createWorld();
let code = "";

beforeAll(async () => {
  const output = await build({
    configFile: false,
    logLevel: "warn",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      write: false,
      lib: { entry: "test/browser/own-site.ts", formats: ["es"] },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const [bundle] = [output].flat();
  if (!bundle || !("output" in bundle)) throw new Error("nothing was built");
  code = bundle.output[0].code;
});

test("a site's bundle controls it with promises and receives its events", async () => {
  const page = await world.visit("/site.css");
  await page.route("**/own*", (route) =>
    route.request().url().endsWith(".js")
      ? route.fulfill({ contentType: "text/javascript", body: code })
      : route.fulfill({
          contentType: "text/html",
          body: '<!doctype html><html lang="en"><title>x</title><main><h1>x</h1></main><script type="module" src="/own.js"></script>',
        }),
  );
  await page.goto(`${world.demo.origin}/own`);
  const heard = await page.evaluate(async () => {
    const { help } = window as unknown as { help: Podpora };
    const events: string[] = [];
    help.on("open", (event) => events.push(event.type));
    window.addEventListener("podpora:route", (event) =>
      events.push((event as CustomEvent<{ type: string }>).detail.type),
    );
    await help.open("tickets/new");
    await help.prefill({ title: "Od strani", text: "Besedilo" });
    return events;
  });
  expect(heard).toEqual(["route", "open"]);
  await expect.poll(() => page.getByRole("textbox", { name: "Naslov zahtevka" }).inputValue()).toBe("Od strani");
  await page.getByRole("button", { name: "Prijavi tehnično težavo", exact: true }).click();
  await page.getByText("Vaš zahtevek ima številko 1001.").waitFor();
});
