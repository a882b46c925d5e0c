import { describe, expect, test } from "vitest";
import found from "./found.json" with { type: "json" };
import { replayInThread, simulateInThread } from "./in-thread.ts";
import type { Scenario } from "./simulate.ts";

// A thread for each core: they run at once. docs/testing.md says why it is these.
describe.concurrent("whatever a person, the network, the site and the desk do, no promise breaks", () => {
  test.each([
    { schedules: 2_000, seed: 12 },
    { schedules: 2_000, seed: 16 },
  ])("in $schedules schedules of seed $seed", { timeout: 600_000 }, async ({ schedules, seed }) => {
    const broken = await simulateInThread({ schedules, seed });
    expect(broken && { ...broken, seed }, "npm run simulate -- --replay").toBeUndefined();
  });

  test("in the schedules that have broken one before", { timeout: 300_000 }, async () => {
    expect(await replayInThread(found as readonly Scenario[])).toEqual([]);
  });
});
