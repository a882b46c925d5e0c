import { afterAll, describe, inject } from "vitest";
import { redisStore } from "../../src/gateway/redis-store.ts";
import { describeFeedStore } from "../gateway/feed/feed-store-cases.ts";
import { installed } from "./installed.ts";

describe.skipIf(!inject("desks").includes("redis"))("Redis", () => {
  const closing: (() => void)[] = [];
  afterAll(() => closing.forEach((close) => close()));

  describeFeedStore("in Redis", () => {
    const prefix = `test-${crypto.randomUUID()}:`;
    const store = redisStore({ url: installed("redis")?.["URL"] ?? "", prefix, onError: () => undefined });
    closing.push(() => store.close());
    return store;
  });
});
