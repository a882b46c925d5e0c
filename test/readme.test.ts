import { once } from "node:events";
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { tracker } from "../demo/examples/adapter.ts";

const read = (path: string) => readFileSync(new URL(path, new URL("../", import.meta.url)), "utf8");
const readme = read("README.md");

test("the README stays under 150 lines", () => {
  expect(readme.split("\n").length).toBeLessThan(150);
});

test("the README shows the adapter that is type-checked and tested, letter for letter", () => {
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(shown).toBe(read("demo/examples/adapter.ts").replace('"../../src/index.ts"', '"podpora"'));
});

interface Answer {
  readonly status: number;
  readonly body: string;
}

async function desk(answer: Answer) {
  const requests: { url: string | undefined; token: string | undefined; body: unknown }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
      requests.push({ url: request.url, token: request.headers.authorization, body });
      response.writeHead(answer.status, { "Content-Type": "application/json" }).end(answer.body);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port");
  return { url: `http://127.0.0.1:${address.port}`, requests };
}

const ticket = { clientId: "1f0d7c1e-8f6d-4d7c-9c55-6a3f5a8a2b11", title: "Naročilo", text: "Ne gre" };
const ctx = () => ({
  signal: new AbortController().signal,
  locale: "sl",
  member: { id: "ana", email: "ana@example.org" },
});

test("the README's adapter files a ticket at its desk, with the token and the member", async () => {
  const { url, requests } = await desk({
    status: 201,
    body: '{ "id": 7, "subject": "Naročilo", "created": "2026-01-01T00:00:00.000Z" }',
  });
  const made = await tracker(url, "secret").tickets?.create(ticket, ctx());
  expect(made).toMatchObject({ id: "7", number: "7", title: "Naročilo", status: "open" });
  expect(requests).toEqual([
    {
      url: "/issues",
      token: "Bearer secret",
      body: { subject: "Naročilo", text: "Ne gre", from: "ana@example.org", externalId: ticket.clientId },
    },
  ]);
});

test.each([
  [422, "invalid"],
  [500, "unavailable"],
])("the README's adapter tells a %i of its desk as %s", async (status, code) => {
  const { url } = await desk({ status, body: "no" });
  await expect(tracker(url, "secret").tickets?.create(ticket, ctx())).rejects.toMatchObject({ code });
});

test("the README's adapter tells a desk that is not there as network, and an abort as itself", async () => {
  const { tickets } = tracker("http://127.0.0.1:1", "secret");
  await expect(tickets?.create(ticket, ctx())).rejects.toMatchObject({ code: "network" });
  const reason = new Error("closed");
  await expect(tickets?.create(ticket, { ...ctx(), signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
