import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assetsFrom } from "../../src/gateway/index.ts";
import { send } from "./calls.ts";
import { serve, type Running } from "./server.ts";

const script = "/* the widget */".repeat(50);
let directory: string;
let running: Running;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "podpora-assets-"));
  await mkdir(join(directory, "locales"));
  await writeFile(join(directory, "podpora.js"), script);
  await writeFile(join(directory, "secret.txt"), "not for the world");
  await writeFile(join(directory, "locales", "sl.json"), '{"a":"č"}');
  running = await serve({ assets: assetsFrom(directory), basePath: "/podpora", team: 'Ekipa <b>"&' });
});
afterAll(async () => {
  await running.stop();
  await rm(directory, { recursive: true });
});

describe("what a page needs", () => {
  test.each([
    ["/podpora.js", "text/javascript; charset=utf-8", script],
    ["/locales/sl.json", "application/json; charset=utf-8", '{"a":"č"}'],
  ])("%s is served to any page, for a while", async (path, type, text) => {
    const answer = await send(running, path, { headers: { Origin: "https://anywhere.example" } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Content-Type")).toBe(type);
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("*");
    expect(answer.headers.get("Cross-Origin-Resource-Policy")).toBe("cross-origin");
    expect(answer.headers.get("Cache-Control")).toBe("public, max-age=300");
    expect(await answer.text()).toBe(text);
  });

  test("is packed for who takes that, and plain for who does not", async () => {
    const packed = await send(running, "/podpora.js", { headers: { "Accept-Encoding": "gzip, br;q=1" } });
    expect(packed.headers.get("Content-Encoding")).toBe("br");
    expect(await packed.text()).toBe(script);
    const plain = await send(running, "/podpora.js", { headers: { "Accept-Encoding": "identity" } });
    expect(plain.headers.get("Content-Encoding")).toBeNull();
    expect(await plain.text()).toBe(script);
  });

  test("stands for ever under an address with its version, and only under that", async () => {
    const { version = "" } = assetsFrom(directory);
    expect(version).toMatch(/^[0-9a-f]{16}$/);
    for (const path of [`/${version}/podpora.js`, `/${version}/locales/sl.json`]) {
      const answer = await send(running, path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
    }
    expect((await send(running, "/0000000000000000/podpora.js")).status).toBe(404);
    const etag = (await send(running, "/podpora.js")).headers.get("ETag");
    expect(etag).toBe(`"${version}"`);
    expect((await send(running, "/podpora.js", { headers: { "If-None-Match": etag ?? "" } })).status).toBe(304);
  });

  test("changes its version with any byte", async () => {
    const before = assetsFrom(directory).version;
    await writeFile(join(directory, "locales", "sl.json"), '{"a":"š"}');
    expect(assetsFrom(directory).version).not.toBe(before);
  });

  test.each([
    "/secret.txt",
    "/locales/en.json",
    "/locales/..%2fpodpora.js",
    "/locales/%2e%2e%2fsecret.txt",
    "/..%2fsecret.txt",
    "/other.js",
  ])("%s is not there", async (path) => {
    expect((await send(running, path)).status).toBe(404);
  });

  test("has to be built", () => {
    expect(() => assetsFrom(join(directory, "nothing"))).toThrow("build the widget first");
  });
});

describe("the chat page", () => {
  test("runs one script of its own origin and nothing else", async () => {
    const answer = await send(running, "/chat?locale=sl");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Content-Type")).toContain("text/html");
    const policy = answer.headers.get("Content-Security-Policy") ?? "";
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]) {
      expect(policy.split("; ")).toContain(part);
    }
    expect(policy).not.toContain("unsafe");
    expect(answer.headers.get("Referrer-Policy")).toBe("no-referrer");
    const page = await answer.text();
    expect(page).toContain('<html lang="sl">');
    expect(page).toContain(
      '<script async src="podpora.js" data-podpora-view="page" data-podpora-route="chat"></script>',
    );
    expect(page).not.toMatch(/<style|style=|onload=|<script>/);
    expect(page).toContain("Ta stran potrebuje JavaScript.");
  });

  test("shows the team's name as text", async () => {
    const page = await (await send(running, "/chat")).text();
    expect(page).toContain("<title>Ekipa &lt;b&gt;&quot;&amp;</title>");
  });

  test.each(['"><script>alert(1)</script>', "x", "sl onload=alert(1)", "../.."])(
    "takes %s for no language",
    async (locale) => {
      const page = await (await send(running, `/chat?locale=${encodeURIComponent(locale)}`)).text();
      expect(page).toContain('<html lang="en">');
      expect(page).not.toContain("alert");
    },
  );
});
