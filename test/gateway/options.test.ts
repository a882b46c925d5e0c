import { describe, expect, test } from "vitest";
import { memory } from "../../src/adapters/memory/index.ts";
import { createGateway, type GatewayOptions } from "../../src/gateway/index.ts";
import { secret } from "./server.ts";

const good: GatewayOptions = {
  adapter: { name: "least", tickets: { create: () => Promise.reject(new Error("never")) } },
  secret,
};

describe("a mistake in the options is told at the start, by the option's name", () => {
  test.each<[string, Partial<GatewayOptions>]>([
    ["secret", { secret: "short" }],
    ["adapter", { adapter: { name: "nothing" } }],
    ["basePath", { basePath: "podpora" }],
    ["basePath", { basePath: "/podpora/" }],
    ["publicOrigin", { publicOrigin: "https://help.example.org/podpora" }],
    ["origins", { origins: ["https://www.example.org/"] }],
    ["origins", { origins: ["*"] }],
    ["identity.secret", { identity: { secret: "short", audience: "a" } }],
    ["identity.audience", { identity: { secret, audience: "" } }],
    ["identity.jwksUrl", { identity: { jwksUrl: "/keys", audience: "a" } }],
    ["access.tickets", { access: { ranks: ["Bronze"], tickets: { from: "Silver" } } }],
    ["access.chat", { access: { chat: { from: "Silver" } } }],
    ["limits.writes", { limits: { writes: { capacity: 0, refillMs: 1 } } }],
    ["uploads.directory", { adapter: memory() }],
  ])("%s", (option, options) => {
    expect(() => createGateway({ ...good, ...options })).toThrow(`createGateway: the option "${option}"`);
  });
});

test("disposing twice disposes of the adapter once", async () => {
  let disposed = 0;
  const gateway = createGateway({ ...good, adapter: { ...good.adapter, dispose: () => void (disposed += 1) } });
  await gateway.dispose();
  await gateway.dispose();
  expect(disposed).toBe(1);
});
