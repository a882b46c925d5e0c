/**
 * What the chat carries: gateway and demo desk in one process, all members in another, the agent in this one, on one machine.
 * `npm run bench:chat`; with `node --cpu-prof test/bench/chat/main.ts` the server writes a profile as well.
 */
import { cpus, loadavg, platform, release } from "node:os";
import * as v from "valibot";
import { measure, type Plan } from "./bench.ts";
import { tableOf } from "./table.ts";

const plan: Plan = {
  steps: [1, 100, 1000, 2000, 3000, 5000, 10_000],
  memoryFrom: 1000,
  storms: [1000, 5000],
  messagesPerSecond: 20,
  talkMs: 20_000,
  stormMs: 20_000,
};

const limit = v.object({ soft: v.unknown(), hard: v.unknown() });
const report = v.object({ userLimits: v.object({ open_files: limit }) });
const { userLimits } = v.parse(report, process.report.getReport());
const load = () => `load ${(loadavg()[0] ?? 0).toFixed(1)}`;

console.log(`Node ${process.version}, ${platform()} ${release()}, ${cpus().length} × ${cpus()[0]?.model}, ${load()}`);
// Node raises the soft limit to the hard one by itself. A stream takes one file of the server's and one of the members'.
console.log(`Open files for a process: ${String(userLimits.open_files.hard)} at most`);
const figures = await measure(plan, process.execArgv, (line) => console.log(`${line} (${load()})`));
console.log(`\n${tableOf(figures)}`);
