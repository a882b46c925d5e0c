import { describe, expect, test } from "vitest";
import { feedChannel, LOG_ENTRIES } from "../../../src/gateway/feed/feed-store.ts";
import type { SharedStore } from "../../../src/gateway/shared-store.ts";

const LEASE_MS = 10_000;
const place = (cursor: string, epoch = "e1") => ({ epoch, cursor });

/** What every store keeps for feeds. `open` returns a new store. */
export function describeFeedStore(name: string, open: () => SharedStore): void {
  const begun = async () => {
    const { feeds, ...store } = open();
    await feeds.lead("desk", "one", LEASE_MS);
    const tell = async (...entries: readonly (readonly [key: string, text: string])[]) =>
      await feeds.append(
        "desk",
        "one",
        place("1"),
        entries.map(([key, text]) => ({ key, text })),
      );
    return { feeds, store, tell };
  };
  const texts = ({ entries }: { readonly entries: readonly { readonly text: string }[] }) =>
    entries.map(({ text }) => text);

  describe(`${name}: the state of a feed`, () => {
    test("is led by one holder at a time, who may renew and release the lease", async () => {
      const { feeds } = open();
      expect(await feeds.lead("desk", "one", LEASE_MS)).toBe(true);
      expect(await feeds.lead("desk", "two", LEASE_MS)).toBe(false);
      expect(await feeds.lead("desk", "one", LEASE_MS)).toBe(true);
      await feeds.resign("desk", "two");
      expect(await feeds.lead("desk", "two", LEASE_MS)).toBe(false);
      await feeds.resign("desk", "one");
      expect(await feeds.lead("desk", "two", LEASE_MS)).toBe(true);
      expect(await feeds.lead("other desk", "one", LEASE_MS)).toBe(true);
    });

    test("is led by another holder when the lease has expired, and the previous one can store nothing", async () => {
      const { feeds } = open();
      expect(await feeds.lead("desk", "one", 50)).toBe(true);
      await expect.poll(async () => await feeds.lead("desk", "two", LEASE_MS)).toBe(true);
      expect(await feeds.append("desk", "one", place("9"), [{ key: "ana", text: "late" }])).toBe(false);
      expect(await feeds.place("desk")).toBeUndefined();
      expect(texts(await feeds.log("desk", "ana"))).toEqual([]);
    });

    test("resumes from the cursor that was stored with it", async () => {
      const { feeds } = await begun();
      expect(await feeds.place("desk")).toBeUndefined();
      await feeds.append("desk", "one", place("41.2"), []);
      expect(await feeds.place("desk")).toEqual({ epoch: "e1", cursor: "41.2" });
      expect(await feeds.place("other")).toBeUndefined();
    });

    test("is kept for each person separately, in order, and can be read from any position", async () => {
      const { feeds, tell } = await begun();
      const start = (await feeds.log("desk", "ana")).position;
      await tell(["ana", "1"], ["boris", "x"], ["ana", "2"]);
      await tell(["ana", "3"]);
      const all = await feeds.log("desk", "ana", start);
      expect(texts(all)).toEqual(["1", "2", "3"]);
      expect(texts(await feeds.log("desk", "ana", all.entries[0]?.id))).toEqual(["2", "3"]);
      expect(texts(await feeds.log("desk", "boris", start))).toEqual(["x"]);
      const { position } = await feeds.log("desk", "ana");
      expect(texts(await feeds.log("desk", "ana", position))).toEqual([]);
      await tell(["ana", "4"]);
      expect(texts(await feeds.log("desk", "ana", position))).toEqual(["4"]);
    });

    test("says when entries after a position have been dropped", async () => {
      const { feeds, tell } = await begun();
      await tell(["ana", "first"]);
      const { position } = await feeds.log("desk", "ana");
      await tell(...Array.from({ length: LOG_ENTRIES - 1 }, (_, at) => ["ana", String(at)] as const));
      expect((await feeds.log("desk", "ana", position)).isCut).toBe(false);
      await tell(["ana", "a"], ["ana", "b"]);
      const { entries, isCut } = await feeds.log("desk", "ana", position);
      expect([entries.length, isCut]).toEqual([LOG_ENTRIES, true]);
    });

    test("is deleted with the person, and nobody else's", async () => {
      const { feeds, tell } = await begun();
      await tell(["ana", "1"], ["ana", "2"], ["boris", "x"]);
      expect(await feeds.forget("desk", "ana", false)).toBe(2);
      expect(await feeds.forget("desk", "ana", true)).toBe(2);
      expect(await feeds.forget("desk", "ana", true)).toBe(0);
      expect(texts(await feeds.log("desk", "ana"))).toEqual([]);
      expect(texts(await feeds.log("desk", "boris"))).toEqual(["x"]);
    });

    test("is published to every copy: the epoch, and whose logs have grown", async () => {
      const { store, tell } = await begun();
      const heard: unknown[] = [];
      const stop = store.subscribe(feedChannel("desk"), (text) => heard.push(JSON.parse(text)));
      await expect
        .poll(async () => {
          await tell(["ana", "1"], ["boris", "2"], ["ana", "3"]);
          return heard[0];
        })
        .toEqual({ epoch: "e1", keys: ["ana", "boris"] });
      stop();
    });
  });
}
