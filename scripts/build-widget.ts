import { build } from "vite";

/**
 * Builds dist/podpora.js with its files, and the single-file bundle. The loader contains the app's file names, so it is
 * built after the app.
 */
export async function buildWidget(): Promise<void> {
  for (const mode of ["app", "diagnosis", "script", "bundle"]) await build({ mode, logLevel: "warn" });
}
