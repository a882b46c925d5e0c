import { expect, test } from "vitest";
import { routes } from "../../src/protocol/routes.ts";
import * as v from "valibot";
import { json, send } from "./calls.ts";
import { serve } from "./server.ts";

const described = v.record(v.string(), v.record(v.string(), v.record(v.string(), v.unknown())));

test("the gateway describes itself by OpenAPI 3.1, every route of it", async () => {
  const running = await serve({ basePath: "/podpora" });
  const answer = await send(running, "/openapi.json");
  expect(answer.headers.get("Content-Type")).toContain("application/json");
  const document = await json(answer);
  expect(document["openapi"]).toMatch(/^3\.1\.\d+$/);
  expect(document["servers"]).toEqual([{ url: "/podpora" }]);
  const paths = v.parse(described, document["paths"]);

  for (const [name, route] of Object.entries(routes)) {
    const operation = paths[route.path.replace(":id", "{id}")]?.[route.method.toLowerCase()];
    expect(operation).toMatchObject({ operationId: name });
    expect(Object.keys(operation?.["responses"] ?? {})).toEqual([String(route.status), "default"]);
    const parameters = JSON.stringify(operation?.["parameters"]);
    expect(parameters.includes('"name":"id","in":"path"')).toBe(route.path.includes(":id"));
    expect(parameters.includes("Idempotency-Key")).toBe("once" in route);
  }
  expect(Object.keys(paths)).toEqual(expect.arrayContaining(["/uploads", "/uploads/{id}", "/files/{id}"]));
  expect(paths["/tickets"]?.["post"]?.["requestBody"]).toMatchObject({
    content: { "application/json": { schema: { type: "object", required: ["clientId", "title", "text"] } } },
  });
  const ids = Object.values(paths).flatMap((path) => Object.values(path).map((operation) => operation["operationId"]));
  expect(new Set(ids).size).toBe(ids.length);
  await running.stop();
});
