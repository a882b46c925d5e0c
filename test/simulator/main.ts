import { parseArgs } from "node:util";
import { simulate } from "./simulate.ts";

const { values } = parseArgs({
  options: { schedules: { type: "string", default: "1000" }, seed: { type: "string" }, length: { type: "string" } },
});
const schedules = Number(values.schedules);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const start = performance.now();
console.log(`${schedules} schedules, seed ${seed}`);
const found = await simulate({
  schedules,
  seed,
  ...(values.length !== undefined && { length: Number(values.length) }),
  onProgress(done) {
    if (done % 1000 === 0) console.log(`${done} played`);
  },
});
const seconds = ((performance.now() - start) / 1000).toFixed(1);
if (found) {
  console.log(`Schedule ${found.after} broke a promise (${seconds} s). World seed ${found.worldSeed}:`);
  for (const action of found.actions) console.log(`  ${JSON.stringify(action)}`);
  for (const problem of found.problems) console.log(`  → ${problem}`);
  process.exitCode = 1;
} else console.log(`No schedule broke a promise (${seconds} s).`);
