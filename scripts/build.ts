/** Builds everything in dist/: the script and its files, the single-file bundle, the npm entries and their types. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { build } from "vite";
import { buildWidget } from "./build-widget.ts";

rmSync("dist", { recursive: true, force: true });
await buildWidget();
await build({ mode: "library", logLevel: "warn" });
console.log("For the integrity attribute of a script tag that names the version (/<version>/podpora.js):");
for (const name of ["podpora.js", "podpora.bundle.js"]) {
  const digest = createHash("sha384")
    .update(readFileSync(`dist/${name}`))
    .digest("base64");
  console.log(`${name}  sha384-${digest}`);
}
execFileSync("tsc", ["-p", "tsconfig.build.json"], { stdio: "inherit" });
