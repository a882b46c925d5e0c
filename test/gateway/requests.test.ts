import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memory } from "../../src/adapters/memory/index.ts";
import { AdapterError, type AdapterErrorCode } from "../../src/core/contract/errors.ts";
import { ana } from "../adapters/members.ts";
import { withTickets } from "../support/tickets.ts";
import { as, create, draft, json, send } from "./calls.ts";
import { serve, type Running } from "./server.ts";

let running: Running;
let token: string;
beforeAll(async () => {
  running = await serve({ origins: ["https://www.example.org"], basePath: "/podpora" });
  token = await as(ana);
});
afterAll(async () => await running.stop());

describe("bad requests", () => {
  test("a body that is not JSON is 400", async () => {
    const key = crypto.randomUUID();
    for (const body of ["{", "", "\0", '{"clientId":']) {
      const answer = await fetch(`${running.url}/tickets`, {
        method: "POST",
        headers: { Authorization: `Bearer ${token}`, "Idempotency-Key": key, "Content-Type": "application/json" },
        body,
      });
      expect(answer.status).toBe(400);
      expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
      expect(await answer.json()).toMatchObject({
        type: "about:blank",
        title: "Bad Request",
        status: 400,
        code: "invalid",
      });
    }
  });

  test("a body of another type is 415: a form of another site cannot write", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a"]) {
      const answer = await fetch(`${running.url}/tickets`, {
        method: "POST",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": type },
        body: JSON.stringify(draft()),
      });
      expect(answer.status).toBe(415);
    }
  });

  test("a body over a megabyte is 413, with a length and without", async () => {
    const body = JSON.stringify(draft({ text: "x".repeat(1024 * 1024) }));
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const whole = await fetch(`${running.url}/tickets`, { method: "POST", headers, body });
    const stream = new Blob([body]).stream();
    const streamed = await fetch(`${running.url}/tickets`, {
      method: "POST",
      headers,
      body: stream,
      duplex: "half",
    } as RequestInit);
    for (const answer of [whole, streamed]) {
      expect(answer.status).toBe(413);
      expect(await answer.json()).toMatchObject({ code: "too-large" });
    }
  });

  test("a title that is longer than the desk takes is 422 with its field, and does not reach the desk", async () => {
    const desk = memory();
    const short = await serve({ adapter: withTickets(desk, { limits: { title: 20 } }) });
    try {
      const answer = await create(short, "/tickets", token, draft({ title: "x".repeat(21) }));
      expect(answer.status).toBe(422);
      expect(await answer.json()).toMatchObject({
        code: "invalid",
        fields: { title: "must not be longer than 20 characters" },
      });
      expect(await desk.agent.ticketCount()).toBe(0);
      expect(await json(await send(short, "/session", { token }))).toMatchObject({ ticketLimits: { title: 20 } });
    } finally {
      await short.stop();
    }
  });

  test.each([
    ["a second line in a value", [{ name: "plan", value: "Pro\nError: forged" }]],
    ["a direction character in a name", [{ name: "pl\u202Ean", value: "Pro" }]],
    ["a long name", [{ name: "n".repeat(65), value: "Pro" }]],
    ["a long value", [{ name: "plan", value: "x".repeat(501) }]],
    ["a number", [{ name: "plan", value: 4 }]],
    ["one more than 20", Array.from({ length: 21 }, (_, index) => ({ name: `n${index}`, value: "x" }))],
  ])("the page's attributes with %s are 422", async (_what, attributes) => {
    const body = draft({ context: { attributes } });
    const answer = await send(running, "/tickets", { token, body, key: body.clientId });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(await json(answer))).toContain("context.attributes");
  });

  test("an invalid body is 422, with a message for each field", async () => {
    const body = { clientId: "1", title: " ", text: { $gt: "" }, fields: { a: { b: 1 } } };
    const answer = await send(running, "/tickets", { token, body, key: "1" });
    expect(answer.status).toBe(422);
    const problem = await json(answer);
    expect(problem["code"]).toBe("invalid");
    expect(Object.keys(problem["fields"] ?? {}).toSorted()).toEqual(["clientId", "fields.a", "text", "title"]);
  });

  test.each(["filter=mine", "limit=0", "limit=101", "limit=ten", `search=${"x".repeat(201)}`])(
    "the query ?%s is 422",
    async (query) => {
      expect((await send(running, `/tickets?${query}`, { token })).status).toBe(422);
    },
  );

  test.each([
    ["DELETE", "/tickets", "GET, HEAD, OPTIONS, POST"],
    ["POST", "/tickets/1", "GET, HEAD, OPTIONS"],
    ["GET", "/session/guest", "OPTIONS, POST"],
    ["PATCH", "/tickets/1/status", "OPTIONS, PUT"],
    ["PUT", "/uploads/1", "DELETE, GET, HEAD, OPTIONS, PATCH, POST"],
  ])("%s %s is 405, and names the allowed methods", async (method, path, allow) => {
    const answer = await send(running, path, { token, method });
    expect([answer.status, answer.headers.get("Allow")]).toEqual([405, allow]);
    expect(await answer.json()).toMatchObject({ code: "invalid", title: "Method Not Allowed" });
  });

  test.each(["/nothing", "/tickets/1/2/3/4", "/%2e%2e/etc/passwd"])("GET %s is a 404 problem", async (path) => {
    const answer = await send(running, path, { token });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: "not-found", title: "Not Found" });
  });

  test("OPTIONS lists the allowed methods, and for uploads what a tus client needs", async () => {
    const tickets = await send(running, "/tickets", { method: "OPTIONS" });
    expect([tickets.status, tickets.headers.get("Allow")]).toEqual([204, "GET, HEAD, OPTIONS, POST"]);
    const uploads = await send(running, "/uploads", { method: "OPTIONS" });
    expect(Object.fromEntries(uploads.headers)).toMatchObject({
      "tus-resumable": "1.0.0",
      "tus-version": "1.0.0",
      "tus-extension": "creation,creation-with-upload,expiration,termination",
      "tus-max-size": String(10 * 1024 * 1024),
    });
  });

  test("the answer to a creation has its address", async () => {
    const ticket = await create(running, "/tickets", token, draft());
    const location = ticket.headers.get("Location");
    expect(location).toBe(`/podpora/tickets/${String((await json(ticket))["id"])}`);
    const read = await fetch(new URL(location ?? "", running.url), { headers: { Authorization: `Bearer ${token}` } });
    expect(read.status).toBe(200);
  });

  test("an invalid token is distinguished from none", async () => {
    const bad = await send(running, "/session", { token: "a.b.c" });
    expect(bad.headers.get("WWW-Authenticate")).toBe('Bearer error="invalid_token"');
    expect((await send(running, "/tickets")).headers.get("WWW-Authenticate")).toBe("Bearer");
  });

  test("each answer names its version of the protocol, and another version is refused with an explanation", async () => {
    const answer = await send(running, "/session", { headers: { "Podpora-Version": "1" } });
    expect([answer.status, answer.headers.get("Podpora-Version")]).toEqual([200, "1"]);
    const old = await send(running, "/session", { headers: { "Podpora-Version": "0" } });
    expect([old.status, old.headers.get("Podpora-Version")]).toEqual([410, "1"]);
    expect((await json(old))["detail"]).toContain("speaks version 1 of the protocol, the caller 0");
    const twice = await send(running, "/session", { headers: { "Podpora-Version": "1, 1" } });
    expect(twice.status).toBe(200);
    // A page of another origin can read the reason.
    const headers = { "Podpora-Version": "0", Origin: "https://www.example.org" };
    const foreign = await send(running, "/session", { headers });
    expect(foreign.headers.get("Access-Control-Allow-Origin")).toBe("https://www.example.org");
  });

  test("outside the base path there is nothing", async () => {
    const answer = await fetch(new URL("/session", running.url));
    expect(answer.status).toBe(404);
  });
});

async function failing(error: Error) {
  const desk = memory();
  const tickets: NonNullable<typeof desk.tickets> = {
    async create() {
      throw error;
    },
  };
  const broken = await serve({}, { ...desk, tickets });
  const answer = await create(broken, "/tickets", await as(ana), draft());
  const problem = await json(answer);
  await broken.stop();
  return { status: answer.status, problem, errors: broken.errors };
}

describe("what goes wrong at the desk", () => {
  const codes: readonly (readonly [AdapterErrorCode, number, AdapterErrorCode])[] = [
    ["network", 502, "unavailable"],
    ["timeout", 504, "timeout"],
    ["unauthorized", 502, "unavailable"],
    ["forbidden", 403, "forbidden"],
    ["not-found", 404, "not-found"],
    ["invalid", 422, "invalid"],
    ["too-large", 413, "too-large"],
    ["rate-limited", 429, "rate-limited"],
    ["unavailable", 503, "unavailable"],
    ["unknown", 500, "unknown"],
  ];
  test.each(codes)("its %s is answered as %i %s", async (code, status, told) => {
    const answer = await failing(new AdapterError(code, "token s3cret at db.internal"));
    expect(answer.status).toBe(status);
    expect(answer.problem["code"]).toBe(told);
    expect(JSON.stringify(answer.problem)).not.toMatch(/s3cret|internal/);
    expect(answer.errors).toHaveLength(code === "not-found" ? 0 : 1);
  });

  test.each(["invalid", "too-large"] as const)("its %s names the field to correct", async (code) => {
    const answer = await failing(new AdapterError(code, "token s3cret", { fields: { text: "is too long" } }));
    expect(answer.problem["fields"]).toEqual({ text: "is too long" });
    expect(JSON.stringify(answer.problem)).not.toContain("s3cret");
  });

  test("anything else that it throws is 500 without details, and reported", async () => {
    const error = new TypeError("cannot read properties of undefined (reading 'password')");
    const answer = await failing(error);
    expect(answer.status).toBe(500);
    expect(answer.problem).toMatchObject({ code: "unknown" });
    expect(JSON.stringify(answer.problem)).not.toContain("password");
    expect(answer.errors).toEqual([error]);
  });

  test("properties of its records beyond the interface stay at the server", async () => {
    const desk = memory();
    const tickets: NonNullable<typeof desk.tickets> = {
      async create(...call) {
        if (desk.tickets === undefined) throw new Error("no tickets");
        return Object.assign(await desk.tickets.create(...call), { internalRating: "angry", statusLabel: undefined });
      },
    };
    const leaky = await serve({}, { ...desk, tickets });
    const answer = await create(leaky, "/tickets", await as(ana), draft());
    expect(answer.status).toBe(201);
    expect(JSON.stringify(await answer.json())).not.toContain("angry");
    await leaky.stop();
  });
});

const preflight = async (origin: string, path = "/tickets") =>
  await fetch(`${running.url}${path}`, {
    method: "OPTIONS",
    headers: {
      Origin: origin,
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "authorization,content-type,idempotency-key,upload-length",
    },
  });

test("a listed one may call, with all headers of the protocol", async () => {
  for (const path of ["/tickets", "/uploads", "/uploads/1"]) {
    const answer = await preflight("https://www.example.org", path);
    expect(answer.status).toBe(204);
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("https://www.example.org");
    const allowed = answer.headers.get("Access-Control-Allow-Headers")?.toLowerCase();
    for (const header of ["authorization", "idempotency-key", "last-event-id", "tus-resumable", "upload-offset"]) {
      expect(allowed).toContain(header);
    }
  }
  const answer = await send(running, "/session", { headers: { Origin: "https://www.example.org" } });
  expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("https://www.example.org");
  expect(answer.headers.get("Access-Control-Expose-Headers")).toContain("Upload-Offset");
  expect(answer.headers.get("Access-Control-Allow-Credentials")).toBeNull();
  expect(answer.headers.get("Vary")).toContain("Origin");
});

describe("other origins", () => {
  test("an error is readable for them too", async () => {
    const answer = await send(running, "/tickets", { headers: { Origin: "https://www.example.org" } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("https://www.example.org");
  });

  test.each(["https://evil.example", "null", "https://www.example.org.evil.example", "http://www.example.org"])(
    "%s gets no permission",
    async (origin) => {
      expect((await preflight(origin)).headers.get("Access-Control-Allow-Origin")).toBeNull();
      const answer = await send(running, "/session", { headers: { Origin: origin } });
      expect(answer.headers.get("Access-Control-Allow-Origin")).toBeNull();
    },
  );
});

describe("every answer", () => {
  test.each(["/session", "/tickets", "/nothing"])("%s is not cached, not sniffed and not framed", async (path) => {
    const { headers } = await send(running, path);
    expect(headers.get("Cache-Control")).toBe("no-store");
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(headers.get("X-Frame-Options")).toBe("DENY");
    expect(headers.get("Referrer-Policy")).toBe("no-referrer");
    expect(headers.get("Set-Cookie")).toBeNull();
  });
});

test("why the desk forbids something is reported to the operator; the member gets only the code", async () => {
  const desk = memory();
  const reason = "the member's address belongs to two users of the desk";
  const tickets = { ...desk.tickets, create: () => Promise.reject(new AdapterError("forbidden", reason)) };
  const refusing = await serve({}, { ...desk, tickets });
  const answer = await create(refusing, "/tickets", await as(ana), draft());
  expect(answer.status).toBe(403);
  expect(await answer.text()).not.toContain("two users");
  expect(refusing.errors).toEqual([expect.objectContaining({ message: reason })]);
  await refusing.stop();
});
