import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { filesIn } from "../../src/gateway/index.ts";
import { temporaryFolder } from "../demo/folder.ts";

const never = new AbortController().signal;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => void (folder = await temporaryFolder()));
afterEach(async () => await folder.remove());

const file = (text = "pixels", name = "zaslon č 🐎.png") => new File([text], name, { type: "image/png" });

test("a file is held with its name and type, and found by another copy", async () => {
  const held = await filesIn(folder.path).hold(file(), "ana", "1", never);
  expect(held).toMatchObject({ name: "zaslon č 🐎.png", bytes: 6, type: "image/png" });
  const found = await filesIn(folder.path).find(held.id, "ana");
  expect(found).toMatchObject({ name: "zaslon č 🐎.png", size: 6, type: "image/png" });
  expect(await found?.text()).toBe("pixels");
});

test("the same upload twice, or five times at once, is one file with one id", async () => {
  const files = filesIn(folder.path);
  const held = await Promise.all(Array.from({ length: 5 }, () => files.hold(file(), "ana", "1", never)));
  held.push(await files.hold(file("other bytes"), "ana", "1", never));
  expect(new Set(held.map(({ id }) => id)).size).toBe(1);
  const [owner = ""] = await readdir(folder.path);
  expect(await readdir(join(folder.path, owner))).toEqual([held[0]?.id]);
  expect(await (await files.find(held[0]?.id ?? "", "ana"))?.text()).toBe("pixels");
});

test("without a client id every upload is a separate file", async () => {
  const files = filesIn(folder.path);
  const [one, two] = [
    await files.hold(file(), "ana", undefined, never),
    await files.hold(file(), "ana", undefined, never),
  ];
  expect(one.id).not.toBe(two.id);
});

test("another owner's file is not found by any call, and cannot be released", async () => {
  const files = filesIn(folder.path);
  const { id } = await files.hold(file(), "ana", "1", never);
  expect((await files.hold(file(), "boris", "1", never)).id).not.toBe(id);
  const [owner = ""] = await readdir(folder.path);
  for (const wanted of [id, `../${owner}/${id}`, "../../etc/passwd", ".", "..", "", `${id}/content`]) {
    expect(await files.find(wanted, "boris")).toBeUndefined();
    await files.release(wanted, "boris");
  }
  expect(await files.find(id, "ana")).toBeDefined();
});

test("an owner without files has no folder: there may be a million members", async () => {
  const files = filesIn(folder.path);
  const [one, two] = [await files.hold(file(), "ana", "1", never), await files.hold(file(), "ana", "2", never)];
  await files.release(one.id, "ana");
  expect(await readdir(folder.path)).toHaveLength(1);
  await files.release(two.id, "ana");
  expect(await readdir(folder.path)).toEqual([]);
  const again = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const held = await files.hold(file(), "ana", `again-${index}`, never);
      await files.release(held.id, "ana");
      return held.id;
    }),
  );
  expect(new Set(again).size).toBe(20);
  expect(await readdir(folder.path)).toEqual([]);
});

test("a released file is gone, and releasing it again does nothing", async () => {
  const files = filesIn(folder.path);
  const { id } = await files.hold(file(), "ana", "1", never);
  await files.release(id, "ana");
  await files.release(id, "ana");
  expect(await files.find(id, "ana")).toBeUndefined();
});

test("an aborted upload rejects with the signal's own reason and leaves nothing", async () => {
  const files = filesIn(folder.path);
  const reason = new Error("closed");
  await expect(files.hold(file(), "ana", "1", AbortSignal.abort(reason))).rejects.toBe(reason);
  const abort = new AbortController();
  const cut = files.hold(file("x".repeat(5_000_000)), "ana", "2", abort.signal);
  abort.abort(reason);
  await expect(cut).rejects.toBe(reason);
  for (const owner of await readdir(folder.path)) expect(await readdir(join(folder.path, owner))).toEqual([]);
});

test("without disk space the call is unavailable and leaves nothing behind", async () => {
  await writeFile(join(folder.path, "full"), "");
  await expect(filesIn(join(folder.path, "full")).hold(file(), "ana", "1", never)).rejects.toMatchObject({
    code: "unavailable",
  });
  const broken = new File(["x"], "x");
  Object.defineProperty(broken, "stream", {
    value: () =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(new Uint8Array(10));
          controller.error(Object.assign(new Error("no space left on device"), { code: "ENOSPC" }));
        },
      }),
  });
  const files = filesIn(folder.path);
  await expect(files.hold(broken, "ana", "1", never)).rejects.toThrow("there is no room for files");
  const [owner = ""] = (await readdir(folder.path)).filter((name) => name !== "full");
  expect(await readdir(join(folder.path, owner))).toEqual([]);
});

test("files that nobody has released for a day are deleted with the next upload, and younger ones stay", async () => {
  const { id: old } = await filesIn(folder.path).hold(file(), "ana", "old", never);
  const { id: young } = await filesIn(folder.path).hold(file(), "ana", "young", never);
  const [owner = ""] = await readdir(folder.path);
  await mkdir(join(folder.path, owner, ".cut-short"));
  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  for (const name of [old, ".cut-short"]) await utimes(join(folder.path, owner, name), yesterday, yesterday);
  const files = filesIn(folder.path);
  const { id } = await files.hold(file(), "ana", "new", never);
  expect((await readdir(join(folder.path, owner))).toSorted()).toEqual([young, id].toSorted());
});
