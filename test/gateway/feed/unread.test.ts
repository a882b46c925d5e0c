import { expect, onTestFinished, test, vi } from "vitest";
import { createFeed } from "../../../src/gateway/feed/feed.ts";
import { memoryStore } from "../../../src/gateway/memory-store.ts";
import { feedDesk, LOOK_MS } from "./feed-desk.ts";
import { ana } from "../../adapters/members.ts";
import { serve, siteToken } from "../server.ts";

test("the number of tickets that await the member has a version, and is not sent again to a client that has it", async () => {
  const desk = feedDesk();
  const running = await serve({ adapter: desk.adapter() });
  const ask = async (headers: Record<string, string> = {}) =>
    await fetch(`${running.url}/tickets/unread`, {
      headers: { Authorization: `Bearer ${await siteToken(ana)}`, ...headers },
    });
  const first = await ask();
  expect(await first.json()).toMatchObject({ awaiting: 0 });
  const tag = first.headers.get("ETag") ?? "";
  expect(first.headers.get("Cache-Control")).toBe("private, no-cache");
  expect((await ask({ "If-None-Match": tag })).status).toBe(304);
  expect(desk.lists()).toBe(1);
  desk.setStatus("ana@example.org", "1", "awaiting");
  await expect.poll(async () => (await ask({ "If-None-Match": tag })).status, { timeout: 5000 }).toBe(200);
  expect(await (await ask()).json()).toMatchObject({ awaiting: 1 });
  expect(desk.lists()).toBe(1);
  const session = await fetch(`${running.url}/session`);
  expect(await session.json()).toMatchObject({
    capabilities: { unread: true, tickets: expect.arrayContaining(["events"]) },
  });
  expect((await fetch(`${running.url}/tickets/unread`)).status).toBe(401);
  await running.stop();
});

const member = { id: "m-ana", email: "ana@example.org" };

/** A copy of the gateway, and its count for Ana. */
function copyOf(desk: ReturnType<typeof feedDesk>) {
  vi.useFakeTimers();
  const feed = createFeed({ adapter: desk.adapter(), store: memoryStore(), onError: () => undefined });
  onTestFinished(() => {
    feed.dispose();
    vi.useRealTimers();
  });
  const ctx = () => ({ signal: new AbortController().signal, locale: "en", member });
  return async () => (await feed.unread(ctx())).awaiting;
}

test("an event that was too long to be stored is not missed: the desk is asked again", async () => {
  const desk = feedDesk();
  const count = copyOf(desk);
  expect(await count()).toBe(0);
  desk.say(member.email, "m1", "agent", "x".repeat(70_000));
  desk.setStatus(member.email, "1", "awaiting");
  await vi.advanceTimersByTimeAsync(3 * LOOK_MS);
  expect(await count()).toBe(1);
  expect(desk.lists()).toBe(2);
});

test("with more tickets than are counted, the rest is counted again when some are answered", async () => {
  const desk = feedDesk();
  for (let id = 0; id < 150; id += 1) desk.setStatus(member.email, String(id), "awaiting");
  const count = copyOf(desk);
  expect(await count()).toBeGreaterThanOrEqual(100);
  for (let id = 0; id < 60; id += 1) desk.setStatus(member.email, String(id), "open");
  await vi.advanceTimersByTimeAsync(3 * LOOK_MS);
  expect(await count()).toBe(90);
});

test("a feed that fails from the start is reported after ten seconds, not when the request ends", async () => {
  const desk = feedDesk();
  desk.break("refuse");
  const count = copyOf(desk);
  const failure = count().catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await failure).toMatchObject({ code: "unavailable" });
});
