/**
 * What a member's tickets cost through the real gateway, with the demo's desk behind it: ten of them against ten
 * thousand. `vitest bench --project "server (bench)"`. What reads one page or one ticket has to stay as it was.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../demo/desk/database.ts";
import { deskOn } from "../../demo/desk/desk.ts";
import type { Member } from "../../src/core/contract/adapter.ts";
import { serve, siteToken, type Running } from "../gateway/server.ts";

const few: Member = { id: "few", name: "Fina", locale: "sl" };
const many: Member = { id: "many", name: "Manca", locale: "sl" };
const sizes = [
  [few, 10],
  [many, 10_000],
] as const;
const words = "naročilo plačilo košarica račun geslo povezava slika telefon brskalnik napaka stran gumb".split(" ");

let running: Running;
let release: () => Promise<void>;
const ids: Record<string, string> = {};
const tokens: Record<string, string> = {};

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), "podpora-bench-"));
  const database = openDatabase(directory);
  const desk = await deskOn(database, { directory });
  const { tickets } = desk.adapter;
  for (const [member, count] of sizes) {
    const ctx = { signal: new AbortController().signal, locale: "sl", member };
    const made: Promise<{ readonly id: string }>[] = [];
    // All in one transaction: what is measured is reading.
    database.write(() => {
      for (let index = 0; index < count; index += 1) {
        const [one = "", other = ""] = [words[index % words.length], words[(index * 7 + 3) % words.length]];
        const rare = index === 5 ? "papagaj" : "nič posebnega";
        const text = `Odprem ${one}, kliknem ${other}, in zgodi se ${rare}. Poskus ${index}.`;
        made.push(tickets.create({ clientId: crypto.randomUUID(), title: `Slovenščina - ${one} ${index}`, text }, ctx));
      }
    });
    ids[member.id] = (await Promise.all(made))[Math.floor(count / 2)]?.id ?? "";
    tokens[member.id] = await siteToken(member, "1h");
  }
  running = await serve({ adapter: desk.adapter });
  release = async () => {
    await running.stop();
    desk.close();
    await rm(directory, { recursive: true, force: true });
  };
}, 120_000);

afterAll(async () => await release());

async function read(member: Member, path: string): Promise<void> {
  const headers = { Authorization: `Bearer ${tokens[member.id]}` };
  const answer = await fetch(`${running.url}${path}`, { headers });
  expect(answer.status).toBe(200);
  await answer.text();
}

test.for([
  ["the first page", () => "/tickets?filter=all&limit=10"],
  ["the first page of those open", () => "/tickets?filter=open&limit=10"],
  ["the counts", () => "/tickets/counts"],
  ["one ticket", ({ id }: Member) => `/tickets/${ids[id]}`],
  ["its thread", ({ id }: Member) => `/tickets/${ids[id]}/messages`],
  ["a search for a rare word", () => "/tickets?filter=all&search=papagaj"],
  ["a search for a word in every ticket", () => "/tickets?filter=all&search=poskus"],
  ["a search for two words", () => "/tickets?filter=all&search=kosarica%20napaka"],
  ["a search for two letters", () => "/tickets?filter=all&search=pa"],
] as const)("%s", { timeout: 60_000 }, async ([what, path], { bench }) => {
  const [small, large] = [`${what}: of 10`, `${what}: of 10,000`] as const;
  const results = await bench.compare(
    bench(small, async () => await read(few, path(few))),
    bench(large, async () => await read(many, path(many))),
    { time: 500, warmupTime: 100 },
  );
  const [before, after] = [results.get(small).latency.p50 ?? 0, results.get(large).latency.p50 ?? 0];
  console.log(
    `${what}: ${before.toFixed(2)} ms of 10, ${after.toFixed(2)} ms of 10,000: ×${(after / before).toFixed(2)}`,
  );
});
