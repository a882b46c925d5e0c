import { expect, test } from "vitest";
import type { Member } from "../../src/core/contract/adapter.ts";
import { ana, by, draft, request, seededDesk, ticketDraft } from "./desk.ts";

const guest: Member = { id: "guest:1", guest: true };

test("tickets created as a guest are counted and found as the member's", async () => {
  await using world = await seededDesk();
  const { tickets, desk } = world;
  const before = await tickets.counts(by(ana));
  const { id } = await tickets.create(ticketDraft("Gostova težava"), by(guest));
  expect(await tickets.counts(by(guest))).toEqual({ open: 1, awaiting: 0, all: 1 });
  await desk.adapter.merge(guest, by(ana));
  expect(await tickets.counts(by(ana))).toEqual({ ...before, open: before.open + 1, all: before.all + 1 });
  expect(await tickets.counts(by(guest))).toEqual({ open: 0, awaiting: 0, all: 0 });
  const found = await tickets.list({ filter: "all", search: "gostova" }, by(ana));
  expect(found.items.map((ticket) => ticket.id)).toEqual([id]);
  desk.agents.tickets.setStatus({ id: "nina", name: "Nina", languages: ["en"] }, id, "resolved");
  expect(await tickets.counts(by(ana))).toEqual({ ...before, all: before.all + 1 });
});

test("what guest and member sent with the same id is kept for both, and signing in succeeds", async () => {
  await using world = await seededDesk();
  const { chat, tickets, desk } = world;
  const [asked, ticket, said] = [request(), ticketDraft("Oba"), draft("Oba.")];
  const before = await tickets.counts(by(ana));
  for (const who of [guest, ana]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await tickets.create(ticket, by(who));
    // oxlint-disable-next-line no-await-in-loop
    const { id } = await chat.open(asked, by(who));
    // oxlint-disable-next-line no-await-in-loop
    await chat.send(id, said, by(who));
  }
  await desk.adapter.merge(guest, by(ana));
  expect((await tickets.counts(by(ana))).all).toBe(before.all + 2);
});

test("merging a member with themselves loses nothing", async () => {
  await using world = await seededDesk();
  const { chat, desk } = world;
  const { id } = await chat.open(request(), by(ana));
  await desk.adapter.merge(ana, by(ana));
  expect(await chat.current(by(ana))).toMatchObject({ id, status: "queued" });
});
