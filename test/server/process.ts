import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);
const cli = fileURLToPath(new URL("src/server/cli.ts", root));

/** The imports of a config, from the sources, as the package is not built when these tests run. */
export const imports = [
  `import { defineConfig, secret } from ${JSON.stringify(new URL("src/server/index.ts", root).href)};`,
  `import { memory } from ${JSON.stringify(new URL("src/adapters/memory/index.ts", root).href)};`,
  "const assets = async () => undefined;",
].join("\n");

export const SECRET = "a secret of these tests, 32 bytes and more";

export interface Podpora {
  readonly child: ChildProcess;
  readonly folder: string;
  out(): string;
  err(): string;
  /** The exit code, once the process has ended. */
  readonly ended: Promise<number | null>;
}

const running: Podpora[] = [];

/** Runs `podpora …` in a separate folder with this config. */
export async function podpora(
  args: readonly string[],
  config?: string,
  env: Readonly<Record<string, string>> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<Podpora> {
  const folder = await mkdtemp(join(tmpdir(), "podpora-"));
  if (config !== undefined) await writeFile(join(folder, "podpora.config.ts"), config);
  await Promise.all(Object.entries(files).map(async ([name, text]) => await writeFile(join(folder, name), text)));
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, [cli, ...args], { cwd: folder, env: { PATH, ...env } });
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said.err += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const started = { child, folder, ended, out: () => said.out, err: () => said.err };
  running.push(started);
  return started;
}

export async function stopAll(): Promise<void> {
  for (const { child, ended, folder } of running.splice(0)) {
    child.kill("SIGKILL");
    // oxlint-disable-next-line no-await-in-loop -- a handful
    await ended;
    // oxlint-disable-next-line no-await-in-loop -- see above
    await rm(folder, { recursive: true, force: true });
  }
}
