import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asyncProperty, check, integer } from "fast-check";
import { type Action, schedule } from "./schedule.ts";
import { runSchedule } from "./run-schedule.ts";

export interface Simulation {
  readonly schedules: number;
  readonly seed: number;
  /** The maximum number of actions per schedule. */
  readonly length?: number;
  /** Searches for a shorter schedule that also fails. @default true */
  readonly shrink?: boolean;
  onProgress?(done: number): void;
  /** Ignores a failing schedule if this resolves with true. */
  isExcused?(worldSeed: number, actions: readonly Action[], uploads: string): Promise<boolean>;
}

export interface Found extends Scenario {
  /** The number of schedules until the first failure. */
  readonly after: number;
  readonly problems: readonly string[];
  /** The shortest failing schedule that was found. */
  readonly actions: readonly Action[];
}

class Violation extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** Runs random schedules until one breaks a promise; undefined if none does. */
export async function simulate(simulation: Simulation): Promise<Found | undefined> {
  const { schedules, seed, length = 24, shrink = true, onProgress, isExcused } = simulation;
  const uploads = mkdtempSync(join(tmpdir(), "podpora-simulator-"));
  let done = 0;
  try {
    const details = await check(
      asyncProperty(integer(), schedule(length), async (worldSeed, actions) => {
        done += 1;
        onProgress?.(done);
        const { problems } = await runSchedule(worldSeed, actions, uploads);
        if (problems.length === 0 || (await isExcused?.(worldSeed, actions, uploads))) return;
        throw new Violation(problems);
      }),
      { numRuns: schedules, seed, endOnFailure: true },
    );
    if (!details.failed) return undefined;
    if (!(details.errorInstance instanceof Violation) || !details.counterexample) throw details.errorInstance;
    const [worldSeed, actions] = details.counterexample;
    const found = { after: done, worldSeed, actions, problems: details.errorInstance.problems };
    return shrink ? await shorter(found, uploads) : found;
  } finally {
    rmSync(uploads, { recursive: true, force: true });
  }
}

export interface Scenario {
  readonly worldSeed: number;
  readonly actions: readonly Action[];
}

/** Runs these schedules in order. Returns those that break a promise. */
export async function replay(scenarios: readonly Scenario[]): Promise<readonly (Scenario & Pick<Found, "problems">)[]> {
  const uploads = mkdtempSync(join(tmpdir(), "podpora-simulator-"));
  const broken: (Scenario & Pick<Found, "problems">)[] = [];
  try {
    for (const scenario of scenarios) {
      // oxlint-disable-next-line no-await-in-loop -- clock and network are global to the process
      const { problems } = await runSchedule(scenario.worldSeed, scenario.actions, uploads);
      if (problems.length > 0) broken.push({ ...scenario, problems });
    }
    return broken;
  } finally {
    rmSync(uploads, { recursive: true, force: true });
  }
}

/** Removes actions as long as the schedule still fails. */
async function shorter(found: Found, uploads: string): Promise<Found> {
  let shortest = found;
  for (let at = 0; at < shortest.actions.length;) {
    const actions = shortest.actions.toSpliced(at, 1);
    // oxlint-disable-next-line no-await-in-loop -- each step continues from the previous one
    const { problems } = await runSchedule(found.worldSeed, actions, uploads);
    if (problems.length === 0) at += 1;
    else shortest = { ...shortest, actions, problems };
  }
  return shortest.actions.length < found.actions.length ? await shorter(shortest, uploads) : shortest;
}
