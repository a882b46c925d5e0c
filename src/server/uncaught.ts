import { traced, type Log } from "./log.ts";

/**
 * Resolves with the first uncaught error. The process may be in an inconsistent state then and should exit with 1.
 * Error messages are not logged, as they may quote what a person wrote.
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
