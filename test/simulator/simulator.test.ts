import { describe, expect, test } from "vitest";
import found from "./found.json" with { type: "json" };
import { replayInThread, simulateInThread } from "./in-thread.ts";
import type { Scenario } from "./simulate.ts";

// One thread per core, in parallel. docs/testing.md explains the choice of seeds.
describe.concurrent("no promise breaks, whatever a person, the network, the site and the desk do", () => {
  test.each([
    { schedules: 2_000, seed: 12 },
    { schedules: 2_000, seed: 16 },
  ])("in $schedules schedules of seed $seed", { timeout: 600_000 }, async ({ schedules, seed }) => {
    const broken = await simulateInThread({ schedules, seed });
    expect(broken && { ...broken, seed }, "npm run simulate -- --replay").toBeUndefined();
  });

  test("in the schedules that once broke one", { timeout: 300_000 }, async () => {
    expect(await replayInThread(found as readonly Scenario[])).toEqual([]);
  });
});
