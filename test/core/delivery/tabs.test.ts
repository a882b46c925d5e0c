import { createModel } from "@preact/signals-core";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createDraft } from "../../../src/core/delivery/drafts.ts";
import { createFiles } from "../../../src/core/delivery/files.ts";
import { createOutbox } from "../../../src/core/delivery/outbox.ts";
import type { Storage } from "../../../src/core/delivery/storage.ts";
import { anasDesk, bench, picture } from "../../support/scope.ts";
import { tabs } from "../../support/tabs.ts";

const empty = { title: "", text: "" };

describe("two tabs on one form", () => {
  test("show each other's words, and eat none", async () => {
    const openTab = tabs();
    const [left, right] = [
      createDraft(openTab(), "form", empty, ["title", "text"]),
      createDraft(openTab(), "form", empty, ["title", "text"]),
    ];
    await Promise.all([left.loaded, right.loaded]);
    left.set({ title: "Naročila" });
    right.set({ text: "Odprem košarico" });
    const both = { title: "Naročila", text: "Odprem košarico" };
    await expect.poll(() => [left.value.value, right.value.value]).toEqual([both, both]);
    const later = createDraft(openTab(), "form", empty, ["title", "text"]);
    await later.loaded;
    expect(later.value.value).toEqual(both);
  });

  test("are both empty once one of them has sent it", async () => {
    const openTab = tabs();
    const [left, right] = [
      createDraft(openTab(), "form", empty, ["title", "text"]),
      createDraft(openTab(), "form", empty, ["title", "text"]),
    ];
    left.set({ title: "Naročila" });
    await expect.poll(() => right.value.value.title).toBe("Naročila");
    right.take();
    await expect.poll(() => left.value.value).toEqual(empty);
  });

  test("have the same files, each uploaded once; what one takes out is gone from the other", async () => {
    const openTab = tabs();
    const desk = anasDesk();
    const upload = vi.spyOn(desk.uploads!, "upload");
    const Model = createModel((storage: Storage) => {
      const { files, add, remove } = createFiles(bench(desk, storage), "files");
      return { files, add, remove };
    });
    const [left, right] = [new Model(openTab()), new Model(openTab())];
    left.add([picture("a.png")]);
    const names = (tab: typeof left) => tab.files.value.map(({ file, state }) => [file.name, state.status]);
    await expect.poll(() => [names(left), names(right)]).toEqual([[["a.png", "done"]], [["a.png", "done"]]]);
    expect(upload).toHaveBeenCalledOnce();
    right.remove(right.files.value[0]!.id);
    await expect.poll(() => left.files.value).toEqual([]);
  });
});

test("what a tab has left behind, another one sends", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const openTab = tabs();
  const sent: string[] = [];
  type Send = (item: object, attachments: readonly string[], signal: AbortSignal) => Promise<void>;
  const Model = createModel((storage: Storage, send: Send) => {
    const scope = bench(anasDesk(), storage);
    const { add, entries } = createOutbox({ scope, key: "outbox", send, onSent: () => undefined });
    return { add, entries };
  });
  const untilClosed: Send = (_item, _attachments, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("closed"))));
  const left = new Model(openTab(), untilClosed);
  const right = new Model(openTab(), async () => void sent.push("right"));
  await left.add({ clientId: "a" });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sent).toEqual([]);
  left[Symbol.dispose]();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(sent).toEqual(["right"]);
  expect(right.entries.value).toEqual([]);
});

test("what waits in two tabs goes out once, although both of them would send it", async () => {
  const openTab = tabs();
  const sent: string[] = [];
  const Model = createModel((storage: Storage) => {
    const scope = bench(anasDesk(), storage);
    const send = async ({ clientId }: { readonly clientId: string }) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      sent.push(clientId);
    };
    const { add, entries } = createOutbox({ scope, key: "outbox", send, onSent: () => undefined });
    return { add, entries };
  });
  const [left, right] = [new Model(openTab()), new Model(openTab())];
  await Promise.all([left.add({ clientId: "a" }), right.add({ clientId: "b" }), left.add({ clientId: "c" })]);
  await expect.poll(() => [left.entries.value, right.entries.value]).toEqual([[], []]);
  expect(sent.toSorted()).toEqual(["a", "b", "c"]);
});
