import type { TestProject } from "vitest/node";
import { isRunning, type DeskName } from "./installed.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The desks that answer on this machine. */
    readonly desks: readonly DeskName[];
  }
}

const all: readonly DeskName[] = [
  "request-tracker",
  "redmine",
  "prosody",
  "ejabberd",
  "ejabberd-cluster",
  "mailbox",
  "redis",
  "nginx",
  "znuny",
  "wordpress",
];

/**
 * Provides the desks whose tests run. Never installs or starts one: `npm run test:desks` does, and then only the desk in
 * DESKS_WITHOUT may be missing.
 */
export default async function setup(project: TestProject): Promise<void> {
  const running = await Promise.all(all.map(async (desk) => ((await isRunning(desk)) ? [desk] : [])));
  const desks = running.flat();
  const missing = all.filter((desk) => !desks.includes(desk));
  const lost = missing.filter((desk) => desk !== process.env["DESKS_WITHOUT"]);
  if (lost.length > 0 && process.env["DESKS"] === "required") throw new Error(`not running: ${lost.join(", ")}`);
  for (const desk of missing) {
    // oxlint-disable-next-line no-console -- for who runs the tests
    console.log(
      `${desk} is not running here: its tests are skipped. "npm run test:desks" installs, starts and tests it.`,
    );
  }
  project.provide("desks", desks);
}
