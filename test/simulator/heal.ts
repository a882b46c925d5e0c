import { checkNow } from "./invariants.ts";
import type { Stage } from "./stage.ts";
import { refusedIn, stillIn, tryAgain } from "./still.ts";
import type { Tab } from "./tab.ts";

/** Whatever goes on by itself is done within this time once the faults have ended. */
const boundMs = 150_000;
/** What nobody waits for any more, such as a late answer, comes within this. */
const quietMs = 45_000;
const stepMs = 15_000;

/** Every fault ends; then there is time for all that goes on by itself. Returns what was not done in time. */
export async function heal(stage: Stage): Promise<readonly string[]> {
  const { world, tabs } = stage;
  world.site.fails = false;
  world.site.hangs = false;
  world.storage.pace.slow = false;
  world.desk.heal();
  for (const tab of tabs) if (!tab.isAsleep()) mend(tab);
  // A tab may sleep for hours: nobody waits for it.
  const awake = tabs.filter((tab) => !tab.isAsleep());
  if (awake.length > 0 && awake.length < tabs.length) {
    await settle(stage, awake);
    const problems = awake.flatMap(stillIn);
    if (problems.length > 0) return problems.map((problem) => `while another tab sleeps, ${problem}`);
  }
  for (const tab of tabs) {
    if (!tab.isAsleep()) continue;
    mend(tab);
    tab.wake();
  }
  await settle(stage, tabs);
  return await sendRefusedAgain(stage);
}

function mend(tab: Tab) {
  tab.link.holdStreams = false;
  tab.link.loseAnswers = 0;
  tab.setOnline(true);
}

async function settle(stage: Stage, tabs: readonly Tab[]) {
  for (let passed = 0; passed < boundMs; passed += stepMs) {
    if (passed >= quietMs && tabs.every((tab) => stillIn(tab).length === 0)) return;
    // oxlint-disable-next-line no-await-in-loop -- one step after the other
    await stage.world.clock.advance(stepMs);
  }
}

/** The desk takes everything now, so whatever it has refused arrives when the member sends it again. */
async function sendRefusedAgain(stage: Stage): Promise<readonly string[]> {
  const { tabs, world } = stage;
  // What is wrong by now stays the first to be told of.
  if (checkNow(stage).length > 0 || tabs.every((tab) => refusedIn(tab).length === 0)) return [];
  for (const tab of tabs) {
    if (refusedIn(tab).length === 0) continue;
    tryAgain(stage, tab);
    // oxlint-disable-next-line no-await-in-loop -- nobody presses in two tabs within a moment
    await world.clock.advance(5_000);
  }
  await settle(stage, tabs);
  return tabs.flatMap((tab) => refusedIn(tab).map((text) => `refused although it was sent again: ${text}`));
}
