import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { rememberVerified } from "../../src/gateway/verified-tokens.ts";
import type { Caller } from "../../src/gateway/tokens.ts";
import { ana } from "../adapters/members.ts";
import { serve, siteToken } from "./server.ts";

const callerOf = (id: string): Caller => ({
  member: { id },
  sessionId: id,
  expiresAt: Number.MAX_VALUE,
  source: "site",
});

describe("a verified token", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
  afterEach(() => void vi.useRealTimers());

  test("is verified once a minute, however often it is sent", async () => {
    const verify = vi.fn<(token: string) => Promise<Caller>>(async (token) => callerOf(token));
    const verified = rememberVerified(verify);
    for (const token of ["a", "b", "a", "a"]) expect((await verified(token)).member.id).toBe(token);
    expect(verify).toHaveBeenCalledTimes(2);
    vi.setSystemTime(Date.now() + 61_000);
    await verified("a");
    expect(verify).toHaveBeenCalledTimes(3);
  });

  test("is dropped for others when there are too many", async () => {
    const verify = vi.fn<(token: string) => Promise<Caller>>(async (token) => callerOf(token));
    const verified = rememberVerified(verify);
    for (let number = 0; number <= 5_000; number += 1) await verified(`${number}`);
    await verified("5000");
    expect(verify).toHaveBeenCalledTimes(5_001);
    await verified("0");
    expect(verify).toHaveBeenCalledTimes(5_002);
  });

  test("is refused once it has expired", async () => {
    const running = await serve();
    onTestFinished(running.stop);
    const headers = { Authorization: `Bearer ${await siteToken(ana, "10s")}` };
    const ask = async () => (await running.gateway.fetch(new Request(`${running.url}/tickets`, { headers }))).status;
    expect(await ask()).toBe(200);
    // The site's clock may be half a minute wrong.
    vi.setSystemTime(Date.now() + 45_000);
    expect(await ask()).toBe(401);
  });

  test("is refused once its member has signed out", async () => {
    const running = await serve();
    onTestFinished(running.stop);
    const headers = { Authorization: `Bearer ${await siteToken(ana)}` };
    const ask = async (path: string, method = "GET") =>
      (await running.gateway.fetch(new Request(`${running.url}${path}`, { method, headers }))).status;
    expect([await ask("/tickets"), await ask("/session/sign-out", "POST"), await ask("/tickets")]).toEqual([
      200, 204, 401,
    ]);
  });
});

test("an invalid token is verified each time", async () => {
  const verify = vi.fn<(token: string) => Promise<Caller>>(async () => await Promise.reject(new Error("not good")));
  const verified = rememberVerified(verify);
  for (let time = 0; time < 3; time += 1) await verified("a").catch(() => undefined);
  expect(verify).toHaveBeenCalledTimes(3);
});
