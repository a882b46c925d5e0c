import { connect } from "node:net";
import type { TestProject } from "vitest/node";
import { installed, type DeskName } from "./installed.ts";

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
];

/** Tells which desks' tests run. Never installs or starts one: `npm run test:desks` does, and then none may be missing. */
export default async function setup(project: TestProject): Promise<void> {
  const running = await Promise.all(all.map(async (desk) => ((await answers(desk)) ? [desk] : [])));
  const desks = running.flat();
  const missing = all.filter((desk) => !desks.includes(desk));
  if (missing.length > 0 && process.env["DESKS"] === "required") {
    throw new Error(`not running: ${missing.join(", ")}`);
  }
  for (const desk of missing) {
    // oxlint-disable-next-line no-console -- for who runs the tests
    console.log(
      `${desk} is not running here: its tests are skipped. "npm run test:desks" installs, starts and tests it.`,
    );
  }
  project.provide("desks", desks);
}

async function answers(desk: DeskName): Promise<boolean> {
  const port = Number(installed(desk)?.["PORT"]);
  if (!Number.isInteger(port)) return false;
  return await new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (up: boolean): void => {
      socket.destroy();
      resolve(up);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
    socket.setTimeout(2000, () => end(false));
  });
}
