import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** As they are on npm. Some depend on packages that are not there, so each is taken alone, with what it needs to run. */
const packages = [
  "posthog-js@1.449.2",
  "@typebot.io/js@0.10.7",
  "@n8n/chat@1.37.0",
  "@sentry/browser@10.78.0",
  "@sentry/browser-utils@10.78.0",
  "@sentry/conventions@0.16.0",
  "@sentry/core@10.78.0",
  "@sentry/feedback@10.78.0",
  "@sentry/replay@10.78.0",
  "@sentry/replay-canvas@10.78.0",
] as const;

/** Puts the packages into `<directory>/node_modules`, once for each list. Rejects without a network. */
export async function fetchPackages(directory: string): Promise<void> {
  const mark = join(directory, `fetched-${packages.join("_").replaceAll("/", "-")}`);
  if (existsSync(mark)) return;
  await rm(directory, { recursive: true, force: true });
  for (const each of packages) {
    const folder = join(directory, "node_modules", each.slice(0, each.lastIndexOf("@")));
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await mkdir(folder, { recursive: true });
    // oxlint-disable-next-line no-await-in-loop
    const { stdout } = await run("npm", ["pack", each, "--silent", "--pack-destination", directory]);
    // oxlint-disable-next-line no-await-in-loop
    await run("tar", ["xzf", join(directory, stdout.trim()), "--strip-components=1", "-C", folder]);
  }
  await writeFile(mark, "");
}
