import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Found, Scenario, Simulation } from "./simulate.ts";

export interface Task {
  /** The file with `simulate`: this one's neighbour, or that of a copy. */
  readonly path: string;
  readonly job: { readonly simulation: Simulation } | { readonly scenarios: readonly Scenario[] };
}

const here = new URL("simulate.ts", import.meta.url).href;

/** Plays schedules on another core. */
export async function simulateInThread(simulation: Simulation, path = here): Promise<Found | undefined> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `simulate` gives
  return (await runInThread({ path, job: { simulation } })) as Found | undefined;
}

/** As `replay`, on another core. */
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
