/**
 * `npm run screenshots` runs the demo in a real browser and takes a screenshot of each state: the scenes go into
 * .demo/screenshots/, the README's pictures into docs/images/. `-- --look readme` takes only the latter; `-- --look
 * phone-dark --scene form` takes one scene.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Browser, chromium } from "playwright";
import { build } from "vite";
import { buildWidget } from "./build-widget.ts";
import { type Demo, startDemo } from "../demo/server.ts";
import { findChromium } from "../test/browser/chromium.ts";
import { readmeScenes, scenes } from "./scenes.ts";
import type { Look, Stage } from "./scenes/stage.ts";

const { values } = parseArgs({
  options: { look: { type: "string", multiple: true }, scene: { type: "string", multiple: true } },
});

const desktop = { width: 1100, height: 820 };
const phone = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true };
const looks: readonly Look[] = [
  { name: "readme", colorScheme: "light", viewport: { width: 1200, height: 760 } },
  { name: "desktop-light", colorScheme: "light", viewport: desktop },
  { name: "desktop-dark", colorScheme: "dark", viewport: desktop },
  { name: "desktop-contrast", colorScheme: "dark", viewport: desktop, forcedColors: "active" },
  { name: "phone-light", colorScheme: "light", ...phone },
  { name: "phone-dark", colorScheme: "dark", ...phone },
];

const isWanted = (names: readonly string[] | undefined, name: string) => names?.includes(name) ?? true;

await buildWidget();
await build({ mode: "agent", logLevel: "warn" });
const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox", "--disable-gpu"] });
try {
  for (const look of looks.filter(({ name }) => isWanted(values.look, name))) {
    if (look.name === "readme") await shoot(look, readmeScenes, "docs/images", (scene) => `${scene}.png`);
    else await shoot(look, scenes, ".demo/screenshots", (scene) => `${scene}.${look.name}.png`);
  }
} finally {
  await browser.close();
}

async function shoot(look: Look, all: typeof scenes, folder: string, fileOf: (scene: string) => string) {
  mkdirSync(folder, { recursive: true });
  for (const [name, run] of Object.entries(all)) {
    if (!isWanted(values.scene, name)) continue;
    // Each scene has its own demo, so that all start with the same tickets.
    const directory = mkdtempSync(join(tmpdir(), "podpora-"));
    const demo = await startDemo({ directory, port: 0 });
    const stage = createStage(browser, demo, look, async (scene, of) => {
      const path = join(folder, fileOf(scene));
      await of.screenshot({ path, animations: "disabled" });
      console.log(path);
    });
    try {
      await run(stage);
    } catch (error) {
      // A failed scene must not stop the others.
      console.error(`${name}, ${look.name}:`, error);
      process.exitCode = 1;
    } finally {
      await stage.leave();
      await demo.close();
      rmSync(directory, { recursive: true, force: true });
    }
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
    demo,
    shot,
    visit: (path = "/") => visit(path, look),
    async agent() {
      const page = await visit("/agent/", { colorScheme: look.colorScheme, viewport: look.viewport });
      await page.getByLabel("Username").fill("nina");
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
