import { describe, expect, test } from "vitest";
import { simulateInThread } from "./in-thread.ts";

// A thread for each core: the two run at once. docs/testing.md says why it is these.
describe.concurrent("whatever a person, the network, the site and the desk do, no promise breaks", () => {
  test.each([
    { schedules: 800, seed: 12 },
    { schedules: 250, seed: 16 },
  ])("in $schedules schedules of seed $seed", { timeout: 300_000 }, async ({ schedules, seed }) => {
    const found = await simulateInThread({ schedules, seed });
    expect(found && { ...found, seed }, "npm run simulate -- --replay").toBeUndefined();
  });
});
