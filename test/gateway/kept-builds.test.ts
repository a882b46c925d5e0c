import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { assetsFrom } from "../../src/gateway/index.ts";
import { send } from "./calls.ts";
import { serve, type Running } from "./server.ts";

let folder: string;
const running: Running[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "podpora-builds-"));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map(async ({ stop }) => await stop()));
  await rm(folder, { recursive: true });
});

const keep = () => ({ directory: join(folder, "kept") });

/** A build whose every file names it. */
async function build(number: number): Promise<string> {
  const directory = join(folder, `build-${number}`);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "podpora.js"), `script ${number}`);
  await writeFile(join(directory, `chat-0000000${number}.js`), `chat ${number}`);
  return directory;
}

async function copyOf(number: number, builds?: number) {
  const assets = assetsFrom(await build(number), { keep: { ...keep(), ...(builds === undefined ? {} : { builds }) } });
  const copy = await serve({ assets });
  running.push(copy);
  const { version = "" } = assets;
  // Started one after the other, as in upgrades.
  await utimes(join(keep().directory, version), number, number);
  return { version, text: async (path: string) => await textOf(copy, path) };
}

async function textOf(copy: Running, path: string): Promise<string> {
  const answer = await send(copy, path);
  return answer.status === 200 ? await answer.text() : String(answer.status);
}

describe("after an upgrade", () => {
  test("a page opened before it still finds the rest of its widget", async () => {
    const before = await copyOf(1);
    const { text, version } = await copyOf(2);
    expect(await text("/podpora.js")).toBe("script 2");
    expect(await text("/chat-00000002.js")).toBe("chat 2");
    expect(await text("/chat-00000001.js")).toBe("chat 1");
    expect(await text(`/${before.version}/podpora.js`)).toBe("script 1");
    expect(await text(`/${version}/podpora.js`)).toBe("script 2");
    expect(await text("/chat-00000009.js")).toBe("404");
  });

  test("a copy of the previous version finds the files of the new one, while both are running", async () => {
    const before = await copyOf(1);
    expect(await before.text("/chat-00000002.js")).toBe("404");
    const after = await copyOf(2);
    await expect.poll(async () => await before.text("/chat-00000002.js")).toBe("chat 2");
    expect(await before.text(`/${after.version}/podpora.js`)).toBe("script 2");
    expect(await before.text("/podpora.js")).toBe("script 1");
  });

  test("the newest builds are kept, as many as configured", async () => {
    for (const number of [1, 2, 3]) {
      // oxlint-disable-next-line no-await-in-loop -- in this order
      await copyOf(number, 2);
    }
    const { text } = await copyOf(4, 2);
    expect(await text("/chat-00000003.js")).toBe("chat 3");
    expect(await text("/chat-00000001.js")).toBe("404");
    expect(await readdir(keep().directory)).toHaveLength(2);
  });

  test("an incomplete or changed build is not served", async () => {
    const before = await copyOf(1);
    await writeFile(join(keep().directory, before.version, "chat-00000001.js"), "half of it");
    const { text } = await copyOf(2);
    expect(await text("/chat-00000001.js")).toBe("404");
    expect(await text(`/${before.version}/podpora.js`)).toBe("404");
  });

  test("browsers cache a file with a hash forever, and others for five minutes", async () => {
    await copyOf(1);
    const copy = running[0];
    const cache = async (path: string) => copy && (await send(copy, path)).headers.get("Cache-Control");
    expect(await cache("/chat-00000001.js")).toBe("public, max-age=31536000, immutable");
    expect(await cache("/podpora.js")).toBe("public, max-age=300");
  });
});

test("an unwritable directory is reported at the start", async () => {
  await writeFile(join(folder, "file"), "");
  const from = await build(1);
  expect(() => assetsFrom(from, { keep: { directory: join(folder, "file") } })).toThrow(/EEXIST|ENOTDIR/);
});
