import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { listenOn } from "../../src/server/listener.ts";
import { stopAll } from "./process.ts";
import { started } from "./started.ts";

afterEach(stopAll);

/** A desk that takes this long to create a ticket. */
const slowDesk = (ms: number) => `((desk) => ({ ...desk, tickets: { ...desk.tickets, create: async (...given) => {
  await new Promise((resolve) => setTimeout(resolve, ${ms}));
  return await desk.tickets.create(...given);
} } }))(memory())`;

describe("a copy that is being stopped", () => {
  test("is unready but still answers until the load balancer has noticed", async () => {
    const { call, manage, process } = await started("drain: { leadMs: 3000, forMs: 3000 },");
    process.child.kill("SIGTERM");
    await expect.poll(async () => (await manage("/readyz")).status).toBe(503);
    expect(await (await manage("/readyz")).json()).toMatchObject({
      status: "not ready",
      parts: { listener: "closing", store: "alone" },
    });
    expect((await manage("/livez")).status).toBe(200);
    expect((await call("/session")).status).toBe(200);
    expect((await call("/tickets", { title: "One", text: "Text" })).status).toBe(201);
    expect(await process.ended).toBe(0);
    expect(process.out()).toContain('"msg":"stopped"');
  });

  test("finishes a slow write that had started, and closes the connection after it", async () => {
    const { call, process } = await started("drain: { leadMs: 50, forMs: 20_000 },", slowDesk(1500));
    const written = call("/tickets", { title: "Slow", text: "Text" });
    await new Promise((resolve) => setTimeout(resolve, 200));
    process.child.kill("SIGTERM");
    const answer = await written;
    expect([answer.status, answer.headers.get("Connection")]).toEqual([201, "close"]);
    expect(await process.ended).toBe(0);
  });

  test("does not wait for a write longer than configured", async () => {
    const { call, process } = await started("drain: { leadMs: 0, forMs: 300 },", slowDesk(20_000));
    const written = call("/tickets", { title: "Slow", text: "Text" }).then(
      ({ status }) => status,
      () => "cut",
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    process.child.kill("SIGTERM");
    expect(await written).toBe("cut");
    expect(await process.ended).toBe(0);
    expect(process.out()).toContain("connections cut");
  });

  test("asks event streams to move, one by one, and only after the load balancer has noticed", async () => {
    const { call, process } = await started("drain: { leadMs: 1000, forMs: 10_000 },");
    const at = performance.now();
    const streams = await Promise.all(Array.from({ length: 20 }, async () => await call("/tickets/events")));
    process.child.kill("SIGTERM");
    const ended = await Promise.all(
      streams.map(async ({ body }) => ({ text: await new Response(body).text(), ms: performance.now() - at })),
    );
    for (const { ms, text } of ended) {
      expect(text).toMatch(/event: moving\ndata: \{"type":"moving"\}\n\n$/);
      expect(text).not.toContain("problem");
      expect(ms).toBeGreaterThan(1000);
    }
    const times = ended.map(({ ms }) => ms);
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(250);
    expect(await process.ended).toBe(0);
    expect(performance.now() - at).toBeLessThan(20_000);
  });

  test("exits immediately on a second signal", async () => {
    const { process } = await started("drain: { leadMs: 600_000 },");
    process.child.kill("SIGTERM");
    await expect.poll(() => process.out()).toContain('"msg":"stopping"');
    process.child.kill("SIGTERM");
    expect(await process.ended).toBe(0);
  });
});

describe("an uncaught error", () => {
  test.each([
    ["thrown", 'setTimeout(() => { throw new Error("skrivnost\\n    at skrivnost"); }, 10)'],
    ["a promise's", 'void Promise.reject(Object.assign(new Error("skrivnost"), { code: "skrivnost" }))'],
    ["of no kind", 'void Promise.reject("skrivnost")'],
  ])("(%s) is logged without its message; the copy stops gracefully and exits with 1", async (_kind, fault) => {
    const desk = `((desk) => ({ ...desk, tickets: { ...desk.tickets, create: async (...given) => {
      ${fault};
      await new Promise((resolve) => setTimeout(resolve, 300));
      return await desk.tickets.create(...given);
    } } }))(memory())`;
    const { call, lines, process } = await started("drain: { leadMs: 100, forMs: 5000 },", desk);
    expect((await call("/tickets", { title: "One", text: "Text" })).status).toBe(201);
    expect(await process.ended).toBe(1);
    expect(lines().find(({ msg }) => msg === "uncaught")).toMatchObject({ level: "fatal" });
    expect([lines().some(({ msg }) => msg === "stopped"), process.err()]).toEqual([true, ""]);
    expect(process.out() + process.err()).not.toContain("skrivnost");
  });
});

describe("a connection", () => {
  test("stays open longer than common proxies keep one", async () => {
    const { call } = await started();
    expect((await call("/session")).headers.get("Keep-Alive")).toBe("timeout=75");
  });

  test("is cut if its reader has stopped reading", async () => {
    const large = async () => new Response(new Uint8Array(64 * 1024 * 1024));
    const listener = await listenOn(large, { host: "127.0.0.1", port: 0, timeouts: { idleMs: 500 } });
    const { hostname, port } = new URL(listener.origin);
    const socket = connect(Number(port), hostname);
    socket.write("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    await new Promise((resolve) => socket.once("readable", resolve));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    let bytes = 0;
    socket.on("data", (chunk: Buffer) => (bytes += chunk.length)).resume();
    socket.on("error", () => undefined);
    await new Promise((resolve) => socket.once("close", resolve));
    expect(bytes).toBeLessThan(64 * 1024 * 1024);
    listener.cut();
    await listener.close();
  });

  test("is kept if its event stream is read slowly", async () => {
    const { call } = await started("timeouts: { idleMs: 20_000 },");
    const { body } = await call("/tickets/events");
    const reader = body?.getReader();
    await reader?.read();
    await call("/tickets", { title: "One", text: "Text" });
    const { value } = (await reader?.read()) ?? {};
    expect(new TextDecoder().decode(value)).toContain("event: ");
    await reader?.cancel();
  });
});
