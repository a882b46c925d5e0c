import { checkNow } from "./invariants.ts";
import type { Stage } from "./stage.ts";
import { refusedIn, stillIn, tryAgain } from "./still.ts";
import type { Tab } from "./tab.ts";

/** All pending work must be done this long after the faults have ended. */
const boundMs = 150_000;
/** The time for what nobody waits for, such as late answers. */
const quietMs = 45_000;
const stepMs = 15_000;

/** Ends all faults and waits for pending work. Returns what was not done in time. */
export async function heal(stage: Stage): Promise<readonly string[]> {
  const { world, tabs } = stage;
  world.site.fails = false;
  world.site.hangs = false;
  world.storage.pace.slow = false;
  world.desk.heal();
  for (const tab of tabs) if (!tab.isAsleep()) mend(tab);
  // A tab may sleep for hours, so no other tab may depend on it.
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

/** The desk accepts everything now, so whatever it has refused arrives when the member resends it. */
async function sendRefusedAgain(stage: Stage): Promise<readonly string[]> {
  const { tabs, world } = stage;
  // Problems so far must be reported first.
  if (checkNow(stage).length > 0 || tabs.every((tab) => refusedIn(tab).length === 0)) return [];
  for (const tab of tabs) {
    if (refusedIn(tab).length === 0) continue;
    tryAgain(stage, tab);
    // oxlint-disable-next-line no-await-in-loop -- nobody clicks in two tabs within a moment
    await world.clock.advance(5_000);
  }
  await settle(stage, tabs);
  return tabs.flatMap((tab) => refusedIn(tab).map((text) => `refused although it was sent again: ${text}`));
}
