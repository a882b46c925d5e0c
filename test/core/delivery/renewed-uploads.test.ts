import { createModel } from "@preact/signals-core";
import { expect, test, vi } from "vitest";
import { AdapterError } from "../../../src/core/contract/errors.ts";
import { createOutbox } from "../../../src/core/delivery/outbox.ts";
import { memoryStorage, type Storage } from "../../../src/core/delivery/storage.ts";
import { anasDesk, bench, picture } from "../../support/scope.ts";
import { tabs } from "../../support/tabs.ts";

interface Letter {
  readonly clientId: string;
  readonly lane: string;
}

function slowFiles(): Storage {
  const storage = memoryStorage();
  return {
    ...storage,
    update: async (key, change) => {
      if (key.startsWith("file/")) await new Promise((resolve) => setTimeout(resolve, 20));
      await storage.update(key, change);
    },
  };
}

function open(
  storage: Storage,
  send: (item: Letter, ids: readonly string[]) => Promise<string>,
  upload: (file: File, n: number) => Promise<void>,
) {
  const desk = anasDesk();
  let n = 0;
  const adapter = {
    ...desk,
    uploads: {
      ...desk.uploads!,
      upload: async (file: File, ctx: never) => {
        n += 1;
        await upload(file, n);
        return { ...(await desk.uploads!.upload(file, ctx)), id: `att-${n}` };
      },
    },
  };
  const scope = bench(adapter, storage);
  const Model = createModel(() => {
    const { loaded: _, ...model } = createOutbox<Letter, string>({
      scope,
      key: "outbox",
      send,
      onSent: () => undefined,
      lane: ({ lane }) => lane,
    });
    return model;
  });
  const outbox = new Model();
  return { outbox, scope, states: () => outbox.entries.value.map(({ item, state }) => `${item.lane} ${state.status}`) };
}

test("what is asked again goes with its file as it was uploaded once more", async () => {
  const gone: (readonly string[])[] = [];
  const { outbox, scope, states } = open(
    slowFiles(),
    async ({ lane }, ids) => {
      if (lane === "busy") throw new AdapterError("network", "no route");
      gone.push(ids);
      if (gone.length === 1) throw new AdapterError("invalid", "the file is used up");
      return "ok";
    },
    async () => undefined,
  );
  void outbox.add({ clientId: "busy", lane: "busy" });
  const id = scope.uploads.add(picture());
  await outbox.add({ clientId: "one", lane: "one" }, [id]);
  await expect.poll(states).toContain("one refused");
  outbox.retry();
  await expect.poll(() => gone.length).toBe(2);
  expect(gone[1]).toEqual(["att-2"]);
});

test("of two files one is refused; asked again, both go up", async () => {
  let isBad = true;
  const { outbox, scope, states } = open(
    slowFiles(),
    async ({ lane }) => {
      if (lane === "busy") throw new AdapterError("network", "no route");
      return "ok";
    },
    async (file) => {
      if (file.name === "bad.png" && isBad) throw new AdapterError("too-large", "no");
      if (file.name === "slow.png") await new Promise((r) => setTimeout(r, 150));
    },
  );
  void outbox.add({ clientId: "busy", lane: "busy" });
  const ids = [scope.uploads.add(picture("bad.png")), scope.uploads.add(picture("slow.png"))];
  await outbox.add({ clientId: "one", lane: "one" }, ids);
  await expect.poll(states).toContain("one refused");
  isBad = false;
  outbox.retry();
  await vi.waitFor(() => expect(states().some((s) => s.startsWith("one"))).toBe(false), 1000);
});

test("a picture that is put back is never stored as clean before it is", async () => {
  const openTab = tabs();
  const storage = openTab();
  const sent: string[] = [];
  const desk = anasDesk();
  const adapter = {
    ...desk,
    uploads: {
      ...desk.uploads!,
      upload: async (file: File, ctx: never) => {
        sent.push(await file.text());
        return await desk.uploads!.upload(file, ctx);
      },
    },
  };
  const scope = bench(adapter, storage);
  const { createUploads } = await import("../../../src/core/delivery/uploads.ts");
  const platform = { ...scope.platform, clean: () => new Promise<File>(() => undefined) };
  const uploads = createUploads({ ...scope, platform });
  const id = uploads.add(new File(["with GPS"], "a.png", { type: "image/png" }));
  await new Promise((r) => setTimeout(r, 10));
  const undo = uploads.remove(id);
  await new Promise((r) => setTimeout(r, 10));
  // another tab's upload of the same file ends
  await openTab().set(`file/${id}`, { file: new File(["clean"], "a.png", { type: "image/png" }), clean: true });
  undo();
  await new Promise((r) => setTimeout(r, 10));
  const stored = (await storage.get(`file/${id}`)) as { file: File; clean?: boolean };
  expect([stored.clean === true, await stored.file.text()]).not.toEqual([true, "with GPS"]);
});
