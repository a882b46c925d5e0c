import { parentPort, workerData } from "node:worker_threads";
import type * as Simulator from "./simulate.ts";
import type { Task } from "./in-thread.ts";

const { path, simulation } = workerData as Task;
// Nobody reads the stacks of the errors that a simulated network makes, and they take time.
Error.stackTraceLimit = 0;
const { simulate } = (await import(path)) as typeof Simulator;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort?.postMessage(await simulate(simulation));
