import { traced, type Log } from "./log.ts";

/**
 * Resolves with the first error that nobody caught. What the process holds may be half done by then: it should leave, and
 * end with 1. Nothing of a message is written, for it may quote what somebody wrote.
 */
export async function untilUncaught(log: Log): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const what of ["uncaughtException", "unhandledRejection"] as const) {
      process.on(what, (error: unknown) => {
        log.fatal({ ...traced(error), what }, "uncaught");
        resolve();
      });
    }
  });
}
