/**
 * `npm run screenshots`: the demo in a real browser, state by state, into .demo/screenshots/, and the pictures of the
 * README into docs/images/. `-- --readme` makes those alone.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Browser, chromium } from "playwright";
import { build } from "vite";
import { type Demo, startDemo } from "../demo/server.ts";
import { findChromium } from "../test/browser/chromium.ts";
import { type Look, readmeScenes, scenes, type Stage } from "./scenes.ts";

const { values } = parseArgs({ options: { readme: { type: "boolean", default: false } } });

const looks: readonly Look[] = (["light", "dark"] as const).flatMap((colorScheme) => [
  { name: `desktop-${colorScheme}`, colorScheme, viewport: { width: 1100, height: 820 } },
  { name: `phone-${colorScheme}`, colorScheme, viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true },
]);
const readmeLook: Look = { name: "readme", colorScheme: "light", viewport: { width: 1200, height: 760 } };

for (const mode of ["script", "agent"]) await build({ mode, logLevel: "warn" });
const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox", "--disable-gpu"] });
try {
  await shoot(readmeLook, readmeScenes, "docs/images", ({ scene }) => `${scene}.png`);
  if (!values.readme) {
    for (const look of looks)
      await shoot(look, scenes, ".demo/screenshots", ({ scene }) => `${scene}.${look.name}.png`);
  }
} finally {
  await browser.close();
}

/** Each look has a demo of its own, so that every picture starts from the same tickets. */
async function shoot(look: Look, wanted: typeof scenes, folder: string, fileOf: (shot: { scene: string }) => string) {
  mkdirSync(folder, { recursive: true });
  const directory = mkdtempSync(join(tmpdir(), "podpora-"));
  const demo = await startDemo({ directory, port: 0 });
  try {
    for (const run of wanted) {
      const stage = createStage(browser, demo, look, async (scene, page) => {
        const path = join(folder, fileOf({ scene }));
        await page.screenshot({ path, animations: "disabled" });
        console.log(path);
      });
      try {
        await run(stage);
      } finally {
        await stage.leave();
      }
    }
  } finally {
    await demo.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function createStage(from: Browser, demo: Demo, look: Look, shot: Stage["shot"]): Stage & { leave(): Promise<void> } {
  const leaving: (() => Promise<void>)[] = [];

  async function visit(path: string, options: Omit<Look, "name">) {
    const context = await from.newContext({ locale: "sl-SI", reducedMotion: "reduce", ...options });
    leaving.push(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(new URL(path, demo.origin).href);
    return page;
  }

  return {
    shot,
    visit: (path = "/") => visit(path, look),
    async agent() {
      const page = await visit("/agent/", { colorScheme: look.colorScheme, viewport: look.viewport });
      await page.getByLabel("User name").fill("nina");
      await page.getByLabel("Password").fill("nina-demo");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("button", { name: "Sign out" }).waitFor();
      return page;
    },
    async leave() {
      for (const leave of leaving.splice(0)) await leave();
    },
  };
}
