import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = join(root, "test/simulator/faults");

/** Faults outside the simulated world, and the test that finds each. */
export const outOfSight: ReadonlyMap<string, string> = new Map([
  ["b07-sign-out-leaves-the-mark-to-follow", "test/embed/sign-out.test.ts"],
]);

/** The names of all faults that can be restored in `src`. */
export function faults(): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".patch"))
    .map((file) => basename(file, ".patch"))
    .toSorted();
}

/** Throws Git's error if the patch no longer applies to `src`. */
export function checkPatch(fault: string): void {
  apply(fault, ["--check"]);
}

/** Copies `src` and the simulator, and applies the fault. Returns the directory, which Git ignores. */
export function copyWith(fault: string): string {
  const copy = join(".demo/faults", fault);
  const to = join(root, copy);
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const part of ["src", "locales", "package.json", "test/simulator", "test/support"]) {
    cpSync(join(root, part), join(to, part), { recursive: true });
  }
  apply(fault, [`--directory=${copy}`]);
  return to;
}

function apply(fault: string, options: readonly string[]) {
  execFileSync("git", ["apply", ...options, join(folder, `${fault}.patch`)], { cwd: root, stdio: "pipe" });
}
