import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";

const { copy, schedules, seed } = workerData as {
  readonly copy: string;
  readonly schedules: number;
  readonly seed: number;
};
const path = pathToFileURL(join(copy, "test/simulator/simulate.ts")).href;
const { simulate } = (await import(path)) as typeof import("./simulate.ts");
parentPort?.postMessage(await simulate({ schedules, seed, shrink: false }));
