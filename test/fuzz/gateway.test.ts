import {
  anything,
  array,
  assert,
  asyncProperty,
  constantFrom,
  json,
  jsonValue,
  oneof,
  record,
  string,
  tuple,
} from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memory } from "../../src/adapters/memory/index.ts";
import { isAdapterError } from "../../src/core/contract/errors.ts";
import { createGateway, type Gateway } from "../../src/gateway/index.ts";
import { ana, anasCredentials } from "../adapters/members.ts";
import { temporaryFolder } from "../demo/folder.ts";
import { audience, secret, siteSecret, siteToken } from "../gateway/server.ts";
import { unlimited } from "../support/unlimited.ts";
import { runs } from "./runs.ts";

// Every request gets an answer, never a 500, and never internal error details.

let gateway: Gateway;
let token: string;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const errors: unknown[] = [];

const requests = runs;

beforeAll(async () => {
  folder = await temporaryFolder();
  gateway = createGateway({
    adapter: { ...memory({ accounts: [{ ...anasCredentials, member: ana }] }), merge: async () => undefined },
    secret,
    identity: { secret: siteSecret, audience },
    access: { tickets: "guests" },
    uploads: { directory: folder.path },
    limits: unlimited,
    // A desk may refuse input.
    onError: (error) => void (isAdapterError(error) || errors.push(error)),
  });
  token = await siteToken(ana, "1h");
});
afterAll(async () => {
  await gateway.dispose();
  await folder.remove();
});

const characters = (text: string) => text.split("");
const allowed = new Set([200, 201, 204, 400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 422, 423, 460]);

async function answered(request: Request): Promise<void> {
  const response = await gateway.fetch(request);
  const text = response.headers.get("Content-Type")?.startsWith("text/event-stream") ? "" : await response.text();
  await response.body?.cancel().catch(() => undefined);
  expect([response.status, allowed.has(response.status), text]).toEqual([response.status, true, text]);
  expect(errors).toEqual([]);
}

const id = oneof(
  constantFrom("1", "x", "..", "%00", "a%2Fb", "%", "🐎"),
  string({ maxLength: 20 }).map(encodeURIComponent),
);
const uuid = constantFrom("1cbdc8a5-4e3e-4cbb-9b1f-6a1a04c0f3a1", "7f0c2b9e-55a1-4b6f-9d0e-0a1b2c3d4e5f", "1", "");
const value = oneof(
  { weight: 3, arbitrary: string({ unit: "binary", maxLength: 30 }) },
  { weight: 1, arbitrary: jsonValue({ maxDepth: 4 }) },
);
const body = oneof(
  {
    weight: 4,
    arbitrary: record(
      {
        clientId: uuid,
        title: value,
        text: value,
        question: value,
        name: value,
        email: value,
        attachments: value,
        fields: value,
        context: value,
        status: value,
        score: value,
        typing: value,
        messageId: value,
        token: value,
        code: value,
        username: value,
        password: value,
        locale: value,
      },
      { requiredKeys: [] },
    ).map((each) => JSON.stringify(each)),
  },
  { weight: 1, arbitrary: json({ maxDepth: 6 }) },
  { weight: 1, arbitrary: string({ unit: "binary" }) },
);

describe("the gateway", () => {
  test(`answers ${requests} requests with any body, query and id`, { timeout: 60_000 + requests * 20 }, async () => {
    const routes = gateway.routes.filter(({ path }) => !path.endsWith("/events"));
    await assert(
      asyncProperty(
        constantFrom(...routes),
        id,
        body,
        string({ maxLength: 12 }),
        uuid,
        async ({ method, path }, part, text, query, key) => {
          const hasBody = method !== "GET";
          const url = `http://gateway${path.replace(/:\w+(\{.*?\})?/, part)}?cursor=${encodeURIComponent(query)}&filter=${encodeURIComponent(query)}`;
          await answered(
            new Request(url, {
              method,
              headers: {
                Authorization: `Bearer ${token}`,
                "Content-Type": "application/json",
                "Idempotency-Key": key,
                "Tus-Resumable": "1.0.0",
                "Upload-Length": part.slice(0, 3).replaceAll(/[^ -~]/g, ""),
                "Upload-Offset": "0",
              },
              ...(hasBody && { body: text }),
            }),
          );
        },
      ),
      { numRuns: requests },
    );
  });

  test(`answers ${requests} invalid tokens`, { timeout: 60_000 + requests * 20 }, async () => {
    const piece = oneof(
      constantFrom(...token.split("."), ".", "=", "-", "eyJhbGciOiJub25lIn0", "e30", "bnVsbA"),
      string({ maxLength: 8, unit: constantFrom(...characters("abcXYZ019-_.=")) }),
    );
    await assert(
      asyncProperty(array(piece, { maxLength: 6 }), constantFrom("", "."), async (pieces, joint) => {
        const made = pieces.join(joint);
        if (made === token) return;
        const response = await gateway.fetch(
          new Request("http://gateway/tickets", { headers: { Authorization: `Bearer ${made}` } }),
        );
        expect(response.status).toBe(401);
        expect(errors).toEqual([]);
      }),
      { numRuns: requests },
    );
  });

  test(`answers ${requests} uploads with any metadata`, { timeout: 60_000 + requests * 20 }, async () => {
    const word = string({ maxLength: 12, unit: constantFrom(...characters("abcXYZ019+/=, filenamtyp")) });
    await assert(
      asyncProperty(
        tuple(word, word),
        oneof(constantFrom("0", "1", "-1", "9e99", "1.5", "٣", " 4 ".trim()), word),
        async ([one, two], length) => {
          await answered(
            new Request("http://gateway/uploads", {
              method: "POST",
              headers: {
                Authorization: `Bearer ${token}`,
                "Tus-Resumable": "1.0.0",
                "Upload-Length": length.replaceAll(/[^ -~]/g, ""),
                "Upload-Metadata": `filename ${Buffer.from(one).toString("base64")},filetype ${two},${one} ${two}`,
              },
            }),
          );
        },
      ),
      { numRuns: Math.ceil(requests / 10) },
    );
  });

  test("answers with any server environment", async () => {
    await assert(
      asyncProperty(anything(), async (env) => {
        const response = await gateway.fetch(new Request("http://gateway/session"), env);
        expect(response.status).toBe(200);
      }),
      { numRuns: 500 },
    );
  });
});
