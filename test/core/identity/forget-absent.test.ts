import { describe, expect, test } from "vitest";
import { memoryStorage } from "../../../src/core/delivery/storage.ts";
import { forgetAbsent } from "../../../src/core/identity/forget-absent.ts";
import { nameOf } from "../../../src/core/identity/person.ts";
import { deskClock } from "../../../src/core/delivery/desk-clock.ts";
import { bench } from "../../support/scope.ts";

const day = 24 * 3_600_000;

function browser() {
  const storage = memoryStorage();
  const clock = { now: Date.parse("2026-06-01T10:00:00Z") };
  const platform = { ...bench(undefined, storage).platform, now: () => clock.now };
  return {
    storage,
    clock,
    platform,
    comes: async (name: string) => await forgetAbsent(platform, name, new AbortController().signal),
    writes: async (name: string) => await storage.set(`${name}/ticket-draft`, { title: name }),
    parts: async () => (await storage.keys("")).filter((key) => key.endsWith("/ticket-draft")),
  };
}

describe("what a browser holds of its members", () => {
  test("is removed thirty days after they were last here, when somebody comes", async () => {
    const { comes, writes, parts, clock } = browser();
    await comes("member:ana");
    await writes("member:ana");
    clock.now += 20 * day;
    await comes("member:boris");
    await writes("member:boris");
    expect(await parts()).toEqual(["member:ana/ticket-draft", "member:boris/ticket-draft"]);
    clock.now += 11 * day;
    await comes("guest");
    expect(await parts()).toEqual(["member:boris/ticket-draft"]);
  });

  test("stays as long as they come back, and is never that of the one who is here", async () => {
    const { comes, writes, parts, clock } = browser();
    await comes("member:ana");
    await writes("member:ana");
    for (let visits = 0; visits < 5; visits += 1) {
      clock.now += 25 * day;
      // oxlint-disable-next-line no-await-in-loop -- one visit after the other
      await comes("member:ana");
    }
    clock.now += 400 * day;
    await comes("member:ana");
    expect(await parts()).toEqual(["member:ana/ticket-draft"]);
  });

  test("is kept thirty days from now where it is not known when they were here", async () => {
    const { comes, writes, parts, clock } = browser();
    await writes("member:ana");
    await comes("guest");
    clock.now += 29 * day;
    await comes("guest");
    expect(await parts()).toEqual(["member:ana/ticket-draft"]);
    clock.now += 2 * day;
    await comes("guest");
    expect(await parts()).toEqual([]);
  });

  test("survives a device whose clock is wrong for a while: the desk's time counts", async () => {
    const { comes, writes, parts, clock, platform } = browser();
    const real = clock.now;
    await comes("member:ana");
    await writes("member:ana");
    clock.now = 0;
    deskClock(platform).learn(real);
    await comes("guest");
    clock.now = real + day;
    deskClock(platform).learn(real + day);
    await comes("guest");
    expect(await parts()).toEqual(["member:ana/ticket-draft"]);
  });

  test("is nobody else's part, whatever characters their id has", async () => {
    const { comes, writes, parts, clock } = browser();
    const [ana, other] = [nameOf({ id: "ana" }), nameOf({ id: "ana/b" })];
    await comes(ana);
    await writes(ana);
    clock.now += 20 * day;
    await comes(other);
    await writes(other);
    clock.now += 15 * day;
    await comes("guest");
    expect(await parts()).toEqual([`${other}/ticket-draft`]);
    expect(nameOf({ id: "ana%2Fb" })).not.toBe(other);
  });
});

test("who has left meanwhile is not noted any more", async () => {
  const { platform, storage } = browser();
  const leaving = new AbortController();
  const noting = forgetAbsent(platform, "member:ana", leaving.signal);
  leaving.abort();
  await noting;
  expect(await storage.keys("")).toEqual([]);
});

test("the address of an unfinished upload goes with its file", async () => {
  const { comes, storage } = browser();
  await storage.set("member:ana/file/1", { file: "x" });
  await storage.set("upload/1", "https://help.example.org/uploads/a");
  await storage.set("upload/2", "https://help.example.org/uploads/b");
  await comes("member:ana");
  expect(await storage.keys("upload/")).toEqual(["upload/1"]);
});
