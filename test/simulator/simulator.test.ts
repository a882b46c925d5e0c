import { describe, expect, test } from "vitest";
import { simulateInThread } from "./in-thread.ts";

const half = 10_000;

// A thread for each core: the two run at once.
describe.concurrent("whatever a person, the network, the site and the desk do, no promise breaks", () => {
  test.each([1, 2])(`in ${half} schedules of seed %i`, { timeout: 600_000 }, async (seed) => {
    const found = await simulateInThread({ schedules: half, seed });
    expect(found && { ...found, seed }, "npm run simulate -- --replay").toBeUndefined();
  });
});
