import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeStage } from "./describe.ts";
import { runSchedule } from "./run-schedule.ts";
import type { Action } from "./schedule.ts";
import { simulate } from "./simulate.ts";

const { values } = parseArgs({
  options: {
    schedules: { type: "string", default: "1000" },
    seed: { type: "string" },
    length: { type: "string" },
    replay: { type: "string" },
  },
});
if (values.replay === undefined) await search();
else await replay(values.replay);

async function search() {
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
  if (!found) return console.log(`No schedule broke a promise (${seconds} s).`);
  console.log(`Schedule ${found.after} broke a promise (${seconds} s):`);
  for (const problem of found.problems) console.log(`  → ${problem}`);
  console.log("What `--replay` takes, in a file:");
  console.log(JSON.stringify({ worldSeed: found.worldSeed, actions: found.actions }));
  process.exitCode = 1;
}

/** Runs one schedule and prints the state after each action. */
async function replay(path: string) {
  const { worldSeed, actions } = JSON.parse(readFileSync(path, "utf8")) as {
    readonly worldSeed: number;
    readonly actions: readonly Action[];
  };
  const uploads = mkdtempSync(join(tmpdir(), "podpora-simulator-"));
  try {
    const { problems } = await runSchedule(worldSeed, actions, uploads, (stage, what) => {
      console.log(what);
      for (const line of describeStage(stage)) console.log(line);
    });
    for (const problem of problems) console.log(`→ ${problem}`);
    if (problems.length > 0) process.exitCode = 1;
  } finally {
    rmSync(uploads, { recursive: true, force: true });
  }
}
