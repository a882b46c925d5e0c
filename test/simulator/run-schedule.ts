import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { perform } from "./actions.ts";
import { checkEnd } from "./at-the-end.ts";
import { heal } from "./heal.ts";
import { checkNow } from "./invariants.ts";
import type { Action } from "./schedule.ts";
import { createStage, type Stage } from "./stage.ts";
import { createWorld } from "./world.ts";

export interface Outcome {
  readonly problems: readonly string[];
  readonly requests: number;
}

/** Runs one schedule. Returns the problems at the end, or at the first moment with any. */
export async function runSchedule(
  seed: number,
  actions: readonly Action[],
  uploads: string,
  onMoment?: (stage: Stage, what: string) => void,
): Promise<Outcome> {
  const world = await createWorld(seed, uploads);
  const stage = createStage(world);
  const outcome = (problems: readonly string[]): Outcome => ({ problems, requests: world.network.requests.count });
  try {
    // In most schedules the widget has time to load first.
    await world.clock.advance(world.random() < 0.3 ? 300 : 3_000);
    for (const action of actions) {
      await perform(stage, action);
      await world.clock.advance(40);
      onMoment?.(stage, JSON.stringify(action));
      const problems = checkNow(stage);
      if (problems.length > 0) return outcome(problems);
    }
    const late = await heal(stage);
    onMoment?.(stage, "every fault ends");
    return outcome([...late, ...(await checkEnd(stage))]);
  } finally {
    for (const tab of stage.tabs) tab.close();
    await world.stop();
    // Removes unfinished uploads, which the next gateway would scan.
    for (const file of readdirSync(uploads)) rmSync(join(uploads, file), { recursive: true });
  }
}
