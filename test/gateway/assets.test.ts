import { request, type IncomingHttpHeaders } from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
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
  await writeFile(join(directory, "podpora.js"), script);
  await writeFile(join(directory, "secret.txt"), "not for the world");
  await writeFile(join(directory, "sl-00000001.js"), "export default {}");
  running = await serve({ assets: assetsFrom(directory), basePath: "/podpora", team: 'Ekipa <b>"&' });
});
afterAll(async () => {
  await running.stop();
  await rm(directory, { recursive: true });
});

/** The raw bytes: fetch would decompress them. */
async function raw(path: string, headers: Readonly<Record<string, string>>, method = "GET") {
  return await new Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: Buffer }>(
    (resolve, reject) => {
      const call = request(`${running.url}${path}`, { method, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.once("end", () =>
          resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }),
        );
      });
      call.once("error", reject).end();
    },
  );
}

describe("the page's files", () => {
  test.each([
    ["/podpora.js", "public, max-age=300", script],
    ["/sl-00000001.js", "public, max-age=31536000, immutable", "export default {}"],
  ])("%s is served to any page", async (path, cache, text) => {
    const answer = await send(running, path, { headers: { Origin: "https://anywhere.example" } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Content-Type")).toBe("text/javascript; charset=utf-8");
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("*");
    expect(answer.headers.get("Cross-Origin-Resource-Policy")).toBe("cross-origin");
    expect(answer.headers.get("Cache-Control")).toBe(cache);
    expect(await answer.text()).toBe(text);
  });

  test.each([
    ["br", "br"],
    ["gzip", "gzip"],
    ["gzip, deflate, br", "br"],
    ["gzip;q=1.0, br;q=0.5", "gzip"],
    ["br;q=0, gzip", "gzip"],
    ["br;q=0", null],
    ["BR", "br"],
    ["*", "br"],
    ["*;q=0.5, br;q=0", "gzip"],
    ["*;q=0", null],
    ["identity", null],
    ["identity;q=0, br", "br"],
    ["identity, br;q=0.1", null],
    ["deflate", null],
    ["", null],
  ])("to %j it is sent encoded as %j, with its length", async (accepted, coding) => {
    const answer = await raw("/podpora.js", { "Accept-Encoding": accepted });
    expect(answer.headers["content-encoding"] ?? null).toBe(coding);
    expect(answer.headers["content-length"]).toBe(String(answer.body.length));
    expect(answer.headers["transfer-encoding"]).toBeUndefined();
    expect(answer.headers["vary"]).toContain("Accept-Encoding");
    const unpack = { br: brotliDecompressSync, gzip: gunzipSync };
    const plain = coding === "br" || coding === "gzip" ? unpack[coding](answer.body) : answer.body;
    expect(plain.toString()).toBe(script);
  });

  test("each file and each encoding has its own tag", async () => {
    const tags = await Promise.all(
      ["br", "gzip", "identity"].flatMap((accepted) =>
        ["/podpora.js", "/sl-00000001.js"].map(
          async (path) => (await raw(path, { "Accept-Encoding": accepted })).headers["etag"],
        ),
      ),
    );
    expect(new Set(tags).size).toBe(6);
    for (const tag of tags) expect(tag).toMatch(/^"[\w-]+"$/);
  });

  test("a client that has the file gets 304 without a body, whatever other tags it sends, and in its own encoding", async () => {
    const { etag = "" } = (await raw("/podpora.js", { "Accept-Encoding": "br" })).headers;
    const ask = async (known: string, accepted = "br") =>
      await raw("/podpora.js", { "Accept-Encoding": accepted, "If-None-Match": known });
    for (const known of [etag, `W/${etag}`, `"other", W/${etag}`, `"a,b",${etag}`, "*"]) {
      // oxlint-disable-next-line no-await-in-loop -- a handful
      const answer = await ask(known);
      expect([known, answer.status, answer.body.length, answer.headers["etag"]]).toEqual([known, 304, 0, etag]);
      expect(answer.headers["vary"]).toContain("Accept-Encoding");
      expect(answer.headers["cache-control"]).toBe("public, max-age=300");
    }
    expect((await ask('"other"')).status).toBe(200);
    expect((await ask(etag, "gzip")).status).toBe(200);
    expect((await ask(etag.replaceAll('"', ""))).status).toBe(200);
  });

  test("HEAD returns the same headers without the body", async () => {
    const answer = await raw("/podpora.js", { "Accept-Encoding": "gzip" }, "HEAD");
    const { headers } = await raw("/podpora.js", { "Accept-Encoding": "gzip" });
    expect([answer.status, answer.body.length]).toEqual([200, 0]);
    for (const name of ["etag", "content-length", "content-encoding"]) expect(answer.headers[name]).toBe(headers[name]);
  });

  test("is immutable under an address with its version, and only under that", async () => {
    const { version = "" } = assetsFrom(directory);
    expect(version).toMatch(/^[0-9a-f]{16}$/);
    for (const path of [`/${version}/podpora.js`, `/${version}/sl-00000001.js`]) {
      const answer = await send(running, path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
    }
    expect((await send(running, "/0000000000000000/podpora.js")).status).toBe(404);
  });

  test("changes its version with any byte", async () => {
    const before = assetsFrom(directory).version;
    await writeFile(join(directory, "sl-00000001.js"), "export default { a: 1 }");
    expect(assetsFrom(directory).version).not.toBe(before);
  });

  test.each(["/secret.txt", "/en-00000001.js", "/locales/sl.json", "/..%2fsecret.txt", "/other.js"])(
    "%s is not found",
    async (path) => {
      expect((await send(running, path)).status).toBe(404);
    },
  );

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

  test("may also load the agents' pictures from where they are", async () => {
    const picture = "https://cdn.example.org/maja.jpg";
    const other = await serve({ assets: assetsFrom(directory), agents: [{ name: "Maja", picture }, { name: "Bor" }] });
    const answer = await send(other, "/chat");
    await other.stop();
    expect(answer.headers.get("Content-Security-Policy")).toContain("connect-src 'self' https://cdn.example.org;");
  });

  test("shows the team's name as text", async () => {
    const page = await (await send(running, "/chat")).text();
    expect(page).toContain("<title>Ekipa &lt;b&gt;&quot;&amp;</title>");
  });

  test.each(['"><script>alert(1)</script>', "x", "sl onload=alert(1)", "../.."])(
    "treats %s as no language",
    async (locale) => {
      const page = await (await send(running, `/chat?locale=${encodeURIComponent(locale)}`)).text();
      expect(page).toContain('<html lang="en">');
      expect(page).not.toContain("alert");
    },
  );
});
