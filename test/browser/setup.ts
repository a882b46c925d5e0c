import type { TestProject } from "vitest/node";
import { chromium } from "playwright";
import { build } from "vite";
import { buildWidget } from "../../scripts/build-widget.ts";
import { findChromium } from "./chromium.ts";

/** The tests run the built bundle, as a site does. */
export default async function setup(project: TestProject): Promise<void> {
  // Vitest's own NODE_ENV would keep what the dependencies check in development alone.
  const env = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = "production";
  await buildWidget();
  await build({ mode: "agent", logLevel: "warn" });
  process.env["NODE_ENV"] = env;
  const path = findChromium();
  console.log(`The browser tests run in Chromium ${await versionOf(path)} (${path}).`);
  project.provide("chromium", path);
}

/** From the browser itself: not every system's Chrome answers to `--version`. */
async function versionOf(executablePath: string): Promise<string> {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const version = browser.version();
  await browser.close();
  return version;
}

declare module "vitest" {
  export interface ProvidedContext {
    chromium: string;
  }
}
