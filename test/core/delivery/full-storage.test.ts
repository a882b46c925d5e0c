import { createModel } from "@preact/signals-core";
import { expect, test } from "vitest";
import { AdapterError } from "../../../src/core/contract/errors.ts";
import { createDraft } from "../../../src/core/delivery/drafts.ts";
import { createOutbox } from "../../../src/core/delivery/outbox.ts";
import { memoryStorage } from "../../../src/core/delivery/storage.ts";
import { bench } from "../../support/scope.ts";

const turns = (ms = 20) => new Promise((resolve) => setTimeout(resolve, ms));

test("a refused message stays stored until its words are stored elsewhere", async () => {
  const storage = memoryStorage();
  const full = {
    ...storage,
    update: async (key: string, change: (stored: unknown) => unknown) => {
      if (key === "draft") throw new DOMException("full", "QuotaExceededError");
      await storage.update(key, change);
    },
  };
  const scope = bench(undefined, full);
  const Model = createModel(() => {
    const { loaded: _, ...model } = createOutbox<{ clientId: string; text: string }, string>({
      scope,
      key: "outbox",
      send: async () => {
        throw new AdapterError("invalid", "no");
      },
      onSent: () => undefined,
    });
    return model;
  });
  const outbox = new Model();
  const draft = createDraft(full, "draft", { text: "" }, ["text"]);
  await outbox.add({ clientId: "a", text: "my words" });
  await expect.poll(() => outbox.entries.value.map(({ state }) => state.status)).toEqual(["refused"]);
  await outbox
    .take("a", async ({ item }, held) => await draft.putBack({ text: item.text }, "text", held))
    .catch(() => undefined);
  await turns();
  const kept = JSON.stringify([await storage.get("outbox"), await storage.get("draft")]);
  expect(kept).toContain("my words");
});
