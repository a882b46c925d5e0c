import { afterEach, describe, expect, inject, test } from "vitest";
import { freePorts } from "../support/free-ports.ts";
import { stopAll } from "../server/process.ts";
import { started } from "../server/started.ts";
import { ownRedis } from "./own-redis.ts";
import { openTcpProxy } from "./tcp-proxy.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  await stopAll();
  // oxlint-disable-next-line no-await-in-loop -- in the order of their making, the last first
  for (const close of closing.splice(0).toReversed()) await close();
});

async function served(over = "") {
  const [port = 0] = await freePorts(1);
  const redis = await ownRedis(port);
  closing.push(redis.remove);
  const proxy = await openTcpProxy(port);
  closing.push(proxy.close);
  const script =
    "assets: async (name) => name === 'podpora.js' ? { body: new Uint8Array(9), type: 'text/javascript' } : undefined";
  const podpora = await started(`redis: "redis://127.0.0.1:${proxy.port}", ${script}, ${over}`);
  const store = async () => {
    const answer = await podpora.manage("/readyz");
    const { parts } = (await answer.json()) as { parts: { store: string } };
    return [answer.status, parts.store];
  };
  return { ...podpora, redis, proxy, store };
}

describe.skipIf(!inject("desks").includes("redis"))("podpora serve, while Redis does not respond", () => {
  test("answers requests that need no store, refuses others within a second or so, and recovers", async () => {
    const { call, lines, manage, origin, proxy, store } = await served();
    expect(await store()).toEqual([200, "reached"]);
    proxy.set("silent");
    const at = performance.now();
    const refused = await call("/tickets");
    expect([refused.status, refused.headers.get("Retry-After")]).toEqual([503, "2"]);
    expect(performance.now() - at).toBeLessThan(10_000);
    for (const path of ["/podpora.js", "/chat", "/session", "/chat/availability", "/openapi.json"]) {
      // oxlint-disable-next-line no-await-in-loop -- a handful
      expect([path, (await fetch(`${origin}${path}`)).status]).toEqual([path, 200]);
    }
    expect((await manage("/livez")).status).toBe(200);
    expect(await store()).toEqual([503, "silent"]);
    // As the store's, and once: not for each request that fails by it.
    for (let count = 0; count < 5; count += 1) await call("/tickets");
    const told = lines().filter(({ what }) => what === "store");
    expect(told.filter(({ fault }) => fault === "silent")).toHaveLength(1);
    expect(lines().filter(({ what }) => what === "desk")).toEqual([]);
    proxy.set(undefined);
    await expect.poll(store, { timeout: 20_000 }).toEqual([200, "reached"]);
    expect((await call("/tickets")).status).toBe(200);
    expect(lines().at(-1)).toBeDefined();
    expect(lines().some(({ msg }) => msg === "store back")).toBe(true);
    expect(await (await manage("/metrics")).text()).toContain('podpora_store_calls_total{call="get",outcome="silent"}');
  });

  test("logs that Redis is back, also without requests", async () => {
    const { lines, manage, proxy } = await served();
    proxy.cut();
    await expect.poll(() => lines().some(({ msg }) => msg === "store back")).toBe(true);
    expect(await (await manage("/metrics")).text()).toContain("podpora_store_up 1");
  });

  test("stays ready if the config says so", async () => {
    const { manage, redis } = await served("management: { port: MANAGEMENT, readyWithoutStore: true },");
    await redis.stop();
    await expect
      .poll(async () => await (await manage("/readyz")).json())
      .toMatchObject({ status: "ready", parts: { store: "unreachable" } });
    expect((await manage("/readyz")).status).toBe(200);
    await redis.start();
  });

  test("with a full Redis, logs that and refuses writes", async () => {
    const { call, redis, store } = await served();
    await redis.command("config", "set", "maxmemory-policy", "noeviction");
    await redis.command("config", "set", "maxmemory", "1mb");
    await expect.poll(store).toEqual([503, "full"]);
    expect((await call("/tickets")).status).toBe(200);
    expect((await call("/tickets", { title: "One", text: "Text" })).status).toBe(503);
    await redis.command("config", "set", "maxmemory", "0");
    await expect.poll(store).toEqual([200, "reached"]);
    expect((await call("/tickets", { title: "One", text: "Text" })).status).toBe(201);
  });
});
