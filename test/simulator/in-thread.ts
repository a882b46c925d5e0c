import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Found, Simulation } from "./simulate.ts";

export interface Task {
  /** The file with `simulate`: this one's neighbour, or that of a copy. */
  readonly path: string;
  readonly simulation: Simulation;
}

/** Plays schedules on another core. */
export async function simulateInThread(
  simulation: Simulation,
  path = new URL("simulate.ts", import.meta.url).href,
): Promise<Found | undefined> {
  const task: Task = { path, simulation };
  const entry = new URL("thread.ts", import.meta.url);
  const worker = new Worker(entry, { workerData: task, resourceLimits: { maxYoungGenerationSizeMb: 128 } });
  try {
    const [found] = (await once(worker, "message")) as [Found | undefined];
    return found;
  } finally {
    await worker.terminate();
  }
}
