import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { vi } from "vitest";

/** A Redis server of one test's own, to be stopped, filled and demoted. */
export interface OwnRedis {
  readonly port: number;
  /** A command, as redis-cli takes it. */
  command(...words: readonly string[]): Promise<string>;
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

const run = promisify(execFile);

export async function ownRedis(port: number): Promise<OwnRedis> {
  const folder = await mkdtemp(join(tmpdir(), "podpora-redis-"));
  let ended: Promise<unknown> = Promise.resolve();
  let end = (): void => undefined;

  async function command(...words: readonly string[]): Promise<string> {
    const { stdout } = await run("redis-cli", ["-h", "127.0.0.1", "-p", String(port), ...words]);
    return stdout.trim();
  }
  async function start(): Promise<void> {
    const child = spawn("redis-server", ["--bind", "127.0.0.1", "--port", String(port), "--dir", folder, "--save", ""]);
    ended = new Promise((resolve) => child.once("close", resolve));
    end = () => void child.kill("SIGTERM");
    await vi.waitFor(
      async () => {
        if ((await command("ping")) !== "PONG") throw new Error("Redis is still starting");
      },
      { timeout: 10_000 },
    );
  }
  async function stop(): Promise<void> {
    end();
    await ended;
  }
  await start();
  return {
    port,
    command,
    start,
    stop,
    async remove() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
