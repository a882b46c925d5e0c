import { expect, test } from "vitest";
import { openDesk } from "../../demo/desk/desk.ts";
import { seededDesk } from "./desk.ts";

test("a key belongs to the first caller until it expires", async () => {
  await using stage = await seededDesk();
  const { keyStore } = stage.desk;
  const answers = await Promise.all(["a", "b", "c"].map((value) => keyStore.setIfAbsent("key", value, 1000)));
  expect(answers).toEqual([undefined, "a", "a"]);
  stage.clock.at += 999;
  expect(await keyStore.get("key")).toBe("a");
  stage.clock.at += 1;
  expect(await keyStore.get("key")).toBeUndefined();
  expect(await keyStore.setIfAbsent("key", "d", 1000)).toBeUndefined();
  await keyStore.set("key", "e", 5000);
  expect(await keyStore.get("key")).toBe("e");
  await keyStore.delete("key");
  expect(await keyStore.get("key")).toBeUndefined();
});

test("a key survives a restart of the desk and is shared with other processes", async () => {
  await using stage = await seededDesk();
  await stage.desk.keyStore.set("key", "value", 60_000);
  const other = await openDesk({ directory: stage.directory, now: () => stage.clock.at });
  expect(await other.keyStore.setIfAbsent("key", "mine", 60_000)).toBe("value");
  other.close();
});

test("a rate-limit bucket is drained, then says how long to wait, and refills", async () => {
  await using stage = await seededDesk();
  const limit = { capacity: 2, refillMs: 1000 };
  const take = () => stage.desk.keyStore.take("bucket", limit);
  expect([await take(), await take(), await take()]).toEqual([0, 0, 1000]);
  stage.clock.at += 400;
  expect(await take()).toBe(600);
  stage.clock.at += 600;
  expect([await take(), await take()]).toEqual([0, 1000]);
  stage.clock.at += 60_000;
  expect([await take(), await take(), await take()]).toEqual([0, 0, 1000]);
  expect(await stage.desk.keyStore.take("another", limit)).toBe(0);
});
