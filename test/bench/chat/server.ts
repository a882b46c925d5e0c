/** Gateway and demo desk in a process of their own, as demo/server.ts puts them together, with limits out of the way. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { createAgentApi } from "../../../demo/desk/agent-api.ts";
import { openDesk } from "../../../demo/desk/desk.ts";
import { seed } from "../../../demo/desk/seed.ts";
import { createGateway } from "../../../src/gateway/index.ts";
import { answerCalls } from "./remote.ts";

/** Of a conversation that an agent has taken. */
export interface Opened {
  readonly id: string;
  readonly memberId: string;
}

/** Bytes. */
export interface Memory {
  readonly rss: number;
  readonly heap: number;
}

const directory = await mkdtemp(join(tmpdir(), "podpora-bench-"));
await seed({ directory });
const desk = await openDesk({ directory });
const agent = { id: "nina", name: "Nina", languages: ["en"] };
const siteSecret = randomBytes(32).toString("base64url");
const plenty = { capacity: 1_000_000, refillMs: 1 };
const gateway = createGateway({
  adapter: desk.adapter,
  basePath: "/podpora",
  secret: randomBytes(32).toString("base64url"),
  identity: { secret: siteSecret, audience: "podpora" },
  uploads: { directory: join(directory, "uploads") },
  store: desk.keyStore,
  limits: { guests: plenty, writes: plenty },
});

const app = new Hono();
app.all("/podpora/*", (c) => gateway.fetch(c.req.raw, c.env));
app.route("/agent/api", createAgentApi(desk.agents));
const server = createAdaptorServer({ fetch: app.fetch });
const streams = new Set<Socket>();
server.on("request", ({ socket, url }: IncomingMessage) => {
  if (!url?.startsWith("/podpora/") || !url.includes("/events") || streams.has(socket)) return;
  streams.add(socket);
  socket.once("close", () => streams.delete(socket));
});
server.listen(0, "127.0.0.1", 4096);
await once(server, "listening");
const address = server.address();

async function openOne(number: number): Promise<Opened> {
  const member = { id: `member-${number}`, name: `Member ${number}`, email: `member-${number}@example.org` };
  const ctx = { signal: new AbortController().signal, locale: "en", member };
  const request = { clientId: crypto.randomUUID(), name: member.name, email: member.email, question: "Where is it?" };
  const { id } = await desk.adapter.chat.open(request, ctx);
  desk.agents.chat.take(agent, id);
  return { id, memberId: member.id };
}

const calls = {
  start: () => ({
    origin: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    siteSecret,
    agent: { username: "nina", password: "nina-demo" },
  }),
  /** So many conversations more, each of a member of its own, and all taken. By the desk itself: this is not measured. */
  async open({ first, count }: { readonly first: number; readonly count: number }): Promise<readonly Opened[]> {
    const opened: Opened[] = [];
    for (let number = first; number < first + count; number += 1) opened.push(await openOne(number));
    return opened;
  },
  async memory(): Promise<Memory> {
    for (let times = 0; times < 3; times += 1) {
      globalThis.gc?.();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const { heapUsed, rss } = process.memoryUsage();
    return { rss, heap: heapUsed };
  },
  /** Of one core, in ms since the process began. */
  cpuMs(): number {
    const { system, user } = process.cpuUsage();
    return (system + user) / 1000;
  },
  streams: () => streams.size,
  /** As a network that is gone: no last word to the client. */
  cut(count: number): void {
    for (const socket of [...streams].slice(0, count)) socket.resetAndDestroy();
  },
};

export type ServerCalls = typeof calls;

answerCalls(calls, async () => {
  if ("closeAllConnections" in server) server.closeAllConnections();
  server.close();
  await gateway.dispose();
  desk.close();
  await rm(directory, { recursive: true, force: true });
});
