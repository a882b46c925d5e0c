import { createHmac } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { afterEach, describe, expect, inject, test } from "vitest";
import { requestTracker, type RequestTrackerOptions } from "../../src/adapters/request-tracker/index.ts";
import { connectRest } from "../../src/adapters/rest/index.ts";
import { redisStore } from "../../src/gateway/index.ts";
import { by, uuid } from "../../src/testing/case.ts";
import { watch } from "../../src/testing/watch.ts";
import { serve, siteToken, type Running } from "../gateway/server.ts";
import { installed } from "./installed.ts";
import { change, hookFile, hookSecret, newMember, reply, tokenOf, url } from "./request-tracker-desk.ts";

const hooked: RequestTrackerOptions = {
  url: url || "https://rt.example.org",
  token: tokenOf("gateway") || "1-29-9be4dd94",
  queue: "Support",
  hookSecret: hookSecret || "a secret of 32 bytes, or of more.",
  // So long that what comes sooner comes by the web hook.
  pollMs: 60_000,
};

test("a web hook without Request Tracker's signature, or without a ticket, is refused", async () => {
  const hook = requestTracker(hooked).hooks!["request-tracker"]!;
  const signed = (text: string, secret = hooked.hookSecret!) =>
    new Headers({ "X-Podpora-Signature": `sha256=${createHmac("sha256", secret).update(text).digest("hex")}` });
  const body = '{"ticket":7}';
  expect(await hook.accept(signed(body), body)).toBe(body);
  for (const headers of [
    new Headers(),
    signed(`${body} `),
    signed(body, "another"),
    new Headers({ "X-Podpora-Signature": "sha256=" }),
    new Headers({ "X-Podpora-Signature": createHmac("sha256", hooked.hookSecret!).update(body).digest("hex") }),
  ]) {
    await expect(hook.accept(headers, body)).rejects.toMatchObject({ code: "forbidden" });
  }
  for (const odd of ["", "null", "7", '{"ticket":"1 OR 1=1"}', '{"ticket":-1}', '{"ticket":1.5}', '{"ticket":1e999}']) {
    await expect(hook.accept(signed(odd), odd)).rejects.toMatchObject({ code: "invalid" });
  }
});

const both = ["request-tracker", "redis"] as const;
describe.skipIf(both.some((desk) => !inject("desks").includes(desk)))("Request Tracker's signed web hook", () => {
  const ending: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).toReversed()) await end();
  });

  async function copyOf(prefix: string): Promise<Running> {
    const store = redisStore({ url: installed("redis")?.["URL"] ?? "", prefix, onError: () => undefined });
    const running = await serve({ store, adapter: requestTracker(hooked) });
    ending.push(async () => {
      await running.stop();
      store.close();
    });
    return running;
  }
  /** RT posts there from now on, whoever makes a change. */
  async function pointAt(running: Running): Promise<void> {
    ending.push(async () => await writeFile(hookFile, ""));
    await writeFile(hookFile, `${running.url}/hooks/request-tracker`);
  }

  test("reaches one copy of the gateway, and sends an agent's reply at once to a member at another", async () => {
    const prefix = `test-${uuid()}:`;
    const [one, two] = [await copyOf(prefix), await copyOf(prefix)];
    await pointAt(one);
    const member = newMember();
    const token = await siteToken(member);
    const rest = await connectRest(
      { endpoint: two.url, token: { get: async () => token, set: async () => undefined } },
      by(member),
    );
    const { tickets } = rest;
    const { id } = await tickets!.create({ clientId: uuid(), title: "Naročilo", text: "Ne gre." }, by(member));
    let isConnected = false;
    const onConnected = (): void => void (isConnected = true);
    const live = watch((signal) => tickets!.events!(undefined, { ...by(member, signal), onConnected }));
    ending.push(async () => await live.stop().catch(() => undefined));
    await expect.poll(() => isConnected, { timeout: 10_000 }).toBe(true);

    await reply(id, "Zdravo.");
    const said = Date.now();
    const isTheAnswer = () => live.seen.some((event) => event.type === "message" && event.message.text === "Zdravo.");
    await expect.poll(isTheAnswer, { timeout: 10_000, interval: 10 }).toBe(true);
    // Long before the next look, which is a minute away; RT itself answers slowly.
    expect(Date.now() - said).toBeLessThan(10_000);

    await change(id, { Queue: "Elsewhere" });
    await live.until((event) => event.type === "removed" && event.ticketId === id, "the removal");
    expect([...one.errors, ...two.errors]).toEqual([]);
  });

  test("has no effect at any copy if it is forged", async () => {
    const prefix = `test-${uuid()}:`;
    const [one, two] = [await copyOf(prefix), await copyOf(prefix)];
    const heard: string[] = [];
    const listening = redisStore({ url: installed("redis")?.["URL"] ?? "", prefix, onError: () => undefined });
    ending.push(() => listening.close());
    ending.push(listening.subscribe("hook:request-tracker", (text) => heard.push(text)));
    const body = '{"ticket":7}';
    const post = async (running: Running, secret: string) => {
      const hex = createHmac("sha256", secret).update(body).digest("hex");
      const headers = { "X-Podpora-Signature": `sha256=${hex}` };
      return (await fetch(`${running.url}/hooks/request-tracker`, { method: "POST", body, headers })).status;
    };
    await expect
      .poll(async () => {
        expect(await post(two, hookSecret)).toBe(204);
        return heard.length;
      })
      .toBeGreaterThan(0);
    const before = heard.length;
    expect(await post(one, "a secret that somebody has guessed")).toBe(403);
    expect(await post(two, hookSecret)).toBe(204);
    await expect.poll(() => heard.length).toBe(before + 1);
  });
});
