import type { ServerResponse } from "node:http";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { createDeskClient, type DeskCall, type DeskClientOptions } from "../../src/adapter/http.ts";
import { answerOf, statusOf } from "../../src/adapter/answers.ts";
import { createBreaker } from "../../src/adapter/breaker.ts";
import { limits } from "../../src/adapter/limits.ts";
import { isAdapterError } from "../../src/core/contract/errors.ts";
import { fakeDesk, sendJson, type FakeDesk } from "../../src/testing/index.ts";

const never = new AbortController().signal;
const { CALLS_AT_ONCE, CALLS_WAITING, FAILURES_IN_A_ROW, AWAY_MS } = limits;

const clientOf = (desk: FakeDesk, more: Partial<DeskClientOptions> = {}) =>
  createDeskClient({ desk: "Marmot", url: desk.url, headers: {}, ...more });

const codeOf = async (work: Promise<unknown>) =>
  await work.then(
    () => "done",
    (error: unknown) => (isAdapterError(error) ? error.code : (error as Error).name),
  );

async function ask(client: ReturnType<typeof clientOf>, call: Partial<DeskCall> = {}, signal = never) {
  return await client.json({ path: "/", ...call }, v.unknown(), signal);
}

/** Fills all concurrent calls, which wait for their answers. */
async function busyDesk() {
  const desk = await fakeDesk();
  const held: ServerResponse[] = [];
  desk.answer((_call, answer) => void held.push(answer));
  const client = clientOf(desk);
  const first = Array.from({ length: CALLS_AT_ONCE }, async () => await ask(client));
  await expect.poll(() => held.length).toBe(CALLS_AT_ONCE);
  return { client, desk, first, held };
}

describe("a desk with many calls", () => {
  test(`gets ${CALLS_AT_ONCE} calls at once at most, and all are answered`, async () => {
    const desk = await fakeDesk();
    desk.answer((_call, answer) => void setTimeout(() => sendJson(answer, {}), 20));
    const client = clientOf(desk);
    await Promise.all(Array.from({ length: 200 }, async () => await ask(client)));
    expect(desk.asked).toHaveLength(200);
    expect(desk.most()).toBe(CALLS_AT_ONCE);
  });

  test("has a bounded queue: further calls are told when to retry", async () => {
    const desk = await fakeDesk();
    const held: ServerResponse[] = [];
    desk.answer((_call, answer) => void held.push(answer));
    const client = clientOf(desk);
    const taken = Array.from({ length: CALLS_AT_ONCE + CALLS_WAITING }, async () => await codeOf(ask(client)));
    await expect.poll(() => held.length).toBe(CALLS_AT_ONCE);
    await expect(ask(client)).rejects.toMatchObject({ code: "unavailable", retryAfterMs: limits.BUSY_RETRY_MS });
    desk.answer((_call, answer) => sendJson(answer, {}));
    for (const answer of held) sendJson(answer, {});
    expect(new Set(await Promise.all(taken))).toEqual(new Set(["done"]));
  });

  test("an aborted call in the queue ends at once with the caller's reason, and is never sent", async () => {
    const { client, desk, first, held } = await busyDesk();
    const abort = new AbortController();
    const waiting = ask(client, { path: "/waiting" }, abort.signal);
    const reason = new Error("the tab is closed");
    abort.abort(reason);
    // The desk has not answered any call yet.
    await expect(waiting).rejects.toBe(reason);
    for (const answer of held) sendJson(answer, {});
    await Promise.all(first);
    expect(desk.asked.filter((asked) => asked.includes("waiting"))).toEqual([]);
  });

  test("an aborted call frees its place in the queue", async () => {
    const { client, desk, first, held } = await busyDesk();
    const abort = new AbortController();
    const some = Array.from({ length: CALLS_WAITING }, async () => await codeOf(ask(client, {}, abort.signal)));
    expect(await codeOf(ask(client))).toBe("unavailable");
    abort.abort();
    expect(new Set(await Promise.all(some))).toEqual(new Set(["AbortError"]));
    const next = Array.from({ length: CALLS_WAITING }, async () => await codeOf(ask(client)));
    expect(await codeOf(ask(client))).toBe("unavailable");
    desk.answer((_call, answer) => sendJson(answer, {}));
    for (const answer of held) sendJson(answer, {});
    await Promise.all(first);
    expect(new Set(await Promise.all(next))).toEqual(new Set(["done"]));
    expect(desk.asked).toHaveLength(CALLS_AT_ONCE + CALLS_WAITING);
  });

  test("the wait counts: a call whose turn never came is a time-out, and not the desk's fault", async () => {
    const desk = await fakeDesk();
    const held: ServerResponse[] = [];
    desk.answer((_call, answer) => void held.push(answer));
    const guard = createBreaker("Marmot");
    const patient = clientOf(desk, { guard });
    const hasty = clientOf(desk, { guard, callMs: 150 });
    const first = Array.from({ length: CALLS_AT_ONCE }, async () => await ask(patient));
    await expect.poll(() => held.length).toBe(CALLS_AT_ONCE);
    const late = Array.from({ length: FAILURES_IN_A_ROW + 1 }, async () => await codeOf(ask(hasty)));
    expect(new Set(await Promise.all(late))).toEqual(new Set(["timeout"]));
    desk.answer((_call, answer) => sendJson(answer, {}));
    for (const answer of held) sendJson(answer, {});
    await Promise.all(first);
    expect(await codeOf(ask(patient))).toBe("done");
    expect(desk.asked).toHaveLength(CALLS_AT_ONCE + 1);
  });

  test("two clients of one desk share its places", async () => {
    const desk = await fakeDesk();
    desk.answer((_call, answer) => void setTimeout(() => sendJson(answer, {}), 20));
    const guard = createBreaker("Marmot");
    const clients = [clientOf(desk, { guard }), clientOf(desk, { guard })];
    await Promise.all(clients.flatMap((one) => Array.from({ length: 50 }, async () => await ask(one))));
    expect(desk.most()).toBe(CALLS_AT_ONCE);
  });
});

describe("an unreachable desk", () => {
  const ways: readonly (readonly [string, string, (answer: ServerResponse) => void])[] = [
    ["hangs up", "unavailable", (answer) => answer.destroy()],
    ["never answers", "timeout", () => undefined],
    ["hangs up in the middle of its answer", "unavailable", cutShort],
    ["never ends its answer", "timeout", (answer) => void answer.writeHead(200, json).write("{")],
    ...[502, 503, 504].map((status) => [`says ${status}`, "unavailable", refuse(status)] as const),
  ];

  test.each(ways)(
    "gets no calls once it %s repeatedly, and members are told when to retry",
    async (_how, code, fail) => {
      const desk = await fakeDesk();
      desk.answer((_call, answer) => fail(answer));
      const client = clientOf(desk, { callMs: 300 });
      for (let time = 0; time < FAILURES_IN_A_ROW; time += 1) {
        // A write: it is not retried.
        expect(await codeOf(ask(client, { method: "POST" }))).toBe(code);
      }
      const before = desk.asked.length;
      const refused = await ask(client).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: "unavailable", retryAfterMs: expect.any(Number) });
      const { retryAfterMs } = refused as { retryAfterMs: number };
      expect(retryAfterMs).toBeGreaterThan(0);
      expect(retryAfterMs).toBeLessThanOrEqual(AWAY_MS);
      expect(desk.asked.length).toBe(before);
    },
  );

  test("is used again within ten seconds after it is back", async () => {
    const desk = await fakeDesk();
    const client = clientOf(desk);
    desk.answer((_call, answer) => refuse(503)(answer));
    for (let time = 0; time < FAILURES_IN_A_ROW; time += 1) await codeOf(ask(client, { method: "POST" }));
    expect(await codeOf(ask(client))).toBe("unavailable");
    // Attempts in the meantime do not extend the pause.
    await new Promise((resolve) => setTimeout(resolve, AWAY_MS + 100));
    const [asked, tried] = [
      desk.asked.length,
      await Promise.all(Array.from({ length: 20 }, () => codeOf(ask(client)))),
    ];
    expect(new Set(tried)).toEqual(new Set(["unavailable"]));
    expect(desk.asked.length - asked).toBeLessThanOrEqual(2);
    desk.answer((_call, answer) => sendJson(answer, {}));
    await expect.poll(async () => await codeOf(ask(client)), { timeout: 10_000, interval: 200 }).toBe("done");
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => codeOf(ask(client)))))).toEqual(
      new Set(["done"]),
    );
  });

  test("does not count as back because the trial call was aborted", async () => {
    const desk = await fakeDesk();
    const client = clientOf(desk, { callMs: 400 });
    desk.answer(() => undefined);
    for (let time = 0; time < FAILURES_IN_A_ROW; time += 1) await codeOf(ask(client, { method: "POST" }));
    await new Promise((resolve) => setTimeout(resolve, AWAY_MS + 50));
    const abort = new AbortController();
    const gaveUp = codeOf(ask(client, {}, abort.signal));
    setTimeout(() => abort.abort(), 50);
    expect(await gaveUp).toBe("AbortError");
    const asked = desk.asked.length;
    expect(await codeOf(ask(client))).toBe("unavailable");
    expect(desk.asked.length).toBe(asked);
  });

  test.each([400, 401, 403, 404, 409, 422, 429, 500])(
    "is not assumed after a %i, however often it comes",
    async (status) => {
      const desk = await fakeDesk();
      const client = clientOf(desk);
      desk.answer((_call, answer) => refuse(status)(answer));
      for (let time = 0; time < FAILURES_IN_A_ROW * 2; time += 1) await codeOf(ask(client));
      expect(desk.asked).toHaveLength(FAILURES_IN_A_ROW * 2);
      desk.answer((_call, answer) => sendJson(answer, {}));
      expect(await codeOf(ask(client))).toBe("done");
    },
  );

  test("is not assumed if calls only fail sometimes", async () => {
    const desk = await fakeDesk();
    const client = clientOf(desk);
    for (let time = 0; time < FAILURES_IN_A_ROW * 3; time += 1) {
      desk.answer((_call, answer) => refuse(time % 2 === 0 ? 503 : 404)(answer));
      await codeOf(ask(client, { method: "POST" }));
    }
    desk.answer((_call, answer) => sendJson(answer, {}));
    expect(await codeOf(ask(client))).toBe("done");
  });

  test("an aborted call says nothing about the desk", async () => {
    const desk = await fakeDesk();
    const client = clientOf(desk);
    desk.answer(() => undefined);
    for (let time = 0; time < FAILURES_IN_A_ROW * 2; time += 1) {
      expect(await codeOf(ask(client, {}, AbortSignal.timeout(20)))).toBe("TimeoutError");
    }
    desk.answer((_call, answer) => sendJson(answer, {}));
    expect(await codeOf(ask(client))).toBe("done");
  });
});

test("a call that cannot be sent is not the desk's fault", async () => {
  const desk = await fakeDesk();
  const client = clientOf(desk);
  for (let time = 0; time < FAILURES_IN_A_ROW; time += 1) {
    expect(await codeOf(ask(client, { headers: { "X-User": "žiga" } }))).toBe("unknown");
  }
  expect(await codeOf(ask(client))).toBe("done");
});

describe("a failed call is retried once", () => {
  test.each([502, 503, 504])("if it only reads, and the desk answered %i", async (status) => {
    const desk = await fakeDesk();
    desk.answer((_call, answer) => (desk.asked.length === 1 ? refuse(status)(answer) : sendJson(answer, {})));
    expect(await codeOf(ask(clientOf(desk)))).toBe("done");
    expect(desk.asked).toHaveLength(2);
  });

  test("and only once", async () => {
    const desk = await fakeDesk();
    desk.answer((_call, answer) => refuse(503)(answer));
    expect(await codeOf(ask(clientOf(desk)))).toBe("unavailable");
    expect(desk.asked).toHaveLength(2);
  });

  test.each(["POST", "PUT", "DELETE"] as const)("but never a %s", async (method) => {
    const desk = await fakeDesk();
    desk.answer((_call, answer) => refuse(503)(answer));
    expect(await codeOf(ask(clientOf(desk), { method }))).toBe("unavailable");
    expect(desk.asked).toHaveLength(1);
  });

  test("a POST only if the call says that it reads", async () => {
    const desk = await fakeDesk();
    desk.answer((_call, answer) => (desk.asked.length === 1 ? refuse(503)(answer) : sendJson(answer, {})));
    expect(await codeOf(ask(clientOf(desk), { method: "POST", isRead: true }))).toBe("done");
    expect(desk.asked).toHaveLength(2);
  });

  test("nor if the desk asks to retry later", async () => {
    const desk = await fakeDesk();
    desk.answer((_call, answer) => void answer.writeHead(503, { "Retry-After": "30" }).end());
    await expect(ask(clientOf(desk))).rejects.toMatchObject({ code: "unavailable", retryAfterMs: 30_000 });
    expect(desk.asked).toHaveLength(1);
  });
});

test("Retry-After is read as seconds and as a date", async () => {
  const desk = await fakeDesk();
  desk.answer((_call, answer) => void answer.writeHead(429, { "Retry-After": "7" }).end());
  await expect(ask(clientOf(desk))).rejects.toMatchObject({ code: "rate-limited", retryAfterMs: 7000 });
  const date = new Date(Date.now() + 60_000).toUTCString();
  desk.answer((_call, answer) => void answer.writeHead(429, { "Retry-After": date }).end());
  const error = (await ask(clientOf(desk)).catch((cause: unknown) => cause)) as { retryAfterMs: number };
  expect(error.retryAfterMs).toBeGreaterThan(50_000);
  expect(error.retryAfterMs).toBeLessThanOrEqual(60_000);
});

const json = { "Content-Type": "application/json" };

function refuse(status: number): (answer: ServerResponse) => void {
  return (answer) => void answer.writeHead(status, json).end("{}");
}

function cutShort(answer: ServerResponse): void {
  answer.writeHead(200, { ...json, "Content-Length": "1000" }).write("{");
  setTimeout(() => answer.destroy(), 20);
}

test.each([
  [401, "unavailable"],
  [403, "forbidden"],
  [404, "not-found"],
  [422, "invalid"],
])("a refusal with status 200 becomes the same error as one with %i", async (status, code) => {
  const desk = await fakeDesk();
  desk.answer((_call, answer) => sendJson(answer, { Error: "secret words" }));
  const client = clientOf(desk, { refusalIn: () => ({ status, body: "secret words" }) });
  const error: unknown = await ask(client).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code, message: expect.not.stringContaining("secret") });
  expect([statusOf(error), answerOf(error)]).toEqual([status, "secret words"]);
  expect(await codeOf(ask(clientOf(desk, { refusalIn: () => undefined })))).toBe("done");
});
