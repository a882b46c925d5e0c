import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { createDeskClient } from "../../src/adapter/http.ts";
import { createClient } from "../../src/adapters/rest/client.ts";
import { transfer } from "../../src/adapters/xmpp/transfer.ts";
import { fakeDesk, type FakeDesk } from "../../src/testing/index.ts";
import { withGarbageCollection } from "../support/collect-garbage.ts";

/** A desk whose answers never end. `closed` resolves when the caller has closed one. */
async function endlessDesk(type = "application/json"): Promise<FakeDesk & { readonly closed: Promise<string> }> {
  const desk = await fakeDesk();
  const closed = new Promise<string>((resolve) => {
    desk.answer((_call, answer: ServerResponse) => {
      answer.writeHead(200, { "Content-Type": type });
      const timer = setInterval(() => answer.write(" "), 20);
      answer.once("close", () => {
        clearInterval(timer);
        resolve("closed");
      });
    });
  });
  return { ...desk, closed };
}

// Node forgets the abort of a collected Request: a deadline then never ends the reading of the body.
describe("an answer that never ends is closed in time, also after a garbage collection", () => {
  const soon = async (work: Promise<unknown>) =>
    await withGarbageCollection(Promise.race([work, delay(5000, "still reading")]));

  test("by a desk's client, at its deadline", async () => {
    const desk = await endlessDesk();
    const client = createDeskClient({ desk: "Marmot", url: desk.url, headers: {}, callMs: 600 });
    const { signal } = new AbortController();
    const code = client.json({ path: "/" }, v.unknown(), signal).catch((error: { code: string }) => error.code);
    expect(await soon(code)).toBe("timeout");
    expect(await soon(desk.closed)).toBe("closed");
  });

  test("by a desk's client, when the member leaves", async () => {
    const desk = await endlessDesk();
    const client = createDeskClient({ desk: "Marmot", url: desk.url, headers: {} });
    const left = AbortSignal.timeout(600);
    const name = client.bytes({ path: "/" }, left).catch((error: Error) => error.name);
    expect(await soon(name)).toBe("TimeoutError");
    expect(await soon(desk.closed)).toBe("closed");
  });

  test("by an upload service's client", async () => {
    const desk = await endlessDesk();
    const response = await transfer(desk.url, { signal: AbortSignal.timeout(600) });
    expect(await soon(response.text().catch((error: Error) => error.name))).toBe("TimeoutError");
    expect(await soon(desk.closed)).toBe("closed");
  });

  test("by the protocol's client, when its stream is no longer read", async () => {
    const desk = await endlessDesk("text/event-stream");
    const client = createClient(desk.url, { get: async () => "token", set: async () => undefined });
    const ctx = { signal: new AbortController().signal, locale: "en" };
    const ask = { method: "GET", path: "/events", headers: {} } as const;
    const response = await client.open(ask, ctx, AbortSignal.timeout(600));
    const name = response.text().catch((error: Error) => error.name);
    expect(await soon(name)).toBe("TimeoutError");
    expect(await soon(desk.closed)).toBe("closed");
  });
});
