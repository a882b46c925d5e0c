import { parentPort, workerData } from "node:worker_threads";
import type { Task } from "./in-thread.ts";
import { runSchedule } from "./run-schedule.ts";
import type * as Simulator from "./simulate.ts";

const { path, job } = workerData as Task;
// Stack traces of the simulated network errors are never read, and are slow to create.
Error.stackTraceLimit = 0;
const { replay, simulate } = (await import(path)) as typeof Simulator;
const result =
  "scenarios" in job
    ? await replay(job.scenarios)
    : await simulate({
        ...job.simulation,
        // A schedule that also fails without the fault proves nothing.
        ...(path !== new URL("simulate.ts", import.meta.url).href && {
          isExcused: async (...schedule) => (await runSchedule(...schedule)).problems.length > 0,
        }),
      });
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort?.postMessage(result);
