import type { TestProject } from "vitest/node";
import { build } from "vite";
import { findChromium } from "./chromium.ts";

/** The tests run the built bundle, as a site does. */
export default async function setup(project: TestProject): Promise<void> {
  // Vitest's own NODE_ENV would keep what the dependencies check in development alone.
  const env = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = "production";
  for (const mode of ["script", "pictures", "agent"]) await build({ mode, logLevel: "warn" });
  process.env["NODE_ENV"] = env;
  project.provide("chromium", findChromium());
}

declare module "vitest" {
  export interface ProvidedContext {
    chromium: string;
  }
}
