import { SignJWT } from "jose";
import { afterEach, describe, expect, test } from "vitest";
import { stopAll } from "./process.ts";
import { started } from "./started.ts";

afterEach(stopAll);

const siteSecret = "the site's own secret of these tests, long enough";

async function token({ secret = siteSecret, audience = "help", expires = "5m", subject = "skrivnost" } = {}) {
  return await new SignJWT({})
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(subject)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(secret));
}

const identity = `identity: { secret: "${siteSecret}", audience: "help" },`;

describe("the reason why a caller is refused", () => {
  test.each([
    ["token:expired", async () => await token({ expires: "-5m" })],
    ["token:signature", async () => await token({ secret: "another secret, which is long enough too" })],
    ["token:audience", async () => await token({ audience: "skrivnost" })],
    ["token:claims", async () => await token({ subject: "" })],
    ["token:malformed", async () => "skrivnost.skrivnost.skrivnost"],
    ["token:no-bearer", async () => "ne, skrivnost"],
  ])("%s is logged and counted, without any part of the token", async (reason, make) => {
    const { lines, manage, origin, process } = await started(identity);
    const answer = await fetch(`${origin}/session`, { headers: { Authorization: `Bearer ${await make()}` } });
    expect(answer.status).toBe(401);
    await expect
      .poll(() => lines().find((line) => line["reason"] === reason))
      .toMatchObject({ route: "/session", status: 401 });
    expect(await (await manage("/metrics")).text()).toContain(`podpora_refused_total{reason="${reason}"} 1`);
    expect(process.out() + process.err()).not.toContain("skrivnost");
  });

  test("is also logged for a missing token, a signed-out token, and a rate limit", async () => {
    const { call, lines, origin } = await started("limits: { guests: { capacity: 1, refillMs: 600_000 } },");
    expect((await fetch(`${origin}/tickets`)).status).toBe(401);
    expect((await fetch(`${origin}/session/guest`, { method: "POST" })).status).toBe(429);
    const reasons = () => lines().flatMap(({ reason }) => reason ?? []);
    await expect.poll(reasons).toEqual(["token:missing", "limit:guests"]);
    expect((await call("/session/sign-out", {})).status).toBeLessThan(300);
    expect((await call("/tickets")).status).toBe(401);
    await expect.poll(reasons).toEqual(["token:missing", "limit:guests", "token:signed-out"]);
  });
});

describe("other metrics", () => {
  test("count a repeated write, and the bytes of a file", async () => {
    const { call, manage, origin } = await started();
    const clientId = crypto.randomUUID();
    for (let count = 0; count < 2; count += 1) {
      // oxlint-disable-next-line no-await-in-loop -- the second after the first
      expect((await call("/tickets", { title: "One", text: "Text" }, clientId)).status).toBe(201);
    }
    const { token: guest } = (await (await fetch(`${origin}/session/guest`, { method: "POST" })).json()) as {
      token: string;
    };
    const tus = { Authorization: `Bearer ${guest}`, "Tus-Resumable": "1.0.0" };
    const made = await fetch(`${origin}/uploads`, {
      method: "POST",
      headers: { ...tus, "Upload-Length": "5", "Upload-Metadata": "filename YS50eHQ=,filetype dGV4dC9wbGFpbg==" },
    });
    const sent = await fetch(new URL(made.headers.get("Location") ?? "", origin), {
      method: "PATCH",
      headers: { ...tus, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0" },
      body: "hello",
    });
    expect(sent.status).toBe(204);
    const text = await (await manage("/metrics")).text();
    expect(text).toContain("podpora_replays_total 1");
    expect(text).toContain("podpora_upload_bytes_total 5");
    expect(text).toMatch(/podpora_store_call_seconds_count\{call="take"\} \d+/);
    expect(text).toMatch(/podpora_build_info\{version="[\d.]+",node="[\d.]+",widget="unknown",adapter="memory"\} 1/);
  });

  test("a valid trace of the caller's is in the log line of their request", async () => {
    const { lines, origin } = await started();
    const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    const ask = async (traceparent: string) => await fetch(`${origin}/session`, { headers: { traceparent } });
    await ask(`00-${trace}-00f067aa0ba902b7-01`);
    await ask("00-skrivnost-00f067aa0ba902b7-01");
    await ask(`00-${"0".repeat(32)}-00f067aa0ba902b7-01`);
    await expect.poll(() => lines().filter(({ route }) => route === "/session")).toHaveLength(3);
    expect(lines().flatMap(({ span, trace: told }) => (told === undefined ? [] : [[told, span]]))).toEqual([
      [trace, "00f067aa0ba902b7"],
    ]);
  });
});

describe("a config that does not fit the site is logged once", () => {
  test("for a proxy that the config does not count", async () => {
    const { lines, origin } = await started();
    for (let count = 0; count < 3; count += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await fetch(`${origin}/session`, { headers: { "X-Forwarded-For": "203.0.113.7" } });
    }
    await expect.poll(() => lines().filter(({ option }) => option === "proxies")).toHaveLength(1);
  });

  test("for a page whose origin is not listed", async () => {
    const { lines, origin } = await started('origins: ["https://www.example.org"],');
    for (const page of ["https://www.example.org", "https://shop.example.org", "https://shop.example.org", "null"]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await fetch(`${origin}/session`, { headers: { Origin: page } });
    }
    const told = () => lines().flatMap(({ option, origin: page }) => (option === "origins" ? [page] : []));
    await expect.poll(told).toEqual(["https://shop.example.org"]);
  });
});
