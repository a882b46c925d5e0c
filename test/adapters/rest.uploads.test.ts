import { createServer, request as httpRequest } from "node:http";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connectRest, type UploadUrls } from "../../src/adapters/rest/index.ts";
import { memory } from "../../src/adapters/memory/index.ts";
import type { UploadsApi } from "../../src/core/contract/adapter.ts";
import { serve, siteToken, type Running } from "../gateway/server.ts";
import { ana } from "./members.ts";
import { keptToken } from "./tokens.ts";

let running: Running;
beforeEach(async () => {
  running = await serve({}, memory({ limits: { maxBytes: 5_000_000, accept: ["image/*"] } }));
});
afterEach(async () => await running.stop());

const ctx = (signal = new AbortController().signal) => ({ signal, locale: "sl" });
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function picture(size: number): File {
  const bytes = new Uint8Array(size).map((_, index) => index % 251);
  bytes.set(PNG);
  return new File([bytes], "slika.png", { type: "image/png" });
}

interface Call {
  readonly method: string;
  readonly path: string;
}
/** What a proxy does with a call: passes it on, drops it before, or drops the answer after. */
type Fault = (call: Call, count: number) => "pass" | "drop" | "lose-answer" | "cut-half" | 405 | 501;

async function through(fault: Fault) {
  const calls: string[] = [];
  const target = new URL(running.url);
  const proxy = createServer((request, response) => {
    const call = { method: request.method ?? "", path: request.url ?? "" };
    calls.push(`${call.method} ${call.path.replace(/[0-9a-f]{32}/, "ID")}`);
    const what = fault(call, calls.length);
    if (what === "drop") {
      request.socket.resetAndDestroy();
      return;
    }
    if (typeof what === "number") {
      // The bytes are read, so that the answer arrives.
      request.resume().on("end", () => response.writeHead(what, { "Content-Type": "text/html" }).end("<h1>No</h1>"));
      return;
    }
    const onward = httpRequest(
      { host: target.hostname, port: target.port, method: call.method, path: call.path, headers: request.headers },
      (answer) => {
        if (what === "lose-answer") {
          answer.resume().on("end", () => request.socket.resetAndDestroy());
          return;
        }
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on("error", () => request.socket.resetAndDestroy());
    if (what !== "cut-half") {
      request.pipe(onward);
      return;
    }
    let sent = 0;
    request.on("data", (chunk: Buffer) => {
      if (sent > 0) return;
      sent += chunk.length;
      onward.write(chunk, () => setTimeout(() => onward.destroy(), 50));
    });
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const address = proxy.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    calls,
    stop: () => {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}

function rememberedUrls(): UploadUrls & { readonly urls: Map<string, string> } {
  const urls = new Map<string, string>();
  return {
    urls,
    get: async (clientId) => urls.get(clientId),
    async set(clientId, url) {
      if (url === undefined) urls.delete(clientId);
      else urls.set(clientId, url);
    },
  };
}

async function uploadsAt(endpoint: string, uploads?: UploadUrls): Promise<UploadsApi> {
  const token = keptToken(await siteToken(ana));
  const adapter = await connectRest({ endpoint, token, ...(uploads ? { uploads } : {}) }, ctx());
  if (adapter.uploads === undefined) throw new Error("no uploads");
  return adapter.uploads;
}

async function isWhole(id: string, file: File): Promise<boolean> {
  const stored = await running.desk.uploads?.download?.(id, { ...ctx(), member: ana });
  const bytes = Buffer.from((await stored?.arrayBuffer()) ?? new ArrayBuffer());
  return bytes.equals(Buffer.from(await file.arrayBuffer()));
}

describe("an upload over a bad network", () => {
  const size = 1_300_000;

  test.each<[string, Fault]>([
    ["every third call is dropped", (_call, count) => (count % 3 === 0 ? "drop" : "pass")],
    ["every second answer is lost", (_call, count) => (count > 1 && count % 2 === 0 ? "lose-answer" : "pass")],
    [
      "some chunks are cut in the middle",
      ({ method }, count) => (method === "PATCH" && count % 4 !== 0 ? "cut-half" : "pass"),
    ],
  ])(
    "arrives whole when %s",
    async (_what, fault) => {
      const proxy = await through(fault);
      const uploads = await uploadsAt(proxy.url).catch(async () => await uploadsAt(proxy.url));
      const fractions: number[] = [];
      const file = picture(size);
      const attachment = await uploads.upload(file, {
        ...ctx(),
        clientId: "f",
        onProgress: (fraction) => void fractions.push(fraction),
      });
      expect(await isWhole(attachment.id, file)).toBe(true);
      expect(fractions).toEqual(fractions.toSorted((left, right) => left - right));
      expect(fractions.at(-1)).toBe(1);
      proxy.stop();
    },
    30_000,
  );

  test("continues after a reload where it stopped, without sending bytes twice", async () => {
    const urls = rememberedUrls();
    const stop = new AbortController();
    const reason = new Error("reload");
    const file = picture(size);
    const first = (await uploadsAt(running.url, urls)).upload(file, {
      ...ctx(stop.signal),
      clientId: "f",
      onProgress: () => stop.abort(reason),
    });
    await expect(first).rejects.toBe(reason);
    expect(urls.urls.size).toBe(1);

    const proxy = await through(() => "pass");
    const kept = urls.urls.get("f") ?? "";
    urls.urls.set("f", kept.replace(running.url, proxy.url));
    const attachment = await (await uploadsAt(proxy.url, urls)).upload(file, { ...ctx(), clientId: "f" });
    expect(await isWhole(attachment.id, file)).toBe(true);
    expect(proxy.calls).not.toContain("POST /uploads");
    expect(proxy.calls.filter((call) => call.startsWith("PATCH"))).toHaveLength(2);
    expect(urls.urls.size).toBe(0);
    proxy.stop();
  });

  test("whose last answer was lost is found at the desk, and is not sent again", async () => {
    const urls = rememberedUrls();
    let lost = 0;
    const proxy = await through(({ path }) => (path.endsWith("/finish") && (lost += 1) === 1 ? "lose-answer" : "pass"));
    const file = picture(1000);
    const stop = new AbortController();
    const first = (await uploadsAt(proxy.url, urls)).upload(file, { ...ctx(stop.signal), clientId: "f" });
    await expect.poll(() => lost).toBe(1);
    stop.abort(new Error("reload"));
    await expect(first).rejects.toThrow("reload");
    await expect.poll(() => urls.urls.size).toBe(1);
    const attachment = await (await uploadsAt(proxy.url, urls)).upload(file, { ...ctx(), clientId: "f" });
    expect(await isWhole(attachment.id, file)).toBe(true);
    expect(proxy.calls.filter((call) => call === "POST /uploads")).toHaveLength(1);
    proxy.stop();
  });

  test("that the server has forgotten starts again", async () => {
    const urls = rememberedUrls();
    urls.urls.set("f", `${running.url}/uploads/${"0".repeat(32)}`);
    const file = picture(1000);
    const attachment = await (await uploadsAt(running.url, urls)).upload(file, { ...ctx(), clientId: "f" });
    expect(await isWhole(attachment.id, file)).toBe(true);
  });

  test("never sends its token to an address that is not the gateway's", async () => {
    const strangers: string[] = [];
    const stranger = createServer((request, response) => {
      strangers.push(request.headers.authorization ?? "");
      response.end();
    });
    stranger.listen(0, "127.0.0.1");
    await once(stranger, "listening");
    const address = stranger.address();
    const urls = rememberedUrls();
    urls.urls.set("f", `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/uploads/1`);
    await (await uploadsAt(running.url, urls)).upload(picture(1000), { ...ctx(), clientId: "f" });
    expect(strangers).toEqual([]);
    stranger.close();
  });

  test("gives up after a few tries without progress", async () => {
    const proxy = await through(({ method }) => (method === "PATCH" ? "drop" : "pass"));
    const uploads = await uploadsAt(proxy.url);
    await expect(uploads.upload(picture(1000), ctx())).rejects.toMatchObject({ code: "network" });
    expect(proxy.calls.filter((call) => call.startsWith("PATCH"))).toHaveLength(6);
    proxy.stop();
  }, 30_000);
});

describe("an upload through a proxy without PATCH", () => {
  test.each([405, 501] as const)("and says %i arrives whole by POST, and PATCH is not tried again", async (status) => {
    const proxy = await through(({ method }) => (method === "PATCH" ? status : "pass"));
    const uploads = await uploadsAt(proxy.url);
    const files = [picture(1_300_000), picture(1_000)];
    for (const [index, file] of files.entries()) {
      // oxlint-disable-next-line no-await-in-loop -- the second is sent when the first is there
      const attachment = await uploads.upload(file, { ...ctx(), clientId: `f${index}` });
      // oxlint-disable-next-line no-await-in-loop -- see above
      expect(await isWhole(attachment.id, file)).toBe(true);
    }
    expect(proxy.calls.filter((call) => call.startsWith("PATCH"))).toHaveLength(1);
    expect(proxy.calls.filter((call) => call === "POST /uploads/ID")).toHaveLength(4);
    proxy.stop();
  });

  test("continues where it stopped, over a bad network too", async () => {
    let posts = 0;
    const proxy = await through(({ method, path }) => {
      if (method === "PATCH") return 405;
      const isChunk = method === "POST" && /\/uploads\/[0-9a-f]{32}$/.test(path);
      return isChunk && (posts += 1) === 2 ? "lose-answer" : "pass";
    });
    const file = picture(1_300_000);
    const attachment = await (await uploadsAt(proxy.url)).upload(file, { ...ctx(), clientId: "f" });
    expect(await isWhole(attachment.id, file)).toBe(true);
    proxy.stop();
  });
});

test("a file over the limit, or of another type, costs no request", async () => {
  const proxy = await through(() => "pass");
  const uploads = await uploadsAt(proxy.url);
  const before = proxy.calls.length;
  await expect(uploads.upload(picture(5_000_001), ctx())).rejects.toMatchObject({ code: "too-large" });
  const exe = new File(["MZ"], "setup.exe", { type: "application/x-msdownload" });
  await expect(uploads.upload(exe, ctx())).rejects.toMatchObject({ code: "invalid" });
  expect(proxy.calls).toHaveLength(before);
  proxy.stop();
});
