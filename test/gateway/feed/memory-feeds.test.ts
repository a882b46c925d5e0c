import { expect, test } from "vitest";
import { memoryStore } from "../../../src/gateway/memory-store.ts";
import { describeFeedStore } from "./feed-store-cases.ts";

describeFeedStore("in memory", memoryStore);

test("above ten thousand persons, the log that was updated least recently is dropped and restarts", async () => {
  const { feeds } = memoryStore();
  await feeds.lead("desk", "one", 10_000);
  const { position } = await feeds.log("desk", "p0");
  const entries = Array.from({ length: 10_001 }, (_, at) => ({ key: `p${at}`, text: "x" }));
  await feeds.append("desk", "one", { epoch: "e", cursor: "1" }, entries);
  expect((await feeds.log("desk", "p0", position)).isCut).toBe(true);
  expect((await feeds.log("desk", "p1", position)).isCut).toBe(false);
});

test("a person whose log was dropped and grows again still restarts", async () => {
  const { feeds } = memoryStore();
  await feeds.lead("desk", "one", 10_000);
  const { position } = await feeds.log("desk", "p0");
  const entries = Array.from({ length: 10_001 }, (_, at) => ({ key: `p${at}`, text: "x" }));
  await feeds.append("desk", "one", { epoch: "e", cursor: "1" }, entries);
  await feeds.append("desk", "one", { epoch: "e", cursor: "2" }, [{ key: "p0", text: "y" }]);
  expect((await feeds.log("desk", "p0", position)).isCut).toBe(true);
});
