import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = join(root, "test/simulator/faults");

/** What lies outside of the simulated world, and the test that sees it. */
export const outOfSight: ReadonlyMap<string, string> = new Map([
  ["b07-sign-out-leaves-the-mark-to-follow", "test/embed/sign-out.test.ts"],
]);

/** The names of all faults that can be put back into `src`. */
export function faults(): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".patch"))
    .map((file) => basename(file, ".patch"))
    .toSorted();
}

/** Throws what Git says when the patch does not fit `src` any more. */
export function checkPatch(fault: string): void {
  apply(fault, ["--check"]);
}

/** A copy of `src` and of the simulator with the fault in it. Returns its folder, which Git ignores. */
export function copyWith(fault: string): string {
  const copy = join(".demo/faults", fault);
  const to = join(root, copy);
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const part of ["src", "locales", "package.json", "test/simulator"]) {
    cpSync(join(root, part), join(to, part), { recursive: true });
  }
  apply(fault, [`--directory=${copy}`]);
  return to;
}

function apply(fault: string, options: readonly string[]) {
  execFileSync("git", ["apply", ...options, join(folder, `${fault}.patch`)], { cwd: root, stdio: "pipe" });
}
