import { perform, type Stage } from "./actions.ts";
import { checkEnd, checkNow } from "./invariants.ts";
import type { Action } from "./schedule.ts";
import { createWorld } from "./world.ts";

export interface Outcome {
  readonly problems: readonly string[];
  readonly requests: number;
}

/** Plays one schedule to its end: all that is wrong then, or at the first moment when something is. */
export async function runSchedule(seed: number, actions: readonly Action[], uploads: string): Promise<Outcome> {
  const world = await createWorld(seed, uploads);
  const stage: Stage = { world, tabs: [world.open("tab0"), world.open("tab1")], sent: [], opened: 1 };
  try {
    await world.clock.advance(300);
    for (const action of actions) {
      await perform(stage, action);
      await world.clock.advance(40);
      const problems = checkNow(stage);
      if (problems.length > 0) return { problems, requests: world.network.requests.count };
    }
    await heal(stage);
    return { problems: checkEnd(stage), requests: world.network.requests.count };
  } finally {
    for (const tab of stage.tabs) tab.close();
    await world.stop();
  }
}

/** Every fault ends; then there is time for all that goes on by itself. */
async function heal({ world, tabs }: Stage) {
  world.site.fails = false;
  world.desk.heal();
  for (const tab of tabs) {
    tab.wake();
    tab.link.holdStreams = false;
    tab.link.loseAnswers = 0;
    tab.setOnline(true);
  }
  await world.clock.advance(150_000);
}
