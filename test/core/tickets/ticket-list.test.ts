import { expect, test, vi } from "vitest";
import type { Ticket } from "../../../src/core/contract/adapter.ts";
import { createSeen } from "../../../src/core/tickets/seen.ts";
import { memoryStorage } from "../../../src/core/delivery/storage.ts";
import { TicketsModel } from "../../../src/core/tickets/tickets.ts";
import { anasDesk, bench } from "../../support/scope.ts";
import { anasTicket } from "../../support/tickets.ts";

function open(desk = anasDesk()) {
  const hooks = { onSubmitted: vi.fn<() => void>(), onReply: vi.fn<() => void>(), onAwaiting: vi.fn<() => void>() };
  const tickets = new TicketsModel(bench(desk), hooks);
  return { desk, tickets, hooks };
}
const titles = (items: readonly Ticket[]) => items.map(({ title }) => title);

test("the counts follow what happens at the desk", async () => {
  const { desk, tickets } = open();
  const { id } = await anasTicket(desk, "Prva");
  await anasTicket(desk, "Druga");
  tickets.follow();
  await expect.poll(() => tickets.list.counts.value).toEqual({ open: 2, awaiting: 0, all: 2 });
  expect(tickets.list.status.value).toBe("idle");
  await desk.agent.askForFeedback(id, "?");
  await expect.poll(() => tickets.list.counts.value).toEqual({ open: 1, awaiting: 1, all: 2 });
  expect(tickets.list.awaiting.value).toBe(1);
});

test("a page with nothing on it and another after it is not the end: the list reads on", async () => {
  const desk = anasDesk();
  const { id } = await anasTicket(desk, "Daleč spodaj");
  const own = desk.tickets;
  const asked: (string | undefined)[] = [];
  const { tickets } = open({
    ...desk,
    tickets: {
      ...own,
      create: own?.create ?? (() => Promise.reject(new Error("no tickets"))),
      async list(query, ctx) {
        asked.push(query.cursor);
        const page = Number(query.cursor ?? "0");
        if (page < 3) return { items: [], next: String(page + 1) };
        const { cursor: _done, ...whole } = query;
        return (await own?.list?.(whole, ctx)) ?? { items: [] };
      },
    },
  });
  tickets.list.find("daleč");
  await expect.poll(() => tickets.list.items.value.map((ticket) => ticket.id)).toEqual([id]);
  expect(asked).toEqual([undefined, "1", "2", "3"]);
  expect(tickets.list.status.value).toBe("ready");
});

test("an issue that waits for the member is told once, however much the agent writes", async () => {
  const { desk, tickets, hooks } = open();
  const { id } = await anasTicket(desk, "Prva");
  tickets.follow();
  await expect.poll(() => desk.agent.listeners()).toBe(1);
  await desk.agent.askForFeedback(id, "Kateri brskalnik?");
  await desk.agent.askForFeedback(id, "In katera različica?");
  await expect.poll(() => hooks.onReply.mock.calls.length).toBe(2);
  expect(hooks.onAwaiting).toHaveBeenCalledOnce();
});

test("words find issues of the filter that is chosen; an event puts nothing between them that was not found", async () => {
  const { desk, tickets } = open();
  for (const title of ["Naročila", "Prijava", "Naročilo čaka"]) await anasTicket(desk, title);
  tickets.watch();
  await expect.poll(() => tickets.list.items.value.length).toBe(3);
  tickets.list.find("naroč");
  await expect.poll(() => titles(tickets.list.items.value)).toEqual(["Naročilo čaka", "Naročila"]);
  await anasTicket(desk, "Nekaj drugega");
  await expect.poll(() => tickets.list.counts.value.all).toBe(4);
  expect(titles(tickets.list.items.value)).toEqual(["Naročilo čaka", "Naročila"]);
  tickets.list.find("");
  await expect.poll(() => tickets.list.items.value.length).toBe(4);
});

test("a deleted issue is gone from the list, and its thread says so", async () => {
  const { desk, tickets } = open();
  const { id } = await anasTicket(desk, "Prva");
  tickets.watch();
  tickets.openThread(id);
  await expect.poll(() => tickets.thread.value?.status.value).toBe("ready");
  tickets.thread.value?.write("Se nadaljuje");
  await desk.agent.removeTicket(id);
  await expect.poll(() => tickets.list.items.value).toEqual([]);
  await expect.poll(() => tickets.thread.value?.code.value).toBe("not-found");
  expect(tickets.thread.value?.status.value).toBe("failed");
  expect(tickets.thread.value?.text.value).toBe("Se nadaljuje");
});

const minute = 60_000;
const at = (ms: number) => new Date(ms).toISOString();
const changed = (ms: number, updatedBy: Ticket["updatedBy"] = "agent"): Ticket => ({
  id: "1",
  number: "1",
  title: "x",
  status: "open",
  createdAt: at(0),
  updatedAt: at(ms),
  ...(updatedBy && { updatedBy }),
});

test("unread is what somebody else did since the member looked", async () => {
  let now = 100 * minute;
  const scope = bench();
  const seen = createSeen({ ...scope, platform: { ...scope.platform, now: () => now } });
  // Before this device ever looked, nothing is news.
  expect(seen.isUnread(changed(50 * minute))).toBe(false);
  seen.visit();
  await expect.poll(() => seen.isUnread(changed(101 * minute))).toBe(true);
  expect(seen.isUnread(changed(50 * minute))).toBe(false);
  expect(seen.isUnread(changed(101 * minute, "member"))).toBe(false);
  now = 102 * minute;
  seen.read(changed(101 * minute));
  expect(seen.isUnread(changed(101 * minute))).toBe(false);
  expect(seen.isUnread(changed(103 * minute))).toBe(true);
});

test("a visit ends after half an hour of looking elsewhere", async () => {
  let now = 0;
  const storage = memoryStorage();
  const scope = bench(anasDesk(), storage);
  const seen = createSeen({ ...scope, platform: { ...scope.platform, now: () => now } });
  seen.visit();
  now = 10 * minute;
  seen.visit();
  await expect.poll(async () => await storage.get("seen")).toMatchObject({ active: at(10 * minute) });
  expect(seen.lastVisit.value).toBeUndefined();
  now = 60 * minute;
  seen.visit();
  await expect.poll(() => seen.lastVisit.value).toBe(at(10 * minute));
});

test("the pages that the member has opened stay open when a thread is opened or the stream comes back", async () => {
  const desk = anasDesk();
  for (let index = 0; index < 45; index += 1) await anasTicket(desk, `Težava ${index}`); // oxlint-disable-line no-await-in-loop -- in this order
  const { tickets } = open(desk);
  tickets.watch();
  await expect.poll(() => tickets.list.items.value.length).toBe(20);
  tickets.list.more();
  await expect.poll(() => tickets.list.items.value.length).toBe(40);
  const before = titles(tickets.list.items.value);
  tickets.watch();
  await expect.poll(() => tickets.list.status.value).toBe("ready");
  expect(titles(tickets.list.items.value)).toEqual(before);
  expect(tickets.list.hasMore.value).toBe(true);
});

test("where the gateway knows what awaits the member, the badge asks the desk for nothing; the panel asks for the lists", async () => {
  const desk = anasDesk();
  const asked = vi.fn<(what: string) => void>();
  const unread = vi.fn<() => Promise<{ awaiting: number; version: string }>>(async () => ({
    awaiting: 2,
    version: "1",
  }));
  const own = desk.tickets;
  const { tickets } = open({
    ...desk,
    session: { current: never, signOut: never, unread },
    tickets: {
      ...own,
      create: own?.create ?? never,
      async list(query, ctx) {
        asked("list");
        return (await own?.list?.(query, ctx)) ?? { items: [] };
      },
      async counts(ctx) {
        asked("counts");
        return (await own?.counts?.(ctx)) ?? { open: 0, awaiting: 0, all: 0 };
      },
    },
  });
  tickets.follow();
  await expect.poll(() => tickets.list.awaiting.value).toBe(2);
  await anasTicket(desk, "Prva");
  await expect.poll(() => unread.mock.calls.length).toBe(2);
  expect(asked).not.toHaveBeenCalled();
  tickets.watch();
  await expect.poll(() => tickets.list.counts.value).toEqual({ open: 1, awaiting: 0, all: 1 });
});

const never = async () => await Promise.reject(new Error("not asked for here"));
