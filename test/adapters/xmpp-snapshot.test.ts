import { expect, test } from "vitest";
import type { Entry } from "../../src/adapters/xmpp/entry.ts";
import { createQueue } from "../../src/adapters/xmpp/queue.ts";
import { partsOf, snapshotIn } from "../../src/adapters/xmpp/snapshot.ts";
import type { Member } from "../../src/core/contract/adapter.ts";
import { ana, by, hasType, LOBBY, NINA, openServer, request, signedIn, startCopy } from "./xmpp-stage.ts";

const member = (index: number): Member => ({ id: `m${index}`, name: `Member ${index}` });
const entry = (id: string, record: object): Entry => ({
  id,
  sentId: `sent-${id}`,
  nick: "Podpora",
  at: "2026-11-30T10:00:00.000Z",
  body: "",
  record: JSON.stringify(record),
});
const opened = (index: number) =>
  entry(`e${index}`, { type: "opened", id: `c${index}`, code: `k${index}`, memberId: `m${index}`, name: "Ana" });

test("a copy that starts reads from the newest snapshot on, and then ended chats", async () => {
  const server = await openServer();
  const { adapter } = startCopy(server, { snapshotEvery: 40 });
  await adapter.chat.availability(by(ana));
  server.join(LOBBY, "Nina", NINA);
  const asked = request();
  for (let index = 0; index < 150; index += 1) {
    const { id } = await adapter.chat.open(index === 3 ? asked : request(), by(member(index)));
    await adapter.chat.close(id, by(member(index)));
  }
  const waiting = [200, 201, 202].map(member);
  for (const each of waiting) await adapter.chat.open(request(), by(each));
  server.say(LOBBY, "Nina", "<body>!take</body>");
  const states = async (of: typeof adapter) =>
    await Promise.all(waiting.map(async (each) => await of.chat.current(by(each))));
  await expect.poll(async () => (await states(adapter)).map((each) => each?.position)).toEqual([undefined, 1, 2]);
  const before = await states(adapter);
  const ended = await adapter.chat.last(by(member(3)));
  const size = server.archive(LOBBY).length;
  await adapter.dispose?.();

  const again = startCopy(server, { snapshotEvery: 40 }).adapter;
  const read = server.queried.length;
  expect(await states(again)).toEqual(before);
  const first = server.queried.slice(read).filter(({ room }) => room === LOBBY)[0];
  expect(first?.count).toBeLessThanOrEqual(100);
  expect(size).toBeGreaterThan(300);
  expect(await again.chat.last(by(member(3)))).toEqual(ended);
  expect((await again.chat.history(ended?.id ?? "", undefined, by(member(3)))).items).toHaveLength(1);
  await again.dispose?.();
  const third = startCopy(server, { snapshotEvery: 40 }).adapter;
  expect(await third.chat.open(asked, by(member(3)))).toEqual(ended);
}, 30_000);

test("ended chats are found even if the connection is lost just then", async () => {
  const server = await openServer();
  const { adapter } = startCopy(server, { snapshotEvery: 4 });
  for (let index = 0; index < 6; index += 1) {
    const { id } = await adapter.chat.open(request(), by(member(index)));
    await adapter.chat.close(id, by(member(index)));
  }
  const ended = await adapter.chat.last(by(member(0)));
  await adapter.dispose?.();
  server.cutAtNextRead();
  const { adapter: again, reported } = startCopy(server, { snapshotEvery: 4 });
  await expect.poll(async () => await again.chat.last(by(member(0))).catch(() => undefined)).toEqual(ended);
  expect(server.connections()).toBe(3);
  expect(reported.join()).not.toContain("ended");
});

test("a replayed opening reopens no ended chat, at any copy", async () => {
  const server = await openServer();
  const { adapter } = startCopy(server, { snapshotEvery: 6 });
  for (let index = 0; index < 6; index += 1) {
    const { id } = await adapter.chat.open(request(), by(member(index)));
    await adapter.chat.close(id, by(member(index)));
  }
  await expect.poll(() => server.archive(LOBBY).some(hasType("snapshot"))).toBe(true);
  const opening = signedIn(server.archive(LOBBY).find(hasType("opened"))?.xml);
  server.say(LOBBY, "Nina", opening.inner, opening.id);
  await adapter.chat.open(request(), by(ana));
  expect(await adapter.chat.current(by(member(0)))).toBeUndefined();
  await adapter.dispose?.();
  const again = startCopy(server, { snapshotEvery: 6 }).adapter;
  expect((await again.chat.current(by(ana)))?.position).toBe(1);
  expect(await again.chat.current(by(member(0)))).toBeUndefined();
  expect((await again.chat.last(by(member(0))))?.status).toBe("ended");
});

test("of two devices at once the second one's opening does not count later either", () => {
  const at = (id: string, written: string, record: object): Entry => ({ ...entry(id, record), at: written });
  const opening = (chat: string) => ({ type: "opened", id: chat, code: chat, memberId: "m1", name: "Ana" });
  const first = at("e1", "2026-11-30T10:00:00.000Z", opening("c1"));
  const second = at("e2", "2026-11-30T10:00:01.000Z", opening("c2"));
  const end = at("e3", "2026-11-30T10:05:00.000Z", { type: "ended", id: "c1" });
  const queue = createQueue(1000);
  for (const each of [first, second, end, { ...second, id: "e4" }]) queue.apply(each);
  expect([...queue.open()]).toEqual([]);
  const [part] = partsOf({ after: "e4", waits: [], chats: [], spent: queue.spent() }, 10_000);
  const copy = createQueue(1000);
  const found = snapshotIn([{ ...second, id: "e4" }, entry("s", part ?? {}), { ...second, id: "e5" }]);
  if (found) copy.restore(found.snapshot);
  for (const each of found?.later ?? []) copy.apply(each);
  expect([...copy.open()]).toEqual([]);
  // The member's own device asks again, now that the first one's chat has ended.
  for (const each of [queue, copy]) {
    each.apply(at("e6", "2026-11-30T10:06:00.000Z", opening("c2")));
    expect([...each.open()].map(({ id }) => id)).toEqual(["c2"]);
  }
  queue.forget("2026-11-01T00:00:00.000Z", "2026-11-30T13:00:00.000Z");
  expect(queue.spent().size).toBe(0);
});

test("a snapshot written by a person does not count", async () => {
  const server = await openServer();
  const { adapter } = startCopy(server);
  const { id } = await adapter.chat.open(request(), by(ana));
  const forged = {
    type: "snapshot",
    id: "x",
    after: server.archive(LOBBY)[0]?.id,
    part: 0,
    parts: 1,
    waits: [],
    chats: [],
  };
  server.say(
    LOBBY,
    "Nina",
    `<podpora xmlns="urn:podpora:chat:1">${JSON.stringify(forged).replaceAll('"', "&quot;")}</podpora>`,
  );
  await adapter.dispose?.();
  const again = startCopy(server).adapter;
  expect((await again.chat.current(by(ana)))?.id).toBe(id);
});

test("a snapshot contains the derived state, in as many parts as needed", () => {
  const queue = createQueue(1000);
  const entries = Array.from({ length: 300 }, (_, index) => opened(index));
  for (const each of entries) queue.apply(each);
  const agent = { name: "Nina", jid: "nina@example.org" };
  for (const [at, index] of [5, 80, 200].entries())
    queue.apply(entry(`t${at}`, { type: "taken", id: `c${index}`, agent }));
  queue.apply(entry("b", { type: "back", id: "c80" }));
  const spent = new Map(Array.from({ length: 300 }, (_, index) => [`gone${index}`, "2026-11-30T10:00:00.000Z"]));
  const parts = partsOf({ after: "b", waits: queue.waits(), chats: [...queue.open()], spent }, 10_000);
  expect(parts.length).toBeGreaterThan(3);
  const archived = [
    entry("b", { type: "back", id: "c80" }),
    ...parts.map((part, index) => entry(`p${index}`, part)),
    opened(900),
  ];
  const found = snapshotIn(archived);
  const again = createQueue(1000);
  if (found) again.restore(found.snapshot);
  for (const each of found?.later ?? []) again.apply(each);
  queue.apply(opened(900));
  expect(again.waiting().map(({ id }) => id)).toEqual(queue.waiting().map(({ id }) => id));
  expect(
    [...again.chats.values()].map((chat) => again.stateOf(chat)).toSorted((a, b) => a.id.localeCompare(b.id)),
  ).toEqual([...queue.chats.values()].map((chat) => queue.stateOf(chat)).toSorted((a, b) => a.id.localeCompare(b.id)));
  expect(again.spent()).toEqual(spent);
  // Without one of its parts, or without the entry that it refers to, it is ignored.
  expect(snapshotIn(archived.filter(({ id }) => id !== "p1"))).toBeUndefined();
  expect(snapshotIn(archived.slice(1))).toBeUndefined();
});
