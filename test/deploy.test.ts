import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { validate } from "dockerfile-utils";
import { afterEach, describe, expect, test } from "vitest";
import { HEARTBEAT_MS } from "../src/protocol/limits.ts";
import { defaultDrain } from "../src/server/drain.ts";
import { defaultTimeouts } from "../src/server/listener.ts";
import { podpora, SECRET, stopAll } from "./server/process.ts";

afterEach(stopAll);

const root = new URL("../", import.meta.url);
const read = (name: string) => readFileSync(new URL(`deploy/${name}`, root), "utf8");
const config = read("podpora.config.ts");
const drainSeconds = (defaultDrain.leadMs + defaultDrain.forMs) / 1000;

/** The seconds that a line of the file gives. */
function seconds(text: string, pattern: RegExp): number {
  const [, number = ""] = pattern.exec(text) ?? [];
  return Number(number);
}

describe("the Dockerfile", () => {
  const text = read("Dockerfile");

  test("has no fault that a linter knows", () => {
    expect(validate(text)).toEqual([]);
  });

  test("builds in one stage and runs in another, as nobody in particular, with a health check", () => {
    expect(text.match(/^FROM /gm)).toHaveLength(2);
    const runs = text.slice(text.lastIndexOf("\nFROM "));
    expect(runs).toMatch(/^USER node$/m);
    expect(runs.indexOf("USER node")).toBeLessThan(runs.indexOf("CMD"));
    expect(runs).toMatch(/^HEALTHCHECK .*\\\n\s+CMD \[.*\/livez/m);
    expect(runs).toMatch(/^CMD \["node", "node_modules\/podpora\/dist\/lib\/cli.js", "serve"\]$/m);
  });

  test("takes from the checkout what its build reads", () => {
    const taken = [...read("Dockerfile.dockerignore").matchAll(/^!(.+)$/gm)].map(([, path = ""]) => path);
    expect(taken.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
    for (const path of ["src", "locales", "scripts", "package-lock.json", "LICENSE"]) expect(taken).toContain(path);
  });
});

describe("the example of a config", () => {
  const here = (text: string) =>
    text
      .replace('"podpora/adapters/memory"', JSON.stringify(new URL("src/adapters/memory/index.ts", root).href))
      .replace('"podpora/server"', JSON.stringify(new URL("src/server/index.ts", root).href));

  test("fits", async () => {
    const env = { PODPORA_SECRET: SECRET, REDIS_URL: "redis://127.0.0.1:1", PODPORA_STATE: "state" };
    const process = await podpora(["check"], here(config), env);
    await process.ended;
    expect(process.out()).toContain("✓ The options are valid.");
    expect(process.out()).toContain("It does not work like this: 1 fault.");
  });

  test("asks for secrets that systemd and compose hand on", () => {
    const names = [...config.matchAll(/secret\("(\w+)"\)/g)].map(([, name = ""]) => name);
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) {
      expect(read("podpora.service")).toContain(`LoadCredential=${name}:`);
      expect(read("compose.yaml")).toContain(`${name}_FILE: /run/secrets/`);
    }
  });
});

test("whatever stops a copy waits for longer than it may take to leave", () => {
  expect(seconds(read("podpora.service"), /^TimeoutStopSec=(\d+)s$/m)).toBeGreaterThan(drainSeconds);
  expect(seconds(read("compose.yaml"), /stop_grace_period: (\d+)s/)).toBeGreaterThan(drainSeconds);
});

test("Redis forgets nothing for want of room, and comes back with what it had", () => {
  expect(read("compose.yaml")).toMatch(
    /redis-server .*--maxmemory \d+mb --maxmemory-policy noeviction --appendonly yes/,
  );
});

test.each(["nginx.conf", "haproxy.cfg"])(
  "%s waits for longer than a stream is silent, and closes before the gateway",
  (name) => {
    const text = read(name);
    expect(seconds(text, /(?:proxy_read_timeout|timeout server) (\d+)s/)).toBeGreaterThan(HEARTBEAT_MS / 1000);
    expect(seconds(text, /(?:keepalive_timeout|timeout http-keep-alive) (\d+)s/)).toBeLessThan(
      defaultTimeouts.keepAliveMs / 1000,
    );
  },
);

test.skipIf(!existsSync("/usr/sbin/haproxy"))("HAProxy takes its example", () => {
  const folder = mkdtempSync(join(tmpdir(), "podpora-haproxy-"));
  try {
    const [path, certificate] = [join(folder, "haproxy.cfg"), join(folder, "podpora.pem")];
    const made = spawnSync("openssl", [
      "req",
      "-x509",
      "-nodes",
      "-newkey",
      "rsa:2048",
      "-subj",
      "/CN=help.example.org",
      "-keyout",
      `${certificate}.key`,
      "-out",
      certificate,
    ]);
    expect(made.status).toBe(0);
    writeFileSync(path, read("haproxy.cfg").replace("/etc/ssl/podpora/podpora.pem", certificate));
    const { status, stderr } = spawnSync("/usr/sbin/haproxy", ["-c", "-f", path], { encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.skipIf(!existsSync("/usr/bin/systemd-analyze"))("systemd takes the unit", () => {
  const folder = mkdtempSync(join(tmpdir(), "podpora-unit-"));
  try {
    const path = join(folder, "podpora.service");
    // Node may be elsewhere on this machine.
    writeFileSync(path, read("podpora.service").replace("/usr/bin/node ", "/bin/true "));
    const { stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", path], { encoding: "utf8" });
    // It reads the machine's other units too.
    expect(stderr.split("\n").filter((line) => line.includes("podpora"))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
