import { describe, expect, test } from "vitest";
import type { Entry } from "../../src/adapters/xmpp/entry.ts";
import { createQueue } from "../../src/adapters/xmpp/queue.ts";
import { createWaiting } from "../../src/adapters/xmpp/waiting.ts";
import type { ChatEvent, Member } from "../../src/core/contract/adapter.ts";
import { ana, by, listen, LOBBY, NINA, openServer, request, ROOMS, startCopy } from "./xmpp-stage.ts";

const START = Date.parse("2026-11-01T00:00:00Z");

/** A queue, and records that arrive a second after each other. */
function folding(graceMs = 300_000) {
  const queue = createQueue(graceMs);
  let count = 0;
  const put = (record: object, sentId = `r${count}`) => {
    count += 1;
    const at = new Date(START + count * 1000).toISOString();
    const entry: Entry = { id: `a${count}`, sentId, nick: "Podpora", at, body: "", record: JSON.stringify(record) };
    return queue.apply(entry);
  };
  const agent = { name: "Nina", jid: "nina@example.org" };
  return {
    queue,
    put,
    open: (index: number) =>
      put({ type: "opened", id: `c${index}`, code: `k${index}`, memberId: `m${index}`, name: "Ana" }),
    take: (index: number) => put({ type: "taken", id: `c${index}`, agent }),
    back: (index: number) => put({ type: "back", id: `c${index}` }),
    end: (index: number) => put({ type: "ended", id: `c${index}` }),
    order: () => queue.waiting().map(({ id }) => id),
    places: () => queue.waiting().map((chat) => queue.stateOf(chat).position),
  };
}

describe("the queue", () => {
  test("has places from 1, also after some were taken, returned and ended", () => {
    const { back, end, open, order, places, take } = folding();
    for (let index = 0; index < 6; index += 1) open(index);
    take(1);
    take(3);
    end(4);
    expect(order()).toEqual(["c0", "c2", "c5"]);
    back(3);
    back(1);
    expect(order()).toEqual(["c1", "c3", "c0", "c2", "c5"]);
    expect(places()).toEqual([1, 2, 3, 4, 5]);
    end(0);
    take(1);
    expect(order()).toEqual(["c3", "c2", "c5"]);
    expect(places()).toEqual([1, 2, 3]);
  });

  test("keeps its order through any sequence of events", () => {
    const { back, end, open, order, places, put, take } = folding();
    let model: number[] = [];
    const active = new Set<number>();
    let [seed, next] = [7, 0];
    const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
    for (let step = 0; step < 3000; step += 1) {
      const any = model[random(Math.max(1, model.length))];
      const [one] = active;
      switch (random(5)) {
        case 0:
        case 1:
          open(next);
          model.push(next);
          next += 1;
          break;
        case 2:
          if (any === undefined) break;
          take(any);
          active.add(any);
          model = model.filter((each) => each !== any);
          break;
        case 3:
          if (one === undefined) break;
          back(one);
          active.delete(one);
          model.unshift(one);
          break;
        default:
          if (any === undefined) break;
          end(any);
          put({ type: "back", id: `c${any}` });
          model = model.filter((each) => each !== any);
      }
    }
    expect(order()).toEqual(model.map((index) => `c${index}`));
    expect(places()).toEqual(model.map((_, index) => index + 1));
  });

  test("visits few waiting chats to find one of them, however many there are", () => {
    let looks = 0;
    const one = (turn: number) => ({
      get turn() {
        looks += 1;
        return turn;
      },
    });
    const waiting = createWaiting<{ readonly turn: number }>();
    const all = Array.from({ length: 4096 }, (_, index) => one(index));
    for (const each of all) waiting.append(each);
    looks = 0;
    for (const index of [0, 1, 2047, 4095]) {
      const each = all[index] ?? one(0);
      expect(waiting.place(each)).toBe(index + 1);
    }
    waiting.remove(all[2000] ?? one(0));
    expect(waiting.place(all[4095] ?? one(0))).toBe(4095);
    expect(waiting.place(one(2000))).toBeUndefined();
    expect(looks).toBeLessThan(7 * 2 * 14);
  });

  test("forgets old ended chats, and no open ones", () => {
    const { end, open, queue, take } = folding();
    for (let index = 0; index < 4; index += 1) open(index);
    take(1);
    end(2);
    end(3);
    queue.forget(new Date(START + 3500).toISOString(), "");
    expect([...queue.chats.keys()]).toEqual(["c0", "c1", "c3"]);
    expect(queue.lastOf("m2")).toBeUndefined();
    expect(queue.byCode("k2")).toBeUndefined();
    expect(queue.lastOf("m3")?.status).toBe("ended");
    end(0);
    end(1);
    queue.forget(new Date(START + 60_000).toISOString(), "");
    expect([queue.chats.size, [...queue.open()].length, queue.waiting().length]).toEqual([0, 0, 0]);
  });

  test("forgets a chat that was prepared and never opened", () => {
    const { open, queue } = folding();
    const head = { id: "c0", code: "k0", memberId: "m0", name: "Ana", ticketId: undefined };
    const prepared = queue.prepare(head);
    queue.release("c0");
    expect(queue.prepare(head)).not.toBe(prepared);
    open(0);
    expect(queue.currentOf("m0")?.status).toBe("queued");
  });
});

describe("a place in the queue", () => {
  const member = (index: number): Member => ({ id: `m${index}`, name: `Member ${index}` });
  const placesIn = (events: readonly ChatEvent[]) =>
    events.flatMap((event) => (event.type === "conversation" ? [event.conversation.position] : []));

  test("is sent to waiting members when it changes, and is not archived", async () => {
    const server = await openServer();
    const { adapter } = startCopy(server);
    await adapter.chat.availability(by(ana));
    server.join(LOBBY, "Nina", NINA);
    const ids: string[] = [];
    for (let index = 0; index < 4; index += 1) ids.push((await adapter.chat.open(request(), by(member(index)))).id);
    const last = listen(adapter, ids[3] ?? "", member(3));
    await expect.poll(() => placesIn(last).at(-1)).toBe(4);
    const lengths = () => ids.map((id) => server.archive(`${id}@${ROOMS}`).length);
    await expect.poll(() => server.archive(`${ids[3]}@${ROOMS}`).length).toBe(3);
    const before = lengths();
    server.say(LOBBY, "Nina", "<body>!take</body>");
    await expect.poll(() => placesIn(last).at(-1)).toBe(3);
    server.say(LOBBY, "Nina", "<body>!take</body>");
    await expect.poll(() => placesIn(last).at(-1)).toBe(2);
    await adapter.chat.close(ids[2] ?? "", by(member(2)));
    await expect.poll(() => placesIn(last).at(-1)).toBe(1);
    expect(lengths()[3]).toBe(before[3]);
    expect(JSON.stringify(server.archive(`${ids[3]}@${ROOMS}`))).not.toContain("position");
    server.say(LOBBY, "Nina", "<body>!take</body>");
    await expect.poll(() => last.at(-1)).toMatchObject({ conversation: { status: "active", agent: { name: "Nina" } } });
    expect(placesIn(last).at(-1)).toBeUndefined();
  });

  test("a later stream gets the current place, not earlier ones", async () => {
    const server = await openServer();
    const { adapter } = startCopy(server);
    const first = await adapter.chat.open(request(), by(member(0)));
    const { id } = await adapter.chat.open(request(), by(member(1)));
    await adapter.chat.close(first.id, by(member(0)));
    const seen = listen(adapter, id, member(1));
    await expect.poll(() => placesIn(seen).at(-1)).toBe(1);
    expect(placesIn(seen)).not.toContain(2);
    const back = listen(adapter, id, member(1), seen.findLast(({ cursor }) => cursor !== undefined)?.cursor);
    await expect.poll(() => placesIn(back).at(0)).toBe(1);
  });

  test("agents see some of many waiting members, and how many more there are", async () => {
    const server = await openServer();
    const { adapter } = startCopy(server);
    await adapter.chat.availability(by(ana));
    server.join(LOBBY, "Nina", NINA);
    await Promise.all(
      Array.from({ length: 60 }, async (_, index) => await adapter.chat.open(request(), by(member(index)))),
    );
    server.say(LOBBY, "Nina", "<body>!queue</body>");
    await expect.poll(() => server.sent.join()).toContain("and 10 more");
  }, 20_000);
});

test("a running copy forgets the same ended chats as a starting one", async () => {
  const server = await openServer();
  const { adapter } = startCopy(server, { keepMs: 1500 });
  const { id } = await adapter.chat.open(request(), by(ana));
  await adapter.chat.close(id, by(ana));
  expect((await adapter.chat.last(by(ana)))?.id).toBe(id);
  await expect.poll(async () => await adapter.chat.last(by(ana))).toBeUndefined();
  const again = startCopy(server, {
    keepMs: 1500,
    component: "chat-b.example.org",
    copies: ["chat-a.example.org", "chat-b.example.org"],
  }).adapter;
  expect(await again.chat.last(by(ana))).toBeUndefined();
});
