import { createModel } from "@preact/signals-core";
import { describe, expect, test } from "vitest";
import type { Adapter, UploadContext } from "../../../src/core/contract/adapter.ts";
import { AdapterError } from "../../../src/core/contract/errors.ts";
import { createComposer, type Words } from "../../../src/core/delivery/composer.ts";
import { createOutbox } from "../../../src/core/delivery/outbox.ts";
import { memoryStorage, type Storage } from "../../../src/core/delivery/storage.ts";
import { anasDesk, bench, picture } from "../../support/scope.ts";

type Upload = (file: File, ctx: UploadContext) => Promise<void>;

/** A desk whose uploads run through `before` first. */
function deskWith(before: Upload = async () => undefined): Adapter {
  const desk = anasDesk();
  const { uploads } = desk;
  if (!uploads) throw new Error("the desk takes no files");
  return {
    ...desk,
    uploads: {
      ...uploads,
      async upload(file, ctx) {
        await before(file, ctx);
        return await uploads.upload(file, ctx);
      },
    },
  };
}

/** Something that waits until it is let through. */
function gate() {
  let letThrough: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (letThrough = resolve));
  return { opened, open: () => letThrough() };
}

/** An upload that goes on until its page goes. */
const endless: Upload = (_file, { signal }) =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

function open(adapter: Adapter = deskWith(), storage: Storage = memoryStorage()) {
  const scope = bench(adapter, storage);
  const sent: { readonly text: string; readonly files: number }[] = [];
  const asked: string[] = [];
  const refusal: { code?: "forbidden" } = {};
  const Model = createModel(() => {
    const outbox = createOutbox<Words, undefined>({
      scope,
      key: "outbox",
      async send({ clientId, text }, attachments) {
        asked.push(clientId);
        if (refusal.code) throw new AdapterError(refusal.code, "not now");
        sent.push({ text, files: attachments.length });
        return undefined;
      },
      onSent: () => undefined,
    });
    const { entries, retry, take } = outbox;
    return { ...createComposer(scope, "draft", outbox, (words) => words), outbox: { entries, retry, take } };
  });
  const composer = new Model();
  const names = () => composer.files.files.value.map(({ file }) => file.name);
  const states = () => composer.outbox.entries.value.map(({ item, state }) => [item.text, state.status]);
  function close() {
    composer[Symbol.dispose]();
    scope.leave();
  }
  return { composer, sent, asked, refusal, storage, names, states, close };
}

/** The storage as a page finds it that opens after a crash: what was being written under `key` never got there. */
function neverWrites(storage: Storage, key: string): Storage {
  return {
    ...storage,
    update: (written, change) => (written === key ? new Promise(() => undefined) : storage.update(written, change)),
  };
}

describe("while a file is on its way", () => {
  test("what is typed is the next message, a file added then goes with it, and pressing twice sends once", async () => {
    const upload = gate();
    const { composer, sent, names } = open(deskWith(() => upload.opened));
    composer.write("Here is the picture");
    composer.files.add([picture("first.png")]);
    await composer.send();
    expect([composer.text.value, names()]).toEqual(["", []]);
    composer.write("it happens on Mondays");
    expect(await composer.send()).toBe(true);
    expect(await composer.send()).toBe(false);
    composer.write("Also Tuesdays");
    composer.files.add([picture("second.png")]);
    upload.open();
    await expect
      .poll(() => sent)
      .toEqual([
        { text: "Here is the picture", files: 1 },
        { text: "it happens on Mondays", files: 0 },
      ]);
    expect([composer.text.value, names()]).toEqual(["Also Tuesdays", ["second.png"]]);
  });

  test("the member sees what the message waits for, and what waits behind it", async () => {
    const upload = gate();
    const { composer, states } = open(deskWith(() => upload.opened));
    composer.write("with a file");
    composer.files.add([picture()]);
    await composer.send();
    composer.write("after it");
    await composer.send();
    await expect.poll(states).toEqual([
      ["with a file", "uploading"],
      ["after it", "waiting"],
    ]);
    upload.open();
    await expect.poll(states).toEqual([]);
  });

  test("a reload sends it all the same, once and with its file, and the composer stays empty", async () => {
    const before = open(deskWith(endless));
    before.composer.write("Here is the picture");
    before.composer.files.add([picture("first.png")]);
    await before.composer.send();
    await expect.poll(() => before.storage.get("outbox")).toHaveLength(1);
    before.close();
    const after = open(deskWith(), before.storage);
    await expect.poll(() => after.sent).toEqual([{ text: "Here is the picture", files: 1 }]);
    expect([after.composer.text.value, after.names()]).toEqual(["", []]);
    expect(await after.storage.keys("")).toEqual(["outbox"]);
    expect(await after.storage.get("outbox")).toEqual([]);
  });
});

describe("a crash", () => {
  test("before the message is stored leaves the words and the files in the composer", async () => {
    const storage = memoryStorage();
    const before = open(deskWith(endless), neverWrites(storage, "outbox"));
    before.composer.write("not lost");
    before.composer.files.add([picture("first.png")]);
    await expect.poll(() => storage.get("draft")).toMatchObject({ text: "not lost" });
    await before.composer.send();
    before.close();
    const after = open(deskWith(), storage);
    await expect.poll(() => [after.composer.text.value, after.names()]).toEqual(["not lost", ["first.png"]]);
    expect(after.sent).toEqual([]);
  });

  test("after the message is stored and before the composer is emptied sends it once", async () => {
    const storage = memoryStorage();
    const before = open();
    before.composer.write("only once");
    await expect.poll(() => before.storage.get("draft")).toMatchObject({ text: "only once" });
    const draft = await before.storage.get("draft");
    before.close();
    await storage.set("draft", draft);
    const { id } = draft as { readonly id: string };
    await storage.set("outbox", [{ item: { clientId: id, text: "only once" }, files: [], tab: "gone" }]);
    const after = open(deskWith(), storage);
    await expect.poll(() => after.sent).toEqual([{ text: "only once", files: 0 }]);
    await expect.poll(() => after.composer.text.value).toBe("");
  });
});

test("a message sent right after a reload, before the storage has answered, goes with its files", async () => {
  const before = open();
  before.composer.write("see the picture");
  before.composer.files.add([picture("a.png")]);
  await expect.poll(() => before.composer.files.files.value[0]?.state.status).toBe("done");
  const [id] = before.composer.files.files.value.map((file) => file.id);
  await expect.poll(() => before.storage.get(`file/${id}`)).toMatchObject({ attachment: { name: "a.png" } });
  before.close();
  const slow: Storage = {
    ...before.storage,
    async get(key) {
      if (key === "draft-files") await new Promise((resolve) => setTimeout(resolve, 30));
      return await before.storage.get(key);
    },
  };
  const after = open(deskWith(), slow);
  await after.composer.send();
  await expect.poll(() => after.sent).toEqual([{ text: "see the picture", files: 1 }]);
  expect(after.names()).toEqual([]);
});

describe("a refused message", () => {
  test("asks the desk again under a new id when the member tries again", async () => {
    const { composer, refusal, asked, sent, states } = open();
    refusal.code = "forbidden";
    composer.write("hello");
    await composer.send();
    await expect.poll(states).toEqual([["hello", "refused"]]);
    delete refusal.code;
    composer.outbox.retry();
    await expect.poll(() => sent).toEqual([{ text: "hello", files: 0 }]);
    expect(new Set(asked).size).toBe(2);
  });

  test("holds back nothing that is written after it", async () => {
    const { composer, refusal, sent, states } = open();
    refusal.code = "forbidden";
    composer.write("poison");
    await composer.send();
    await expect.poll(states).toEqual([["poison", "refused"]]);
    delete refusal.code;
    composer.write("later one");
    await composer.send();
    await expect.poll(() => sent).toEqual([{ text: "later one", files: 0 }]);
    expect(states()).toEqual([["poison", "refused"]]);
  });

  test("goes back in front of what is written since, with its files", async () => {
    const { composer, refusal, sent, states, names } = open();
    refusal.code = "forbidden";
    composer.write("first");
    composer.files.add([picture("a.png")]);
    await composer.send();
    await expect.poll(states).toEqual([["first", "refused"]]);
    composer.write("second");
    const { clientId } = composer.outbox.entries.value[0]!.item;
    await composer.outbox.take(clientId, (entry, held) => composer.putBack(entry, held));
    expect([composer.text.value, names()]).toEqual(["first\nsecond", ["a.png"]]);
    delete refusal.code;
    await composer.send();
    await expect.poll(() => sent).toEqual([{ text: "first\nsecond", files: 1 }]);
  });

  test("because of a file names that file, and goes out without a new choice once the desk takes it", async () => {
    let takes = false;
    const { composer, sent } = open(
      deskWith(async () => {
        if (!takes) throw new AdapterError("too-large", "25 MB at most");
      }),
    );
    composer.write("see the picture");
    composer.files.add([picture("big.png")]);
    const sending = composer.send();
    expect(await sending).toBe(true);
    await expect
      .poll(() => composer.outbox.entries.value[0]?.state)
      .toEqual({ status: "refused", code: "too-large", file: "big.png" });
    takes = true;
    composer.outbox.retry();
    await expect.poll(() => sent).toEqual([{ text: "see the picture", files: 1 }]);
  });
});

test("nothing is sent while a chosen file can't be uploaded, and nothing is lost", async () => {
  const { composer, sent, names } = open(
    deskWith(async () => {
      throw new AdapterError("too-large", "25 MB at most");
    }),
  );
  composer.write("see the picture");
  composer.files.add([picture("big.png")]);
  await expect.poll(() => composer.files.files.value[0]?.state.status).toBe("failed");
  expect(await composer.send()).toBe(false);
  expect([composer.text.value, names(), sent]).toEqual(["see the picture", ["big.png"], []]);
});

test("what is taken elsewhere is gone from the composer, and is not sent from there", async () => {
  const { composer, sent, names } = open();
  composer.write("for the ticket");
  composer.files.add([picture("a.png")]);
  const taken = composer.takeAll();
  expect([taken.text, taken.files.length]).toEqual(["for the ticket", 1]);
  expect(await composer.send()).toBe(false);
  expect([composer.text.value, names(), sent]).toEqual(["", [], []]);
});
