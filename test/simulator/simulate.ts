import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asyncProperty, check, integer } from "fast-check";
import { type Action, schedule } from "./schedule.ts";
import { runSchedule } from "./run-schedule.ts";

export interface Simulation {
  readonly schedules: number;
  readonly seed: number;
  /** At most so many actions a schedule. */
  readonly length?: number;
  /** Looks for a shorter schedule that fails too. @default true */
  readonly shrink?: boolean;
  onProgress?(done: number): void;
}

export interface Found {
  /** How many schedules ran until the first that failed. */
  readonly after: number;
  readonly problems: readonly string[];
  /** The shortest schedule that fails, as far as it was looked for. */
  readonly actions: readonly Action[];
  readonly worldSeed: number;
}

class Violation extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** Plays random schedules until one breaks a promise; undefined when none does. */
export async function simulate(simulation: Simulation): Promise<Found | undefined> {
  const { schedules, seed, length = 24, shrink = true, onProgress } = simulation;
  const uploads = mkdtempSync(join(tmpdir(), "podpora-simulator-"));
  let done = 0;
  let after = 0;
  try {
    const details = await check(
      asyncProperty(integer(), schedule(length), async (worldSeed, actions) => {
        const { problems } = await runSchedule(worldSeed, actions, uploads);
        if (after === 0) {
          done += 1;
          onProgress?.(done);
        }
        if (problems.length === 0) return;
        after ||= done;
        throw new Violation(problems);
      }),
      { numRuns: schedules, seed, endOnFailure: !shrink },
    );
    if (!details.failed || !details.counterexample) return undefined;
    const [worldSeed, actions] = details.counterexample;
    const { problems } = await runSchedule(worldSeed, actions, uploads);
    return { after, problems, actions, worldSeed };
  } finally {
    rmSync(uploads, { recursive: true, force: true });
  }
}
