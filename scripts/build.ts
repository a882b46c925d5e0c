/** Everything in dist/: the script bundle, the npm entries, their types. */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { build } from "vite";

rmSync("dist", { recursive: true, force: true });
for (const mode of ["script", "library"]) await build({ mode, logLevel: "warn" });
execFileSync("tsc", ["-p", "tsconfig.build.json"], { stdio: "inherit" });
