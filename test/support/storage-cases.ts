import type { Storage } from "../../src/core/delivery/storage.ts";

/**
 * The cases of every storage. They use no test library, as the browser's own storage is tested in the browser.
 * `openTab` opens the same storage as another tab of the same browser.
 */
export type StorageCase = (openTab: () => Storage) => Promise<void>;

function same(found: unknown, expected: unknown) {
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)];
  if (left !== right) throw new Error(`found ${left}, expected ${right}`);
}

async function rejected(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => "resolved",
    (error: unknown) => (error instanceof Error || error instanceof DOMException ? error.name : String(error)),
  );
}

/** Waits for a condition, for changes that reach other tabs later. */
async function until(holds: () => boolean) {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 200) throw new Error(`never: ${holds.toString()}`);
    // oxlint-disable-next-line no-await-in-loop -- the wait
    await pause(10);
  }
}
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const never = new AbortController().signal;

/** Work under a lock that ends on command. */
function work(log: string[], name: string) {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  return {
    end: () => end(),
    async run() {
      log.push(`${name} begins`);
      await ended;
      log.push(`${name} ends`);
      return name;
    },
  };
}

export const storageCases: Readonly<Record<string, StorageCase>> = {
  "a value is visible in every tab until it is deleted": async (openTab) => {
    const [one, other] = [openTab(), openTab()];
    same(await one.get("a"), undefined);
    await one.set("a", { words: ["x"] });
    same(await other.get("a"), { words: ["x"] });
    await other.delete("a");
    same(await one.get("a"), undefined);
    await one.set("a", undefined);
    same(await one.keys(""), []);
  },

  "a stored value does not change when the caller changes the object": async (openTab) => {
    const storage = openTab();
    const words = { list: ["a"] };
    await storage.set("a", words);
    words.list.push("b");
    const read = (await storage.get("a")) as typeof words;
    read.list.push("c");
    same(await storage.get("a"), { list: ["a"] });
  },

  "a file keeps its name, type and bytes": async (openTab) => {
    const storage = openTab();
    await storage.set("a", { file: new File(["bytes"], "š.txt", { type: "text/plain" }) });
    const { file } = (await storage.get("a")) as { readonly file: File };
    same([file.name, file.type, await file.text()], ["š.txt", "text/plain", "bytes"]);
  },

  "a value that can't be stored is refused, and the old one stays": async (openTab) => {
    const storage = openTab();
    await storage.set("a", 1);
    same(await rejected(storage.set("a", { run: () => undefined })), "DataCloneError");
    same(await storage.get("a"), 1);
  },

  "keys() lists the keys with a prefix, and clear() removes only those": async (openTab) => {
    const storage = openTab();
    for (const key of ["guest/a", "guest/b", "member:1/a", "guest"]) await storage.set(key, 1);
    same((await storage.keys("guest/")).toSorted(), ["guest/a", "guest/b"]);
    await storage.clear("guest/");
    same((await storage.keys("")).toSorted(), ["guest", "member:1/a"]);
    await storage.set("guest/again", 1);
    await storage.set("other", 1);
    await storage.clear("guest/", "nothing of this", "oth");
    same((await storage.keys("")).toSorted(), ["guest", "member:1/a"]);
    await storage.clear("");
    same(await storage.keys(""), []);
  },

  "concurrent updates lose nothing, in one tab or several": async (openTab) => {
    const all = [openTab(), openTab()];
    const add = (storage: Storage, name: string) =>
      storage.update("a", (stored) => [...(Array.isArray(stored) ? (stored as string[]) : []), name]);
    await Promise.all(["1", "2", "3", "4"].flatMap((name) => all.map((storage, tab) => add(storage, `${tab}${name}`))));
    same(((await openTab().get("a")) as string[]).toSorted(), ["01", "02", "03", "04", "11", "12", "13", "14"]);
  },

  "an update that returns nothing removes the key; one that throws rejects and changes nothing": async (openTab) => {
    const storage = openTab();
    await storage.set("a", 1);
    const failing = storage.update("a", () => {
      throw new RangeError("no");
    });
    same(await rejected(failing), "RangeError");
    same(await storage.get("a"), 1);
    await storage.update("a", () => undefined);
    same(await storage.keys(""), []);
  },

  "a tab is notified when another one changes a key that it watches, and of nothing else": async (openTab) => {
    const [one, other] = [openTab(), openTab()];
    const heard: string[] = [];
    const stop = one.watch("seen", () => heard.push("seen"));
    one.watch("seen-more", () => heard.push("more"));
    await one.set("seen", 1);
    await other.set("seen", 2);
    await until(() => heard.length > 0);
    await other.delete("seen");
    await until(() => heard.length > 1);
    await other.clear("se");
    await until(() => heard.length > 3);
    stop();
    await other.set("seen", 3);
    await other.set("seen-more", 3);
    await until(() => heard.length > 4);
    same(heard, ["seen", "seen", "seen", "more", "more"]);
  },

  "a change is visible when its notification arrives": async (openTab) => {
    const [one, other] = [openTab(), openTab()];
    const read = new Promise((resolve) => one.watch("a", () => resolve(one.get("a"))));
    await other.set("a", "new");
    same(await read, "new");
  },

  "a message reaches the other tabs in order, and not the tab that sends it": async (openTab) => {
    const [one, other, third] = [openTab(), openTab(), openTab()];
    const heard: string[] = [];
    one.subscribe("topic", (message) => heard.push(`one ${String(message)}`));
    const stop = other.subscribe("topic", (message) => heard.push(`other ${String(message)}`));
    one.subscribe("another", () => heard.push("another"));
    third.publish("topic", 1);
    third.publish("topic", 2);
    one.publish("topic", 3);
    await until(() => heard.length >= 5);
    stop();
    third.publish("topic", 4);
    await until(() => heard.length >= 6);
    same(
      heard.filter((each) => each.startsWith("one")),
      ["one 1", "one 2", "one 4"],
    );
    same(
      heard.filter((each) => each.startsWith("other")),
      ["other 1", "other 2", "other 3"],
    );
  },

  "a lock runs one holder after the other, in order, in one tab or several": async (openTab) => {
    const [one, other] = [openTab(), openTab()];
    const log: string[] = [];
    const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => work(log, name));
    if (!a || !b || !c || !d) throw new Error("no work");
    const done = [one.withLock("lock", never, a.run), one.withLock("lock", never, b.run)];
    done.push(other.withLock("lock", never, c.run));
    const elsewhere = other.withLock("another", never, d.run);
    await until(() => log.length === 2);
    same(log.toSorted(), ["a begins", "d begins"]);
    for (const each of [a, b, c, d]) each.end();
    same(await Promise.all([...done, elsewhere]), ["a", "b", "c", "d"]);
    same(
      log.filter((line) => !line.startsWith("d")),
      ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"],
    );
  },

  "an error under a lock rejects the caller, and the next one runs": async (openTab) => {
    const storage = openTab();
    const failing = storage.withLock("lock", never, async () => await Promise.reject(new RangeError("no")));
    same(await rejected(failing), "RangeError");
    same(await storage.withLock("lock", never, async () => "next"), "next");
  },

  "a caller that aborts while waiting never runs; a running one continues": async (openTab) => {
    const [one, other] = [openTab(), openTab()];
    const log: string[] = [];
    const holder = work(log, "holder");
    const running = new AbortController();
    const held = one.withLock("lock", running.signal, holder.run);
    await until(() => log.length === 1);
    const waiting = new AbortController();
    const waiter = rejected(other.withLock("lock", waiting.signal, async () => log.push("waiter")));
    await pause(20);
    waiting.abort();
    running.abort();
    same(await waiter, "AbortError");
    same(await rejected(other.withLock("free", AbortSignal.abort(), async () => log.push("aborted"))), "AbortError");
    holder.end();
    same(await held, "holder");
    same(log, ["holder begins", "holder ends"]);
  },

  "a stolen lock runs immediately; the holder's call rejects, and its end frees nothing": async (openTab) => {
    const [one, other] = [openTab(), openTab()];
    const log: string[] = [];
    const [holder, thief] = [work(log, "holder"), work(log, "thief")];
    const held = rejected(one.withLock("lock", never, holder.run));
    await until(() => log.length === 1);
    const waiting = one.withLock("lock", never, async () => log.push("waiter"));
    const stolen = other.withLock("lock", never, thief.run, true);
    same(await held, "AbortError");
    await until(() => log.includes("thief begins"));
    holder.end();
    await until(() => log.includes("holder ends"));
    await pause(20);
    same(log.includes("waiter"), false);
    thief.end();
    same(await stolen, "thief");
    await waiting;
    same(log, ["holder begins", "thief begins", "holder ends", "thief ends", "waiter"]);
  },
};
