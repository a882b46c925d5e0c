import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);
const cli = fileURLToPath(new URL("src/server/cli.ts", root));

/** The imports of a config, from the sources: the package is not built when these tests run. */
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
  /** The exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

const running: Podpora[] = [];

/** `podpora …` in a folder of its own, with this config. */
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

/** Ports that were free a moment ago. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(
    servers.map(async (server) => await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address ? address.port : 0;
  });
  await Promise.all(servers.map(async (server) => await new Promise((done) => server.close(done))));
  return ports;
}
