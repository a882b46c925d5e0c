/** A server in its own process: a gateway with a desk, or a bare server with the same answers. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { openDesk } from "../../../demo/desk/desk.ts";
import type { Adapter } from "../../../src/core/contract/adapter.ts";
import { redmine } from "../../../src/adapters/redmine/index.ts";
import { requestTracker } from "../../../src/adapters/request-tracker/index.ts";
import { createGateway, redisStore } from "../../../src/gateway/index.ts";
import { redmineDesk } from "../../desks/redmine-desk.ts";
import { tokenOf as tokenAtDesk, url as deskUrl } from "../../desks/request-tracker-desk.ts";
import { unlimited } from "../../support/unlimited.ts";
import { answerCalls } from "../chat/remote.ts";
import { instantAdapter } from "./instant-adapter.ts";

/** An answer of the bare server. */
export interface Answer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The desks behind a gateway. The last two must be running: `npm run test:desks` starts them. */
export type DeskKind = "instant" | "demo desk" | "Request Tracker" | "Redmine";

export type Kind =
  /** `redis`: the address of the store that copies share. */
  | { readonly kind: DeskKind; readonly redis?: string }
  | { readonly kind: "bare" | "hono"; readonly answers: readonly Answer[] };

export interface Started {
  readonly origin: string;
  readonly siteSecret: string;
}

const directory = await mkdtemp(join(tmpdir(), "podpora-bench-"));
const closers: (() => unknown)[] = [() => rm(directory, { recursive: true, force: true })];
const siteSecret = randomBytes(32).toString("base64url");

function bareServer(answers: readonly Answer[]): Server {
  const byPath = new Map(answers.map((answer) => [`${answer.method} ${answer.path}`, answer]));
  return createServer((request, response) => {
    const answer = byPath.get(`${request.method} ${request.url}`);
    // Reads the body, as a server that uses it must.
    request.resume().on("end", () => response.writeHead(answer?.status ?? 404, answer?.headers).end(answer?.body));
  });
}

/** The same answers with only the gateway's framework. */
function honoServer(answers: readonly Answer[]): Server {
  const app = new Hono();
  for (const { method, path, status, headers, body } of answers) {
    app.on(method, path.split("?", 1)[0] ?? path, async ({ req }) => {
      if (method === "POST") await req.text();
      return new Response(body, { status, headers });
    });
  }
  return createAdaptorServer({ fetch: app.fetch }) as Server;
}

async function gatewayServer(adapter: Adapter, redis: string | undefined): Promise<Server> {
  const store = redis === undefined ? undefined : redisStore({ url: redis });
  const gateway = createGateway({
    adapter,
    secret: randomBytes(32).toString("base64url"),
    identity: { secret: siteSecret, audience: "podpora" },
    access: { tickets: "members", chat: "members" },
    uploads: { directory: join(directory, "uploads") },
    limits: unlimited,
    ...(store && { store }),
  });
  closers.push(
    () => store?.close(),
    () => gateway.dispose(),
  );
  return createAdaptorServer({ fetch: gateway.fetch }) as Server;
}

async function demoDesk(): Promise<Adapter> {
  const desk = await openDesk({ directory });
  // Requests that are running when the load ends still write.
  closers.push(async () => {
    await pause(500);
    desk.close();
  });
  return desk.adapter;
}

async function serverOf(kind: Kind): Promise<Server> {
  if ("answers" in kind) return kind.kind === "bare" ? bareServer(kind.answers) : honoServer(kind.answers);
  return await gatewayServer(await adapterOf(kind.kind), kind.redis);
}

async function adapterOf(kind: DeskKind): Promise<Adapter> {
  if (kind === "instant") return instantAdapter();
  if (kind === "demo desk") return await demoDesk();
  if (kind === "Redmine") return redmine(redmineDesk().options);
  return requestTracker({ url: deskUrl, token: tokenAtDesk("gateway"), queue: "Support" });
}

const calls = {
  async start(kind: Kind): Promise<Started> {
    const server = await serverOf(kind);
    closers.push(() => server.closeAllConnections());
    server.listen(0, "127.0.0.1", 4096);
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    return { origin: `http://127.0.0.1:${port}`, siteSecret };
  },
  /** Bytes, after a collection. */
  async memory(_nothing: object): Promise<{ readonly rss: number; readonly heap: number }> {
    for (let times = 0; times < 3; times += 1) {
      globalThis.gc?.();
      // oxlint-disable-next-line no-await-in-loop -- one collection after the other
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const { heapUsed, rss } = process.memoryUsage();
    return { rss, heap: heapUsed };
  },
};

export type GatewayCalls = typeof calls;

answerCalls(calls, async () => {
  for (const close of closers.toReversed()) await close();
});
