import type { TestProject } from "vitest/node";
import { build } from "vite";
import { findChromium } from "./chromium.ts";

/** The tests run the built bundle, as a site does. */
export default async function setup(project: TestProject): Promise<void> {
  for (const mode of ["script", "agent"]) await build({ mode, logLevel: "warn" });
  project.provide("chromium", findChromium());
}

declare module "vitest" {
  export interface ProvidedContext {
    chromium: string;
  }
}
