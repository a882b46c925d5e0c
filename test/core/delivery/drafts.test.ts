import { expect, test } from "vitest";
import { createDraft } from "../../../src/core/delivery/drafts.ts";
import { memoryStorage } from "../../../src/core/delivery/storage.ts";

const empty = { title: "", text: "" };
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test("every change is there after a reload", async () => {
  const storage = memoryStorage();
  const before = createDraft(storage, "form", empty, ["title", "text"]);
  before.set({ title: "Naročila" });
  before.set({ text: "Odprem košarico" });
  await settled();
  const after = createDraft(storage, "form", empty, ["title", "text"]);
  await after.loaded;
  expect(after.value.value).toEqual({ title: "Naročila", text: "Odprem košarico" });
});

test("what is typed while the storage still reads goes behind what it reads: neither is lost", async () => {
  const storage = memoryStorage();
  await storage.set("form", { title: "old", text: "kept" });
  const draft = createDraft(storage, "form", empty, ["title", "text"]);
  draft.set({ title: "new" });
  await draft.loaded;
  expect(draft.value.value).toEqual({ title: "old new", text: "kept" });
});

test("the newest words are stored last, however fast they come", async () => {
  const storage = memoryStorage();
  let writes = 0;
  const slow = {
    ...storage,
    async update(key: string, change: (stored: unknown) => unknown) {
      writes += 1;
      await settled();
      await storage.update(key, change);
    },
  };
  const draft = createDraft(slow, "form", empty, ["title", "text"]);
  await draft.loaded;
  for (let length = 1; length <= 50; length++) draft.set({ text: "x".repeat(length) });
  await expect.poll(() => draft.saved.value).toBe("saved");
  expect(await storage.get("form")).toEqual({ title: "", text: "x".repeat(50), id: draft.id() });
  expect(writes).toBeLessThan(10);
});

test("filling in nothing stores nothing", async () => {
  const storage = memoryStorage();
  const draft = createDraft(storage, "form", empty, ["title", "text"]);
  draft.fill({});
  draft.fill({ title: "" });
  await settled();
  expect(await storage.keys("")).toEqual([]);
});

test("a reset takes it out of the storage", async () => {
  const storage = memoryStorage();
  const draft = createDraft(storage, "form", empty, ["title", "text"]);
  draft.set({ title: "x" });
  draft.take();
  await settled();
  expect(draft.value.value).toEqual(empty);
  expect(await storage.get("form")).toBeUndefined();
});

test("a reset while the storage still reads stands", async () => {
  const storage = memoryStorage();
  await storage.set("form", { title: "old", text: "sent already" });
  const draft = createDraft(storage, "form", empty, ["title", "text"]);
  draft.take();
  await draft.loaded;
  await settled();
  expect(draft.value.value).toEqual(empty);
  expect(await storage.get("form")).toBeUndefined();
});

test("a storage that refuses leaves the words in memory, and says so", async () => {
  const refusing = { ...memoryStorage(), update: () => Promise.reject(new Error("quota")) };
  const draft = createDraft(refusing, "form", empty, ["title", "text"]);
  draft.set({ title: "x" });
  await expect.poll(() => draft.saved.value).toBe("memory");
  expect(draft.value.value.title).toBe("x");
});
