/** Everything in dist/: the script and its files, the same in one file, the npm entries, their types. */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { build } from "vite";
import { buildWidget } from "./build-widget.ts";

rmSync("dist", { recursive: true, force: true });
await buildWidget();
await build({ mode: "library", logLevel: "warn" });
execFileSync("tsc", ["-p", "tsconfig.build.json"], { stdio: "inherit" });
