import { expect, test } from "vitest";
import { memoryStorage, memoryTabs } from "../../../src/core/delivery/storage.ts";
import { adopt } from "../../../src/core/identity/adopt.ts";
import { wipe } from "../../../src/core/identity/wipe.ts";
import { bench } from "../../support/scope.ts";

const turns = (ms = 20) => new Promise((resolve) => setTimeout(resolve, ms));

test("a short draft of the member is not taken for a part of a longer word of the guest", async () => {
  const storage = memoryStorage();
  await storage.set("guest/chat-draft", { text: "I do not know", id: "g" });
  await storage.set("member:ana/chat-draft", { text: "no", id: "m" });
  await adopt(bench(undefined, storage).platform, "member:ana", "merged", new AbortController().signal);
  expect(await storage.get("member:ana/chat-draft")).toMatchObject({ text: "no I do not know" });
});

test("what goes over while another tab wipes is wiped", async () => {
  const openTab = memoryTabs();
  const [one, two] = [openTab(), openTab()];
  await one.set("guest/chat-draft", { text: "secret", id: "x" });
  const slow = {
    ...two,
    clear: async (...prefixes: readonly string[]) => {
      await turns(30);
      await two.clear(...prefixes);
    },
  };
  const wiping = wipe(slow);
  await turns(5);
  await adopt(bench(undefined, one).platform, "member:ana", "merged", new AbortController().signal);
  await wiping;
  expect((await one.keys("")).filter((k) => k !== "sign-outs")).toEqual([]);
});

test("of two members who sign in in two tabs at the same moment, one gets what the guest has written", async () => {
  const openTab = memoryTabs();
  const [one, two] = [openTab(), openTab()];
  const entry = { item: { clientId: "a", text: "secret" }, files: [], tab: "one" };
  await one.set("guest/ticket-outbox", [entry]);
  await one.set("guest/chat-draft", { text: "a draft", id: "x" });
  const slow: typeof two = {
    ...two,
    async update(key, change) {
      await turns(5);
      await two.update(key, change);
    },
  };
  const { signal } = new AbortController();
  await Promise.all([
    adopt(bench(undefined, one).platform, "member:ana", "merged", signal),
    adopt(bench(undefined, slow).platform, "member:boris", "merged", signal),
  ]);
  const stored = await Promise.all((await one.keys("member:")).map(async (key) => [key, await one.get(key)] as const));
  // A list that is empty has nothing of anybody.
  const kept = stored
    .filter(([, value]) => !Array.isArray(value) || value.length > 0)
    .map(([key]) => key)
    .toSorted();
  const owner = kept[0]?.split("/")[0];
  expect(kept).toEqual([`${owner}/chat-draft`, `${owner}/ticket-outbox`]);
});
