import { createConfig, lintFromString } from "@redocly/openapi-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memory } from "../../src/adapters/memory/index.ts";
import { routes } from "../../src/protocol/routes.ts";
import * as v from "valibot";
import { ana } from "../adapters/members.ts";
import { as, create, draft, json, send } from "./calls.ts";
import { serve, type Running } from "./server.ts";

const operation = v.looseObject({
  operationId: v.string(),
  tags: v.pipe(v.array(v.string()), v.length(1)),
  security: v.array(v.record(v.string(), v.array(v.string()))),
  responses: v.record(v.string(), v.unknown()),
});
const described = v.looseObject({
  openapi: v.string(),
  servers: v.array(v.object({ url: v.string() })),
  paths: v.record(v.string(), v.record(v.string(), operation)),
  components: v.looseObject({ schemas: v.record(v.string(), v.unknown()) }),
});

describe("the OpenAPI description of the gateway", () => {
  let running: Running;
  let document: v.InferOutput<typeof described>;
  let text: string;
  beforeAll(async () => {
    const hooks = { desk: { accept: async () => undefined, heard: () => undefined } };
    const desk = { ...memory({ accounts: [] }), hooks, merge: async () => undefined };
    running = await serve({ basePath: "/podpora", assets: async () => undefined }, desk);
    const answer = await send(running, "/openapi.json");
    text = await answer.text();
    document = v.parse(described, JSON.parse(text));
  });
  afterAll(async () => await running.stop());

  test("is JSON that may be cached for five minutes", async () => {
    const { headers } = await send(running, "/openapi.json");
    expect(headers.get("Content-Type")).toContain("application/json");
    expect(headers.get("Cache-Control")).toBe("public, max-age=300");
  });

  test("is OpenAPI 3.1 without lint findings", async () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.servers).toEqual([{ url: "/podpora" }]);
    const config = await createConfig({
      extends: ["recommended"],
      rules: { "info-license-url": "off", "no-server-example.com": "off", "operation-4xx-response": "error" },
    });
    const problems = await lintFromString({ source: text, config });
    expect(problems.map(({ message, location }) => `${message} ${location[0]?.pointer}`)).toEqual([]);
  });

  test("has every address of the gateway except its files", () => {
    const answered = running.gateway.routes
      .filter(({ path }) => !path.includes(":file"))
      .map(({ method, path }) =>
        `${method} ${path}`.replace("GET /uploads/", "HEAD /uploads/").replace("hooks/desk", "hooks/:name"),
      );
    const told = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`),
    );
    expect(told.toSorted()).toEqual([...new Set(answered)].toSorted());
  });

  test("names each operation once, and says which ones need a token", () => {
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const open = operations.filter(
      ({ security }) => security.length === 0 || security.some((each) => !("bearer" in each)),
    );
    expect(open.map(({ operationId }) => operationId).toSorted()).toEqual(
      [
        "session",
        "guest",
        "signIn",
        "redeem",
        "chatAvailability",
        "currentChat",
        "lastChat",
        "hook",
        "openapi",
        "chatPage",
      ].toSorted(),
    );
  });

  test("has each schema once, under a name", () => {
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(["Ticket", "Message", "Author", "Problem"]),
    );
    expect(text.match(/"enum":\["member","agent","system"\]/g)?.length ?? 0).toBeLessThanOrEqual(2);
    expect(document.paths["/tickets"]?.["post"]).toMatchObject({
      requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/TicketDraft" } } } },
      responses: { "201": { content: { "application/json": { schema: { $ref: "#/components/schemas/Ticket" } } } } },
    });
  });

  test("lists the statuses that occur, including those of a real call", async () => {
    const token = await as(ana);
    const statuses = [
      (await create(running, "/tickets", token, draft())).status,
      (await create(running, "/tickets", undefined, draft())).status,
      (await create(running, "/tickets", token, draft({ title: "" }))).status,
    ];
    expect(statuses).toEqual([201, 401, 422]);
    const told = Object.keys(document.paths["/tickets"]?.["post"]?.responses ?? {});
    for (const status of statuses) expect(told).toContain(String(status));
    expect(told).toContain(String(routes.createTicket.status));
  });
});

test("omits features that the desk does not have", async () => {
  const desk = memory();
  const list = async () => ({ items: [] });
  const least = { name: "least", tickets: { list, create: async () => Promise.reject(new Error("never")) } };
  const running = await serve({}, { ...least, agent: desk.agent });
  const document = v.parse(described, await json(await send(running, "/openapi.json")));
  const paths = Object.keys(document.paths);
  expect(paths).toContain("/tickets");
  expect(paths.filter((path) => /chat|upload|files|sign-in|merge|counts/.test(path))).toEqual([]);
  await running.stop();
});
