import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Found, Scenario, Simulation } from "./simulate.ts";

export interface Task {
  /** The module with `simulate`: the one next to this file, or that of a copy. */
  readonly path: string;
  readonly job: { readonly simulation: Simulation } | { readonly scenarios: readonly Scenario[] };
}

const here = new URL("simulate.ts", import.meta.url).href;

/** Runs schedules on another thread. */
export async function simulateInThread(simulation: Simulation, path = here): Promise<Found | undefined> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the result of `simulate`
  return (await runInThread({ path, job: { simulation } })) as Found | undefined;
}

/** `replay` on another thread. */
export async function replayInThread(scenarios: readonly Scenario[]): Promise<unknown> {
  return await runInThread({ path: here, job: { scenarios } });
}

async function runInThread(task: Task): Promise<unknown> {
  const entry = new URL("thread.ts", import.meta.url);
  const worker = new Worker(entry, { workerData: task, resourceLimits: { maxYoungGenerationSizeMb: 128 } });
  try {
    const [result]: unknown[] = await once(worker, "message");
    return result;
  } finally {
    await worker.terminate();
  }
}
