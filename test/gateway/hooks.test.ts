import { createHmac } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { memory } from "../../src/adapters/memory/index.ts";
import type { HookApi } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { memoryStore, type SharedStore } from "../../src/gateway/index.ts";
import { send } from "./calls.ts";
import { serve, type Running } from "./server.ts";

const running: Running[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop();
});

const sign = (body: string) => createHmac("sha256", "the desk's own secret").update(body).digest("hex");

/** A desk that names tickets, and signs its web hooks. */
async function copy(store: SharedStore = memoryStore()) {
  const heard: string[] = [];
  const hook: HookApi = {
    async accept(headers, body) {
      if (headers.get("X-Signature") !== sign(body)) throw new AdapterError("forbidden", "not signed");
      if (body !== "" && !/^\d+$/.test(body)) throw new AdapterError("invalid", "names no ticket");
      return body === "" ? undefined : `ticket ${body}`;
    },
    heard: (text) => void heard.push(text),
  };
  const server = await serve({ store, basePath: "/podpora" }, { ...memory(), hooks: { desk: hook } });
  running.push(server);
  const tell = async (body: string, signature = sign(body), path = "/hooks/desk") =>
    await send(server, path, { method: "POST", body, headers: { "X-Signature": signature } });
  return { server, heard, tell };
}

test("a web hook is passed on at this copy once, and answered without a body", async () => {
  const { heard, tell } = await copy();
  const answer = await tell("7");
  expect([answer.status, await answer.text()]).toEqual([204, ""]);
  expect(heard).toEqual(["ticket 7"]);
});

test("a web hook at one copy reaches every copy, each once", async () => {
  const store = memoryStore();
  const [one, two] = [await copy(store), await copy(store)];
  await one.tell("7");
  await two.tell("8");
  await expect
    .poll(() => [one.heard, two.heard])
    .toEqual([
      ["ticket 7", "ticket 8"],
      ["ticket 7", "ticket 8"],
    ]);
});

test("an empty web hook is passed to nobody", async () => {
  const { heard, tell } = await copy();
  expect((await tell("")).status).toBe(204);
  expect(heard).toEqual([]);
});

test("without the right signature it is 403, and nothing is passed on", async () => {
  const { server, heard, tell } = await copy();
  for (const wrong of ["", sign("8"), "0".repeat(64)]) {
    const answer = await tell("7", wrong);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: "forbidden" });
  }
  expect((await send(server, "/hooks/desk", { method: "POST", body: "7" })).status).toBe(403);
  expect(heard).toEqual([]);
});

test("an unreadable body is 422, and nothing is passed on", async () => {
  const { heard, tell } = await copy();
  const answer = await tell("seven");
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({ code: "invalid" });
  expect(heard).toEqual([]);
});

test("over 256 KiB is 413, signed or not, with a length and without, and nothing is passed on", async () => {
  const { server, heard, tell } = await copy();
  const body = "7".repeat(256 * 1024 + 1);
  expect((await tell(body)).status).toBe(413);
  expect((await tell(body, "")).status).toBe(413);
  const streamed = await fetch(`${server.url}/hooks/desk`, {
    method: "POST",
    headers: { "X-Signature": sign(body) },
    body: new Blob([body]).stream(),
    duplex: "half",
  } as RequestInit);
  expect(streamed.status).toBe(413);
  expect(heard).toEqual([]);
  expect((await tell("7".repeat(256 * 1024))).status).toBe(204);
});

test.each(["/hooks/other", "/hooks/", "/hooks", "/hooks/desk/7", "/hooks/constructor"])(
  "POST %s is 404, and nothing is told",
  async (path) => {
    const { heard, tell } = await copy();
    expect((await tell("7", sign("7"), path)).status).toBe(404);
    expect(heard).toEqual([]);
  },
);

test("reading it is 405", async () => {
  const { server } = await copy();
  expect((await send(server, "/hooks/desk")).status).toBe(405);
});

test("a disposed copy receives no more, and the others continue", async () => {
  const store = memoryStore();
  const [one, two] = [await copy(store), await copy(store)];
  await two.server.gateway.dispose();
  await one.tell("7");
  expect(one.heard).toEqual(["ticket 7"]);
  expect(two.heard).toEqual([]);
});

test("an unreachable store is 503, so that the desk may retry", async () => {
  const store: SharedStore = {
    ...memoryStore(),
    publish: async () => await Promise.reject(new AdapterError("unavailable", "Redis cannot be reached")),
  };
  const { heard, tell } = await copy(store);
  expect((await tell("7")).status).toBe(503);
  expect(heard).toEqual([]);
});
