import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import { marmot as least } from "../../demo/examples/marmot/least.ts";
import { marmot } from "../../demo/examples/marmot/marmot.ts";
import { startDesk } from "../../demo/examples/marmot/server.ts";
import type { CallContext } from "../../src/index.ts";
import { check } from "../../src/server/index.ts";
import { temporaryFolder } from "../demo/folder.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");
const guide = read("docs/write-an-adapter.md");
const contract = "test/adapters/marmot.contract.test.ts";
const key = "an-agents-key";

/** A file of the example as `take` of the guide writes it. */
function taken(path: string): string {
  return read(path)
    .replaceAll(/"[./]*\/src\/index\.ts"/g, '"podpora"')
    .replaceAll(/"[./]*\/src\/([a-z]*)\/index\.ts"/g, '"podpora/$1"')
    .replaceAll(/"[./]*\/demo\/examples\/marmot\//g, '"./');
}

const blocks = [...guide.matchAll(/^```ts (\S+)\n([\s\S]*?)^```$/gm)].map(([, file = "", code = ""], index) => ({
  number: index + 1,
  file,
  code,
}));
const sources: Readonly<Record<string, string>> = {
  "marmot.ts": "demo/examples/marmot/least.ts",
  "marmot.test.ts": contract,
};

test("the code that the guide explains step by step stays under 250 lines", () => {
  const [steps = ""] = guide.split("\n## 8.");
  expect(steps.split("\n").length).toBeLessThan(250);
  expect(steps).not.toBe(guide);
});

test.each(blocks)("block $number of the guide is in $file, which is type-checked and tested", ({ file, code }) => {
  const source = taken(sources[file] ?? `demo/examples/marmot/${file}`);
  // The imports of the test are in another order here, since their paths differ.
  const [imports, rest] = [/^import .*\n/gm, /^(?!import ).*\n/gm].map((part) => code.match(part) ?? []);
  for (const line of imports ?? []) expect(source).toContain(line);
  // The whole test grows by its gaps.
  expect(source).toContain(
    (rest ?? [])
      .join("")
      .replace(/^\}\);\n/m, "")
      .trim(),
  );
});

test("the guide's files are all in the example", () => {
  const named = [...guide.matchAll(/^take (.*?)(?: ;.*)?$/gm)].flatMap(([, files = ""]) => files.split(" "));
  expect(named.length).toBeGreaterThan(10);
  for (const file of named) expect(taken(`demo/examples/marmot/${file}`)).not.toContain("src/");
});

test("the guide states the contract's figures correctly", { timeout: 60_000 }, async () => {
  const vitest = fileURLToPath(new URL("vitest.mjs", import.meta.resolve("vitest/package.json")));
  const { path, remove } = await temporaryFolder();
  onTestFinished(remove);
  const args = ["run", contract, "--project", "server", "--reporter", "json", "--outputFile", `${path}/report.json`];
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST")));
  await promisify(execFile)(process.execPath, [vitest, ...args], { cwd: fileURLToPath(root), env });
  const { numPassedTests, numPendingTests, numTotalTests } = JSON.parse(await readFile(`${path}/report.json`, "utf8"));
  expect(guide).toContain(
    `${numPassedTests - 1} passed | 1 expected fail | ${numPendingTests} skipped (${numTotalTests})`,
  );
  const figures = [...guide.matchAll(/(?:\d+ (?:failed|passed|expected fail|skipped)(?: \\?\| )?){2,}/g)].map(String);
  expect(figures.length).toBeGreaterThan(6);
  for (const figure of figures) {
    const sum = (figure.match(/\d+/g) ?? []).reduce((before, each) => before + Number(each), 0);
    expect([figure, sum]).toEqual([figure, numTotalTests]);
  }
});

async function desk() {
  const { url, stop } = await startDesk({ key });
  onTestFinished(stop);
  return url;
}

function ctx(id: string, signal = new AbortController().signal): CallContext {
  return { signal, locale: "en", member: { id } };
}
const draft = (clientId: string) => ({ clientId, title: "Naročilo", text: "Ne gre" });

test("the least adapter of the guide creates a ticket, and the same one twice", async () => {
  const { tickets } = least({ url: await desk(), key });
  const first = await tickets?.create(draft("a"), ctx("ana"));
  expect(first).toMatchObject({ title: "Naročilo", status: "open", statusLabel: "new" });
  expect((await tickets?.create(draft("a"), ctx("ana")))?.number).not.toBe(first?.number);
});

test("a desk that refuses the key, or is unreachable, is unavailable: the member cannot fix that", async () => {
  const url = await desk();
  const refused = marmot({ url, key: "another" }).tickets?.create(draft("a"), ctx("ana"));
  await expect(refused).rejects.toMatchObject({ code: "unavailable", message: "Marmot does not accept this key" });
  const gone = marmot({ url: "http://127.0.0.1:1", key }).tickets?.create(draft("a"), ctx("ana"));
  await expect(gone).rejects.toMatchObject({ code: "unavailable" });
});

test("without a member nothing is read or written", async () => {
  const { tickets, uploads } = marmot({ url: await desk(), key });
  const { member: _member, ...nobody } = ctx("ana");
  await expect(tickets?.create(draft("a"), nobody)).rejects.toMatchObject({ code: "unauthorized" });
  await expect(tickets?.list?.({ filter: "all" }, nobody)).rejects.toMatchObject({ code: "unauthorized" });
  await expect(tickets?.get?.("1000", nobody)).rejects.toMatchObject({ code: "unauthorized" });
  await expect(uploads?.download?.("1", nobody)).rejects.toMatchObject({ code: "unauthorized" });
});

test("the guide's config is valid, and podpora check reports that of it and of its desk", async () => {
  vi.stubEnv("MARMOT_KEY", key);
  vi.stubEnv("PODPORA_SECRET", "0123456789abcdef0123456789abcdef");
  const { default: config } = await import("../../demo/examples/marmot/podpora.config.ts");
  vi.unstubAllEnvs();
  const { uploads: _uploads, ...options } = config;
  const { uploads: _files, ...adapter } = marmot({ url: await desk(), key });
  const said: string[] = [];
  expect(await check({ ...options, adapter }, (line) => said.push(line))).toBe(true);
  expect(said.slice(-2)).toEqual(["  ✓ Marmot takes the key, as gateway", "It works: 3 risks."]);
  for (const line of said.slice(-2)) expect(guide).toContain(`\`${line.trim()}\``);
});
