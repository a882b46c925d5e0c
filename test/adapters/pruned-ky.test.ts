import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import wholeKy, { type Options } from "ky";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kyFacts } from "../../scripts/facts-ky.ts";
import { pruned } from "../support/pruned.ts";

type Send = (address: string, options: Options) => Promise<Response>;

let smallKy: Send;
let address = "";
const heard: unknown[] = [];

async function answer(request: IncomingMessage, response: ServerResponse) {
  const { method, url, headers } = request;
  heard.push({ method, url, headers, body: await text(request) });
  if (url === "/silent") return;
  response.writeHead(Number(/\d+$/.exec(url ?? "")?.[0] ?? 200), { "X-Answer": "yes", "Retry-After": "1" });
  response.end(method === "HEAD" || url === "/204" ? undefined : "words č");
}
const server = createServer((request, response) => {
  void answer(request, response);
});

beforeAll(async () => {
  ({ default: smallKy } = await pruned<{ default: Send }>("ky", kyFacts));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const at = server.address();
  address = `http://127.0.0.1:${typeof at === "object" ? at?.port : 0}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** As src/adapters/rest/client.ts asks. */
const always = { retry: 0, timeout: false, throwHttpErrors: false, credentials: "omit", cache: "no-store" } as const;
const signal = () => new AbortController().signal;

async function outcomeOf(send: Send, path: string, options: Options) {
  heard.length = 0;
  const response = await send(address + path, { ...always, signal: signal(), ...options });
  const { status, ok, url, headers } = response;
  return { status, ok, url, answer: headers.get("X-Answer"), text: await response.text(), heard: [...heard] };
}

const bytes = new TextEncoder().encode("bytes č").buffer;
const headers = { "Accept-Language": "sl", Authorization: "Bearer t", "Content-Type": "application/json" };

describe("the ky of the script", () => {
  test.each<[string, Options]>([
    ["/200", { method: "GET" }],
    ["/200", { method: "GET", headers }],
    ["/201", { method: "POST", headers, body: '{"a":"č"}' }],
    ["/204", { method: "PUT", headers, body: "{}" }],
    [
      "/200",
      { method: "PATCH", headers: { ...headers, "Content-Type": "application/offset+octet-stream" }, body: bytes },
    ],
    ["/200", { method: "HEAD" }],
    ["/204", { method: "POST" }],
    ["/404", { method: "GET" }],
    ["/429", { method: "GET" }],
    ["/503", { method: "POST", headers, body: "{}" }],
  ])("sends and answers as the whole one: %s %o", async (path, options) => {
    const small = await outcomeOf(smallKy, path, options);
    expect(small).toEqual(await outcomeOf(wholeKy, path, options));
    expect(small.heard).toHaveLength(1);
  });

  test("rejects with the signal's reason, before the call and in the middle of it", async () => {
    const reason = new Error("closed");
    await expect(smallKy(address, { ...always, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const stop = new AbortController();
    const sent = smallKy(`${address}/silent`, { ...always, signal: stop.signal });
    heard.length = 0;
    await expect.poll(() => heard.length).toBe(1);
    stop.abort(reason);
    await expect(sent).rejects.toBe(reason);
  });

  test("rejects after one try when the server cannot be reached", async () => {
    const [small, whole] = await Promise.allSettled(
      [smallKy, wholeKy].map(async (send) => await send("http://127.0.0.1:1/", { ...always, signal: signal() })),
    );
    expect(small).toEqual(whole);
    expect(small?.status).toBe("rejected");
  });
});
