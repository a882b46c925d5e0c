import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request as plainRequest } from "node:http";
import { Agent, request, type RequestOptions } from "node:https";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { freePorts } from "../support/free-ports.ts";
import { imports, podpora, SECRET, stopAll, type Podpora } from "../server/process.ts";
import { installed } from "./installed.ts";
import { ownRedis, type OwnRedis } from "./own-redis.ts";

const desks = inject("desks");
const isThere = desks.includes("nginx") && desks.includes("redis");
const nginx = installed("nginx") ?? {};
const origin = "https://help.example.org";

/** Two copies of one desk, each saying which one answered. */
const config = (port: string, redisPort: number, directory: string) => `${imports}
const many = { capacity: 100_000, refillMs: 1 };
export default defineConfig({
  adapter: memory({ limits: { maxBytes: 26 * 1024 * 1024 } }),
  secret: "${SECRET}",
  basePath: "/podpora",
  publicOrigin: "${origin}",
  proxies: 1,
  redis: "redis://127.0.0.1:${redisPort}",
  uploads: { directory: ${JSON.stringify(directory)} },
  assets: Object.assign(async (name) => name === "podpora.js" ? { body: new TextEncoder().encode("/* widget */".repeat(200)), type: "text/javascript" } : undefined, { version: "0123456789abcdef" }),
  port: ${port},
  management: { port: 0 },
  limits: { guests: { capacity: 2, refillMs: 600_000 }, reads: many, requests: many },
  drain: { leadMs: 200, forMs: 5000 },
});`;

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const agent = new Agent({
  ca: isThere ? readFileSync(nginx["CERTIFICATE"] ?? "") : undefined,
  servername: "help.example.org",
  keepAlive: true,
});

async function open(path: string, options: RequestOptions = {}, body?: Buffer | string): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    const place = { host: "127.0.0.1", port: nginx["PORT"], path: `/podpora${path}`, agent };
    const headers = { Host: "help.example.org", ...(options.headers as Record<string, string> | undefined) };
    const call = request({ ...place, ...options, headers }, resolve);
    call.once("error", reject).end(body);
  });
}

async function ask(path: string, options: RequestOptions = {}, body?: Buffer | string): Promise<Answer> {
  const answer = await open(path, options, body);
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(Buffer.from(chunk as Uint8Array));
  return { status: answer.statusCode, headers: answer.headers, text: Buffer.concat(chunks).toString() };
}

let copies: readonly Podpora[] = [];
let redis: OwnRedis | undefined;
let token = "";
let state = "";

describe.skipIf(!isThere)("two copies behind nginx, with the example in deploy", () => {
  beforeAll(async () => {
    const [port = 0] = await freePorts(1);
    redis = await ownRedis(port);
    state = await mkdtemp(join(tmpdir(), "podpora-nginx-"));
    copies = await Promise.all(
      [nginx["ONE"] ?? "", nginx["TWO"] ?? ""].map(async (own) => await podpora(["serve"], config(own, port, state))),
    );
    await vi.waitFor(
      () => {
        if (!copies.every((copy) => copy.out().includes('"msg":"started"')))
          throw new Error("a copy is still starting");
      },
      { timeout: 20_000 },
    );
    const guest = await ask("/session/guest", { method: "POST" });
    ({ token } = JSON.parse(guest.text) as { token: string });
  });
  afterAll(async () => {
    agent.destroy();
    await stopAll();
    await redis?.remove();
    await rm(state, { recursive: true, force: true });
  });
  const bearer = () => ({ Authorization: `Bearer ${token}` });

  test("both answer under the base path, only over TLS", async () => {
    for (let count = 0; count < 20; count += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as nginx hands them round
      expect((await ask("/session", { headers: bearer() })).status).toBe(200);
    }
    for (const copy of copies) await expect.poll(() => copy.out()).toContain('"route":"/session","status":200');
    const plain = await new Promise<IncomingMessage>((resolve, reject) => {
      const place = { host: "127.0.0.1", port: nginx["PLAIN"], path: "/podpora/session" };
      plainRequest({ ...place, headers: { Host: "help.example.org" } }, resolve)
        .once("error", reject)
        .end();
    });
    expect([plain.statusCode, plain.headers["location"]]).toEqual([308, `${origin}/podpora/session`]);
    plain.resume();
  });

  test("the chat page's address is the public one", async () => {
    const headers = { ...bearer(), "Content-Type": "application/json" };
    const { text } = await ask("/session/chat-code", { method: "POST", headers }, "{}");
    expect(text).toContain(`${origin}/podpora/chat#code=`);
  });

  test("an event arrives while the stream is open: nginx does not buffer it", async () => {
    const streams = await Promise.all([1, 2].map(async () => await open("/tickets/events", { headers: bearer() })));
    const heard = streams.map((stream) => {
      const said = { text: "" };
      stream.on("data", (chunk: Buffer) => (said.text += chunk.toString()));
      return said;
    });
    for (const stream of streams) expect(stream.headers["content-type"]).toContain("text/event-stream");
    for (const each of heard) await expect.poll(() => each.text, { timeout: 5000 }).toContain("retry:");
    for (let count = 0; count < 2; count += 1) {
      const clientId = crypto.randomUUID();
      const headers = { ...bearer(), "Content-Type": "application/json", "Idempotency-Key": clientId };
      const body = JSON.stringify({ clientId, title: "Through nginx", text: "Text" });
      // oxlint-disable-next-line no-await-in-loop -- once at each copy
      expect((await ask("/tickets", { method: "POST", headers }, body)).status).toBe(201);
    }
    // Each desk is its own process's: an event is heard at the copy where it happened.
    await expect.poll(() => heard.some(({ text }) => text.includes("event: ")), { timeout: 5000 }).toBe(true);
    for (const stream of streams) stream.destroy();
  });

  test("a file over nginx's default limit is uploaded in one request", async () => {
    const bytes = Buffer.alloc(8 * 1024 * 1024, "a");
    const tus = { ...bearer(), "Tus-Resumable": "1.0.0" };
    const metadata = `filename ${Buffer.from("a.txt").toString("base64")},filetype ${Buffer.from("text/plain").toString("base64")}`;
    const made = await ask("/uploads", {
      method: "POST",
      headers: { ...tus, "Upload-Length": String(bytes.length), "Upload-Metadata": metadata },
    });
    expect(made.status).toBe(201);
    const path = (made.headers["location"] ?? "").replace(/^.*\/podpora/, "");
    const sent = await ask(
      path,
      { method: "PATCH", headers: { ...tus, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0" } },
      bytes,
    );
    expect([sent.status, sent.headers["upload-offset"]]).toEqual([204, String(bytes.length)]);
  });

  test("the widget's files are compressed, and answered with 304 if the browser has them", async () => {
    const first = await ask("/podpora.js", { headers: { "Accept-Encoding": "gzip" } });
    const { etag = "" } = first.headers;
    const again = await ask("/podpora.js", { headers: { "Accept-Encoding": "gzip", "If-None-Match": etag } });
    expect([first.status, again.status, again.text]).toEqual([200, 304, ""]);
    const weak = await ask("/podpora.js", { headers: { "Accept-Encoding": "gzip", "If-None-Match": `W/${etag}` } });
    expect(weak.status).toBe(304);
  });

  test("an address that a client claims in a header is ignored", async () => {
    const from = async (address: string) =>
      (await ask("/session/guest", { method: "POST", headers: { "X-Forwarded-For": address } })).status;
    const all = [await from("10.0.0.1"), await from("10.0.0.2"), await from("10.0.0.3")];
    expect(all.at(-1)).toBe(429);
  });

  test("no request fails while a copy shuts down", async () => {
    const [leaving] = copies;
    const seen: (number | undefined)[] = [];
    leaving?.child.kill("SIGTERM");
    const left = leaving?.ended.then(() => performance.now() + 500);
    let until = Infinity;
    void left?.then((at) => (until = at));
    while (performance.now() < until) {
      // oxlint-disable-next-line no-await-in-loop -- as one client does
      seen.push((await ask("/session", { headers: bearer() })).status);
    }
    expect(await leaving?.ended).toBe(0);
    expect(seen.length).toBeGreaterThan(10);
    expect(seen.filter((status) => status !== 200)).toEqual([]);
  });
});
