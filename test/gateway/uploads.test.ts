import { readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { memory } from "../../src/adapters/memory/index.ts";
import { ana, boris } from "../adapters/members.ts";
import { as, create, draft, guestToken, json, send } from "./calls.ts";
import { serve, type Running } from "./server.ts";

let running: Running;
let token: string;
beforeEach(async () => {
  running = await serve(
    { basePath: "/podpora" },
    memory({ limits: { maxBytes: 100_000, accept: ["image/*", "text/plain"] } }),
  );
  token = await as(ana);
});
afterEach(async () => await running.stop());

const tus = { "Tus-Resumable": "1.0.0" };
const b64 = (text: string) => Buffer.from(text).toString("base64");
const png = (size: number) => {
  const bytes = new Uint8Array(size).fill(7);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return bytes;
};

interface Wanted {
  readonly name?: string;
  readonly type?: string;
  readonly size?: number | string;
  readonly who?: string;
}
async function begin({ name = "slika.png", type = "image/png", size = 1000, who = token }: Wanted = {}) {
  const headers = {
    ...tus,
    "Upload-Length": String(size),
    "Upload-Metadata": `filename ${b64(name)},filetype ${b64(type)}`,
  };
  return await send(running, "/uploads", { method: "POST", token: who, headers });
}
async function begun(wanted: Wanted = {}): Promise<string> {
  const answer = await begin(wanted);
  expect(answer.status).toBe(201);
  const location = answer.headers.get("Location") ?? "";
  expect(location).toMatch(/^\/podpora\/uploads\/[0-9a-f]{32}$/);
  return location.replace("/podpora", "");
}
interface How {
  readonly method?: string;
  readonly override?: string;
}
async function patch(
  path: string,
  offset: number,
  bytes: Uint8Array<ArrayBuffer>,
  who = token,
  { method = "PATCH", override }: How = {},
) {
  return await fetch(`${running.url}${path}`, {
    method,
    headers: {
      ...tus,
      ...(override !== undefined && { "X-HTTP-Method-Override": override }),
      Authorization: `Bearer ${who}`,
      "Upload-Offset": String(offset),
      "Content-Type": "application/offset+octet-stream",
    },
    body: bytes,
  });
}
const head = async (path: string, who = token) =>
  await send(running, path, { method: "HEAD", token: who, headers: tus });
const finish = async (path: string, who = token) =>
  await send(running, `${path}/finish`, { method: "POST", token: who });

describe("an upload", () => {
  test("resumes at the server's offset after a cut, and arrives complete", async () => {
    const bytes = png(1000);
    const path = await begun();
    expect((await patch(path, 0, bytes.slice(0, 400))).headers.get("Upload-Offset")).toBe("400");
    const wrong = await patch(path, 100, bytes.slice(100));
    expect(wrong.status).toBe(409);
    expect(wrong.headers.get("Content-Type")).toBe("application/problem+json");
    expect((await finish(path)).status).toBe(409);
    const offset = Number((await head(path)).headers.get("Upload-Offset"));
    expect(offset).toBe(400);
    expect((await patch(path, offset, bytes.slice(offset))).status).toBe(204);
    const attachment = await json(await finish(path));
    expect(attachment).toMatchObject({ name: "slika.png", bytes: 1000, type: "image/png" });
    const made = await create(running, "/tickets", token, draft({ attachments: [attachment["id"]] }));
    const record = await running.desk.agent.ticket(String((await json(made))["id"]));
    expect(Buffer.from(record?.attachments[0]?.bytes ?? []).equals(bytes)).toBe(true);
  });

  test("is accepted by POST through a proxy without PATCH, from its own member only", async () => {
    const bytes = png(1000);
    const path = await begun();
    const asPatch = { method: "POST", override: "PATCH" };
    expect((await patch(path, 0, bytes, await as(boris), asPatch)).status).toBe(404);
    expect((await patch(path, 0, bytes, token, { method: "POST" })).status).toBe(404);
    expect((await patch(path, 0, bytes, token, { method: "POST", override: "DELETE" })).status).toBe(404);
    expect((await patch(path, 0, bytes, token, asPatch)).headers.get("Upload-Offset")).toBe("1000");
    expect((await finish(path)).status).toBe(200);
  });

  test("keeps what arrived before the connection broke", async () => {
    const path = await begun({ size: 1000 });
    const gone = new AbortController();
    const body = new ReadableStream({
      async start(controller) {
        controller.enqueue(png(300));
        await expect.poll(async () => (await sizeOf(path)) >= 300, { timeout: 5000 }).toBe(true);
        gone.abort();
      },
    });
    const cut = fetch(`${running.url}${path}`, {
      method: "PATCH",
      headers: {
        ...tus,
        Authorization: `Bearer ${token}`,
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
      },
      body,
      duplex: "half",
      signal: gone.signal,
    } as RequestInit);
    await expect(cut).rejects.toThrow(/abort/i);
    await expect.poll(async () => (await head(path)).headers.get("Upload-Offset"), { timeout: 10_000 }).toBe("300");
    expect((await patch(path, 300, png(1000).slice(300))).status).toBe(204);
  });

  test("finished twice is one attachment, and leaves nothing behind", async () => {
    const path = await begun();
    await patch(path, 0, png(1000));
    const first = await json(await finish(path));
    const again = await json(await finish(path));
    expect(again).toEqual(first);
    expect(await readdir(running.directory)).toEqual([]);
  });

  test("of another member is not found by any call", async () => {
    const path = await begun();
    await patch(path, 0, png(1000));
    for (const who of [await as(boris), await guestToken(running)]) {
      const answers = [
        await head(path, who),
        await patch(path, 1000, new Uint8Array(1), who),
        await finish(path, who),
        await send(running, path, { method: "DELETE", token: who, headers: tus }),
      ];
      expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404, 404]);
    }
    expect((await begin({ who: "" })).status).toBe(401);
    expect((await send(running, path, { token })).status).toBe(404);
    expect((await finish(path)).status).toBe(200);
  });

  test("may not choose its owner", async () => {
    const headers = {
      ...tus,
      "Upload-Length": "8",
      "Upload-Metadata": `filetype ${b64("image/png")},owner ${b64("boris")}`,
    };
    const answer = await send(running, "/uploads", { method: "POST", token, headers });
    const path = (answer.headers.get("Location") ?? "").replace("/podpora", "");
    expect((await head(path, await as(boris))).status).toBe(404);
    expect((await head(path)).status).toBe(200);
  });

  test.each(["..%2f..%2fetc%2fpasswd", "..", "x.json", "0".repeat(32)])("with the id %s is not found", async (id) => {
    await writeFile(join(running.directory, "x"), "");
    expect((await head(`/uploads/${id}`)).status).toBe(404);
  });

  test("over the limit is refused before a byte of it is received", async () => {
    const answer = await begin({ size: 100_001 });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: "too-large" });
    const path = await begun({ size: 10 });
    expect((await patch(path, 0, png(11))).status).toBe(413);
    expect((await head(path)).headers.get("Upload-Offset")).toBe("0");
  });

  test.each([
    ["of a type that is not taken", { type: "application/x-msdownload" }],
    ["of no type", { type: "" }],
    ["of a type that is none", { type: "image/<script>" }],
    ["that is empty", { size: 0 }],
  ])("%s is refused", async (_what, wanted) => {
    const answer = await begin(wanted);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ code: "invalid", fields: { file: expect.any(String) as unknown } });
    expect(await readdir(running.directory)).toEqual([]);
  });

  test.each([
    ["image/png", "<html><script>alert(1)</script>"],
    ["image/svg+xml", "<svg onload='alert(1)'>"],
    ["image/jpeg", "%PDF-1.7"],
  ])("that declares %s but begins with %s is refused, and deleted", async (type, text) => {
    const bytes = new TextEncoder().encode(text);
    const path = await begun({ type, size: bytes.length });
    await patch(path, 0, bytes);
    const answer = await finish(path);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ code: "invalid" });
    expect(await readdir(running.directory)).toEqual([]);
    expect((await finish(path)).status).toBe(422);
  });

  test("has a clean name at the desk, whatever its original name", async () => {
    const path = await begun({ name: "../\u202e..\\\u200b.htaccess\0.html", size: 8 });
    await patch(path, 0, png(8));
    expect(await json(await finish(path))).toMatchObject({ name: "htaccess.html.png" });
  });

  test("without enough disk space is 507, and nothing of it is acknowledged", async () => {
    const path = await begun();
    const file = join(running.directory, path.replace("/uploads/", ""));
    await rm(file);
    await symlink("/dev/full", file);
    const answer = await patch(path, 0, png(1000));
    expect(answer.status).toBe(507);
    expect(answer.headers.get("Upload-Offset")).toBeNull();
    expect(await answer.json()).toMatchObject({ code: "unavailable" });
    expect(running.errors.length).toBeGreaterThan(0);
  });
});

async function stored(name: string, type: string, content: string): Promise<string> {
  const ctx = { signal: new AbortController().signal, locale: "en", member: ana };
  const open = await running.desk.uploads?.upload(new File([content], name, { type }), ctx);
  return open?.id ?? "";
}

describe("a download", () => {
  test("is saved as a file, and never shown as a page", async () => {
    const answer = await send(running, `/files/${await stored("č “x”.txt", "text/plain", "<script>")}`, { token });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe("<script>");
    expect(answer.headers.get("Content-Disposition")).toBe(
      `attachment; filename="_ _x_.txt"; filename*=UTF-8''%C4%8D%20%E2%80%9Cx%E2%80%9D.txt`,
    );
    expect(answer.headers.get("Content-Security-Policy")).toContain("sandbox");
    expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(answer.headers.get("Cache-Control")).toBe("private, no-store");
  });

  test("of a type that a browser would render is plain bytes", async () => {
    const answer = await send(running, `/files/${await stored("x.svg", "image/svg+xml", "<svg/>")}`, { token });
    expect(answer.headers.get("Content-Type")).toBe("application/octet-stream");
  });
});

async function sizeOf(path: string): Promise<number> {
  return (await stat(join(running.directory, path.replace("/uploads/", "")))).size;
}
