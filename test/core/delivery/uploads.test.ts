import { createModel } from "@preact/signals-core";
import { describe, expect, test, vi } from "vitest";
import type { Adapter, UploadContext } from "../../../src/core/contract/adapter.ts";
import { AdapterError } from "../../../src/core/contract/errors.ts";
import { createFiles } from "../../../src/core/delivery/files.ts";
import { memoryStorage, type Storage } from "../../../src/core/delivery/storage.ts";
import { createUploads } from "../../../src/core/delivery/uploads.ts";
import { anasDesk, bench, picture } from "../../support/scope.ts";
import { tabs } from "../../support/tabs.ts";

type Upload = (file: File, ctx: UploadContext) => Promise<void>;

function deskWith(before: Upload): Adapter {
  const desk = anasDesk();
  const { uploads } = desk;
  if (!uploads) throw new Error("the desk takes no files");
  const upload = async (file: File, ctx: UploadContext) => {
    await before(file, ctx);
    return await uploads.upload(file, ctx);
  };
  return { ...desk, uploads: { ...uploads, upload } };
}

interface Opening {
  readonly adapter?: Adapter;
  readonly storage?: Storage;
  readonly clean?: (file: File) => Promise<File>;
}

/** The files of one draft in one tab. */
function open({ adapter = anasDesk(), storage = memoryStorage(), clean }: Opening = {}) {
  const scope = bench(adapter, storage);
  const platform = { ...scope.platform, ...(clean && { clean }) };
  const leaving = new AbortController();
  const uploads = createUploads({ platform, adapter, storage, caller: scope.caller, left: leaving.signal });
  const Model = createModel(() => {
    const { saving: _, loaded: __, ...files } = createFiles({ ...scope, platform, uploads }, "files");
    return files;
  });
  const files = new Model();
  const states = () => files.files.value.map(({ file, state }) => [file.name, state.status]);
  const only = () => files.files.value[0]!;
  return { files, uploads, storage, states, only, leave: () => leaving.abort() };
}

const untilAborted: Upload = (_file, { signal }) =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

describe("a chosen file", () => {
  test("is stored under a key of its own, and others are not written again with it", async () => {
    const { files, storage, states } = open();
    const update = vi.spyOn(storage, "update");
    files.add([picture("a.png")]);
    await expect.poll(states).toEqual([["a.png", "done"]]);
    const [a] = files.files.value;
    await expect.poll(() => storage.get(`file/${a?.id}`)).toMatchObject({ attachment: { name: "a.png" } });
    update.mockClear();
    files.add([picture("b.png")]);
    await expect.poll(states).toEqual([
      ["a.png", "done"],
      ["b.png", "done"],
    ]);
    const keys = update.mock.calls.map(([key]) => key);
    expect(keys).not.toContain(`file/${a?.id}`);
    expect(keys).toContain(`file/${files.files.value[1]?.id}`);
  });

  test("that is taken out while it goes up is stopped, forgotten, and not stored again when its cleaning ends", async () => {
    let cleaned: (file: File) => void = () => undefined;
    const { files, storage, only } = open({ clean: () => new Promise((resolve) => (cleaned = resolve)) });
    files.add([picture("a.png")]);
    await expect.poll(() => storage.keys("file/")).toHaveLength(1);
    files.remove(only().id);
    cleaned(picture("a.png"));
    await expect.poll(() => storage.keys("")).toEqual([]);
  });

  test("that is taken out stops its upload", async () => {
    let signal: AbortSignal | undefined;
    const { files, only } = open({
      adapter: deskWith((file, ctx) => {
        ({ signal } = ctx);
        return untilAborted(file, ctx);
      }),
    });
    files.add([picture("a.png")]);
    await expect.poll(() => signal).toBeDefined();
    files.remove(only().id);
    expect(signal?.aborted).toBe(true);
  });

  test("whose place and device can't be removed says so, and does not go up as it is", async () => {
    const upload = vi.fn<Upload>(async () => undefined);
    const { files, only } = open({
      adapter: deskWith(upload),
      clean: () => Promise.reject(new Error("not a picture")),
    });
    files.add([picture("a.png")]);
    await expect.poll(() => only().state).toEqual({ status: "failed", code: "unreadable", retryable: false });
    expect(upload).not.toHaveBeenCalled();
  });

  test("that failed is tried again when the member says so, and when it is sent", async () => {
    let isDown = true;
    const { files, uploads, states, only } = open({
      adapter: deskWith(async () => {
        if (isDown) throw new AdapterError("network", "no route");
      }),
    });
    files.add([picture("a.png")]);
    await expect.poll(states).toEqual([["a.png", "failed"]]);
    files.retry(only().id);
    await expect.poll(states).toEqual([["a.png", "failed"]]);
    isDown = false;
    const { name } = await uploads.attachment(only().id, new AbortController().signal);
    expect(name).toBe("a.png");
    expect(states()).toEqual([["a.png", "done"]]);
  });

  test("goes up under the same id after a reload, and is cleaned once", async () => {
    const ids: (string | undefined)[] = [];
    const clean = vi.fn<(file: File) => Promise<File>>(async (file) => file);
    const note: Upload = async (_file, { clientId }) => void ids.push(clientId);
    const before = open({
      adapter: deskWith(async (file, ctx) => {
        await note(file, ctx);
        await untilAborted(file, ctx);
      }),
      clean,
    });
    before.files.add([picture("a.png")]);
    await expect.poll(() => ids.length).toBe(1);
    before.leave();
    const after = open({ adapter: deskWith(note), storage: before.storage, clean });
    await expect.poll(after.states).toEqual([["a.png", "done"]]);
    expect(ids).toEqual([before.only().id, before.only().id]);
    expect(clean).toHaveBeenCalledOnce();
  });

  test("of a person who has left is not stored when its cleaning ends", async () => {
    let cleaned: (file: File) => void = () => undefined;
    const { files, storage, leave } = open({ clean: () => new Promise((resolve) => (cleaned = resolve)) });
    files.add([picture("passport.png")]);
    await expect.poll(() => storage.keys("file/")).toHaveLength(1);
    const set = vi.spyOn(storage, "set");
    leave();
    cleaned(picture("passport.png"));
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(set).not.toHaveBeenCalled();
  });
});

describe("all files of a draft", () => {
  test("come back with the undo, uploaded as they were", async () => {
    const upload = vi.fn<Upload>(async () => undefined);
    const { files, states } = open({ adapter: deskWith(upload) });
    files.add([picture("a.png"), picture("b.png")]);
    const both = [
      ["a.png", "done"],
      ["b.png", "done"],
    ];
    await expect.poll(states).toEqual(both);
    const undo = files.discard();
    expect(states()).toEqual([]);
    undo();
    await expect.poll(states).toEqual(both);
    expect(upload).toHaveBeenCalledTimes(2);
  });

  test("work where the browser refuses to store", async () => {
    const refuse = () => Promise.reject(new Error("denied"));
    const storage = { ...memoryStorage(), get: refuse, set: refuse, update: refuse, delete: refuse };
    const { files, states, uploads, only } = open({ storage });
    files.add([picture("a.png")]);
    await expect.poll(states).toEqual([["a.png", "done"]]);
    expect((await uploads.attachment(only().id, new AbortController().signal)).name).toBe("a.png");
  });
});

test("a tab that is closed while it uploads leaves the file to another one", async () => {
  const openTab = tabs();
  const closing = open({ adapter: deskWith(untilAborted), storage: openTab() });
  closing.files.add([picture("a.png")]);
  const other = open({ storage: openTab() });
  await expect.poll(other.states).toEqual([["a.png", "uploading"]]);
  closing.leave();
  await expect.poll(other.states).toEqual([["a.png", "done"]]);
});
