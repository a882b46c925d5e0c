import { build } from "vite";

/** dist/podpora.js with its files, and the same in one file. The loader names the files, so it comes after them. */
export async function buildWidget(): Promise<void> {
  for (const mode of ["app", "script", "bundle"]) await build({ mode, logLevel: "warn" });
}
