import { defineConfig } from "vitest/config";

/** The tests that Stryker runs against what it has changed: those that need nothing but Node. */
export default defineConfig({
  test: {
    include: [
      "test/gateway/**/*.test.ts",
      "test/core/contract/**/*.test.ts",
      "test/adapters/markup-round-trip.test.ts",
    ],
    testTimeout: 20_000,
    expect: { poll: { timeout: 10_000 } },
  },
});
