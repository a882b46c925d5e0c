import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { copyWith, faults, outOfSight } from "./faults.ts";
import { simulateInThread } from "./in-thread.ts";
import type { Found } from "./simulate.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { schedules: { type: "string", default: "20000" }, seed: { type: "string", default: "1" } },
});
const schedules = Number(values.schedules);
const seed = Number(values.seed);
// Such as "a01 b10" for only these.
const wanted = faults().filter(
  (fault) => positionals.length === 0 || positionals.some((name) => fault.startsWith(name)),
);
const rows = new Map<string, string>();
const waiting = wanted.filter((fault) => !outOfSight.has(fault));

async function work() {
  for (let fault = waiting.shift(); fault !== undefined; fault = waiting.shift()) {
    // oxlint-disable-next-line no-await-in-loop -- a core runs one fault at a time
    const found = await find(fault);
    rows.set(fault, found ? `${found.after} | ${promiseOf(found)}` : `not within ${schedules} |`);
    console.error(`${fault}: ${rows.get(fault)}`);
  }
}

/** Runs schedules against a copy of `src` with the fault. */
async function find(fault: string): Promise<Found | undefined> {
  const copy = copyWith(fault);
  try {
    const path = pathToFileURL(join(copy, "test/simulator/simulate.ts")).href;
    return await simulateInThread({ schedules, seed, shrink: false }, path);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** The first broken promise. */
const promiseOf = ({ problems: [first = ""] }: Found) => first.replaceAll("|", "/");

await Promise.all(Array.from({ length: availableParallelism() }, work));
console.log(`seed ${seed}, at most ${schedules} schedules\n`);
console.log("| fault | found after so many schedules | the promise that broke |\n|---|---:|---|");
for (const fault of wanted)
  console.log(`| ${fault} | ${rows.get(fault) ?? `| out of sight: ${outOfSight.get(fault)}`} |`);
