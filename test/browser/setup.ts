import type { TestProject } from "vitest/node";
import { build } from "vite";
import { buildWidget } from "../../scripts/build-widget.ts";
import { findBrowser, launch } from "./engine.ts";

/** Builds the bundle, as the tests run what a site runs. */
export default async function setup(project: TestProject): Promise<void> {
  // Vitest's NODE_ENV would include the dependencies' development checks.
  const env = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = "production";
  await buildWidget();
  await build({ mode: "agent", logLevel: "warn" });
  process.env["NODE_ENV"] = env;
  const path = findBrowser();
  const browser = await launch(path);
  console.log(`The browser tests run in ${browser.browserType().name()} ${browser.version()} (${path}).`);
  await browser.close();
  project.provide("browser", path);
}

declare module "vitest" {
  export interface ProvidedContext {
    browser: string;
  }
}
