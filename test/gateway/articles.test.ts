import { afterAll, beforeAll, expect, test } from "vitest";
import { memory } from "../../src/adapters/memory/index.ts";
import { articles } from "../adapters/articles.ts";
import { json, send } from "./calls.ts";
import { serve, type Running } from "./server.ts";

const many = Array.from({ length: 30 }, (_, index) => ({ id: `${index}`, title: `Printer ${index}`, text: "Paper." }));
let running: Running;
beforeAll(async () => {
  running = await serve({ access: { tickets: "guests" } }, memory({ articles: [...articles, ...many] }));
});
afterAll(async () => await running.stop());

test("where tickets are open to guests, articles can be read without a token", async () => {
  const found = await json(await send(running, "/articles?search=orders+submitted"));
  expect(found).toEqual({ items: [{ id: "order", language: "en", title: "An order can’t be submitted" }] });
  expect(await json(await send(running, "/articles/order"))).toMatchObject({ text: "Check the **cart**." });
});

test("a search returns ten articles at most", async () => {
  const { items } = await json(await send(running, "/articles?search=printer"));
  expect(items).toHaveLength(10);
});

test.each([["/articles"], ["/articles?search="], ["/articles?search=%20"], [`/articles?search=${"x".repeat(2000)}`]])(
  "a search without words, or with too many, is refused: %s",
  async (path) => {
    const answer = await send(running, path);
    expect(answer.status).toBe(422);
    expect(await json(answer)).toMatchObject({ code: "invalid", fields: { search: expect.any(String) } });
  },
);

test("callers without a token share a limit by their address", async () => {
  const limited = await serve({ access: { tickets: "guests" }, limits: {} }, memory({ articles }));
  try {
    const statuses = new Set<number>();
    for (let call = 0; call < 300; call += 1) statuses.add((await send(limited, "/articles?search=order")).status);
    expect([...statuses]).toEqual([200, 429]);
  } finally {
    await limited.stop();
  }
});

test("an unknown article is not found", async () => {
  expect((await send(running, "/articles/nothing")).status).toBe(404);
});

test("a desk without articles offers none, and has no such route", async () => {
  const without = await serve();
  try {
    expect(await json(await send(without, "/session"))).not.toHaveProperty("capabilities.articles");
    expect((await send(without, "/articles?search=order")).status).toBe(404);
  } finally {
    await without.stop();
  }
});
