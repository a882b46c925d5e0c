import { parentPort, workerData } from "node:worker_threads";
import type { Task } from "./in-thread.ts";
import { runSchedule } from "./run-schedule.ts";
import type * as Simulator from "./simulate.ts";

const { path, job } = workerData as Task;
// Nobody reads the stacks of the errors that a simulated network makes, and they take time.
Error.stackTraceLimit = 0;
const { replay, simulate } = (await import(path)) as typeof Simulator;
const result =
  "scenarios" in job
    ? await replay(job.scenarios)
    : await simulate({
        ...job.simulation,
        // What breaks without the fault too is no proof of it.
        ...(path !== new URL("simulate.ts", import.meta.url).href && {
          isExcused: async (...schedule) => (await runSchedule(...schedule)).problems.length > 0,
        }),
      });
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort?.postMessage(result);
