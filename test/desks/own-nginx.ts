import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { vi } from "vitest";

/** An nginx of one test's own, with the proxying of deploy/nginx.conf, without TLS. */
export interface OwnNginx {
  /** Ends it at once, and starts it again. */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

export interface NginxSite {
  /** Where it listens. */
  readonly port: number;
  readonly copies: readonly number[];
}

const run = promisify(execFile);

export async function ownNginx(sites: readonly NginxSite[]): Promise<OwnNginx> {
  const folder = await mkdtemp(join(tmpdir(), "podpora-nginx-"));
  const example = await readFile(new URL("../../deploy/nginx.conf", import.meta.url), "utf8");
  const location = partOf(example, "    location /podpora/ {", "\n    }\n");
  const upstream = partOf(example, "upstream podpora {", "\n}\n");
  const servers = sites.map(({ copies, port }, index) =>
    [
      upstream
        .replace("podpora", `site${index}`)
        .replaceAll(/gateway-([ab]):8080/g, (_, copy: string) => `127.0.0.1:${copies[copy === "a" ? 0 : 1]}`),
      `server { listen 127.0.0.1:${port};`,
      location.replace("http://podpora", `http://site${index}`),
      "}",
    ].join("\n"),
  );
  const temporary = ["body", "proxy"].map((name, index) => {
    const option = index === 0 ? "client_body_temp_path" : "proxy_temp_path";
    return `${option} ${join(folder, name)};`;
  });
  const file = join(folder, "nginx.conf");
  await writeFile(
    file,
    `pid ${join(folder, "nginx.pid")};
error_log ${join(folder, "nginx.log")};
daemon off;
worker_processes 2;
events { worker_connections 4096; }
http {
  access_log off;
  ${temporary.join("\n  ")}
  ${servers.join("\n")}
}`,
  );

  let [end, ended]: [() => void, Promise<unknown>] = [() => undefined, Promise.resolve()];
  async function start(): Promise<void> {
    const child = spawn("nginx", ["-c", file, "-e", join(folder, "nginx.log")], { stdio: "ignore" });
    ended = new Promise((resolve) => child.once("close", resolve));
    end = () => void child.kill("SIGTERM");
    await vi.waitFor(async () => await Promise.all(sites.map(async ({ port }) => await reach(port))), 10_000);
  }
  async function stop(): Promise<void> {
    end();
    await ended;
  }
  await run("nginx", ["-t", "-q", "-c", file, "-e", join(folder, "nginx.log")]);
  await start();
  return {
    async restart() {
      await stop();
      await start();
    },
    async remove() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function partOf(text: string, start: string, end: string): string {
  const from = text.indexOf(start);
  const to = text.indexOf(end, from);
  if (from === -1 || to === -1) throw new Error(`deploy/nginx.conf has no part "${start.trim()}"`);
  return text.slice(from, to + end.length);
}

async function reach(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", reject);
  });
}
