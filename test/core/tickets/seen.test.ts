import { createModel } from "@preact/signals-core";
import { expect, test } from "vitest";
import type { Ticket } from "../../../src/core/contract/adapter.ts";
import { memoryStorage } from "../../../src/core/delivery/storage.ts";
import { createSeen } from "../../../src/core/tickets/seen.ts";
import { bench } from "../../support/scope.ts";

const begin = Date.parse("2026-06-01T10:00:00Z");
const minute = 60_000;

/** A ticket that an agent changed so many minutes after the first visit. */
const ticket = (id: number, minutes = id): Ticket => ({
  id: String(id),
  number: String(id),
  title: "x",
  status: "open",
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: new Date(begin + minutes * minute).toISOString(),
  updatedBy: "agent",
});

function open(storage = memoryStorage(), now = () => begin) {
  const scope = bench(undefined, storage);
  const platform = { ...scope.platform, now };
  const Model = createModel(() => {
    const { isUnread, readUpTo, read, visit } = createSeen({ ...scope, platform });
    return { isUnread, readUpTo, read, visit };
  });
  return { seen: new Model(), storage };
}

async function record(storage: ReturnType<typeof memoryStorage>) {
  return Object.keys((await storage.get("seen")) ?? {}).filter((key) => key.startsWith("ticket/"));
}

test("of no more than 500 tickets it is stored that they were read, and none of the others is news again", async () => {
  const { seen, storage } = open();
  seen.visit();
  await expect.poll(() => storage.get("seen")).toHaveProperty("first");
  const all = Array.from({ length: 620 }, (_, index) => ticket(index + 1));
  for (const each of all) seen.read(each);
  await expect.poll(async () => (await record(storage)).length).toBe(500);
  expect(all.filter(seen.isUnread)).toEqual([]);
  expect(seen.isUnread(ticket(1, 700))).toBe(true);
  const later = open(storage).seen;
  await expect.poll(() => later.readUpTo("620")).toBe(ticket(620).updatedAt);
  expect(all.filter(later.isUnread)).toEqual([]);
});

test("a ticket that an agent has changed since it was read is news", async () => {
  const { seen } = open();
  seen.visit();
  await expect.poll(() => seen.isUnread(ticket(1))).toBe(true);
  seen.read(ticket(1));
  expect([seen.isUnread(ticket(1)), seen.isUnread(ticket(1, 2))]).toEqual([false, true]);
});

test("what an agent changes right after the first visit began is news, however slowly the record loads", async () => {
  let now = begin;
  const { seen } = open(memoryStorage(), () => now);
  seen.visit();
  now += minute;
  await expect.poll(() => seen.isUnread(ticket(1, 0.5))).toBe(true);
  expect(seen.isUnread(ticket(2, -1))).toBe(false);
});
