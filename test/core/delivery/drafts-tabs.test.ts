import { expect, test } from "vitest";
import { createDraft } from "../../../src/core/delivery/drafts.ts";
import { memoryStorage, memoryTabs } from "../../../src/core/delivery/storage.ts";

const empty = { title: "", text: "" };
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
const texts = ["title", "text"] as const;

/** Two tabs on one form that has the text "a"; the writes of `mine` go through `update`. */
async function twoTabs(update: (write: () => Promise<void>) => Promise<void>) {
  const openTab = memoryTabs();
  const [one, two] = [openTab(), openTab()];
  await one.set("form", { ...empty, text: "a", id: "x" });
  const watched = {
    ...one,
    update: async (key: string, change: (stored: unknown) => unknown) => await update(() => one.update(key, change)),
  };
  const mine = createDraft(watched, "form", empty, texts);
  const theirs = createDraft(two, "form", empty, texts);
  await Promise.all([mine.loaded, theirs.loaded]);
  return { mine, theirs };
}

test("words of another tab are there once, after a write was refused here", async () => {
  let refuses = true;
  const { mine, theirs } = await twoTabs(async (write) => {
    if (refuses) throw new Error("quota");
    await write();
  });
  mine.set({ text: "ab" });
  await settled();
  expect(mine.saved.value).toBe("memory");
  theirs.set({ text: "X a" });
  await settled();
  expect(mine.value.value.text).toBe("X ab");
  refuses = false;
  mine.set({ text: "X abc" });
  await settled();
  expect(mine.value.value.text).toBe("X abc");
});

test("words of another tab are there once, however often this tab's writes are refused", async () => {
  const { mine, theirs } = await twoTabs(() => Promise.reject(new Error("quota")));
  mine.set({ text: "ab" });
  await settled();
  theirs.set({ text: "X a" });
  await settled();
  for (const key of "cdefg") {
    mine.set({ text: mine.value.value.text + key });
    await settled();
  }
  expect(mine.value.value.text).toBe("X abcdefg");
});

test("words of another tab are there once, though they came while a slow write was under way", async () => {
  const gates: (() => void)[] = [];
  const { mine, theirs } = await twoTabs(async (write) => {
    await new Promise<void>((resolve) => gates.push(resolve));
    await write();
  });
  mine.set({ text: "ab" });
  await settled();
  mine.set({ text: "abc" });
  theirs.set({ text: "X a" });
  await settled();
  expect(mine.value.value.text).toBe("X abc");
  mine.set({ text: "X abcd" });
  for (let turn = 0; turn < 5; turn += 1) {
    gates.shift()?.();
    await settled();
  }
  expect(mine.value.value.text).toBe("X abcd");
});

test.each(["before", "after"])(
  "what another tab has sent is not back because this one went on writing, whether it heard of it %s it had stored that",
  async (when) => {
    const gates: (() => void)[] = [];
    const { mine, theirs } = await twoTabs(async (write) => {
      await new Promise<void>((resolve) => gates.push(resolve));
      await write();
    });
    mine.set({ text: "a b" });
    await settled();
    theirs.take();
    await settled();
    if (when === "before") mine.sent("x", { title: "", text: "a" });
    for (let turn = 0; turn < 5; turn += 1) {
      gates.shift()?.();
      await settled();
    }
    if (when === "after") mine.sent("x", { title: "", text: "a" });
    for (let turn = 0; turn < 5; turn += 1) {
      gates.shift()?.();
      await settled();
    }
    expect([mine.value.value.text, theirs.value.value.text]).toEqual(["b", "b"]);
    expect(mine.id()).not.toBe("x");
  },
);

test("a short message that comes back is not taken for a part of a longer word", async () => {
  const draft = createDraft(memoryStorage(), "form", { text: "" }, ["text"]);
  draft.set({ text: "I do not know" });
  await draft.putBack({ text: "no" }, "text", new AbortController().signal);
  expect(draft.value.value.text).toBe("no\nI do not know");
});

test("sent words are taken out where they stand, not out of another word", async () => {
  const openTab = memoryTabs();
  const [one, two] = [openTab(), openTab()];
  const mine = createDraft(one, "form", { text: "" }, ["text"]);
  mine.set({ text: "ok" });
  await settled();
  const theirs = createDraft(two, "form", { text: "" }, ["text"]);
  await theirs.loaded;
  const id = theirs.id();
  theirs.set({ text: "look ok" });
  await settled();
  theirs.sent(id, { text: "ok" });
  expect(theirs.value.value.text).toBe("look");
});
