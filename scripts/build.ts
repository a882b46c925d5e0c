/** Everything in dist/: the script and what stands beside it, the npm entries, their types. */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { build } from "vite";

rmSync("dist", { recursive: true, force: true });
for (const mode of ["script", "pictures", "library"]) await build({ mode, logLevel: "warn" });
execFileSync("tsc", ["-p", "tsconfig.build.json"], { stdio: "inherit" });
