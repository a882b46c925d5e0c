import { expect, test } from "vitest";
import { ana, boris, by, draft, nina, seededDesk, ticketDraft } from "./desk.ts";

const minute = 60_000;

/** The demo's tickets were answered within 40, 60 and 75 minutes, so 60 are expected for a new one. */
test("the expected answer time follows the latest answers, and disappears once an agent has answered", async () => {
  await using stage = await seededDesk();
  const { clock, desk, tickets } = stage;
  clock.at += 10_000;
  const { expectedAt, id } = await tickets.create(ticketDraft(), by(ana));
  expect(expectedAt).toBe("2026-11-23T11:01:00.000Z");
  expect((await tickets.list({ filter: "open" }, by(ana))).items[0]).toMatchObject({ id, expectedAt });

  desk.agents.tickets.write(nina, id, draft("Odd."), "note");
  expect((await tickets.get(id, by(ana))).expectedAt).toBe(expectedAt);
  desk.agents.tickets.write(nina, id, draft("We look into it."), "reply");
  expect((await tickets.get(id, by(ana))).expectedAt).toBeUndefined();
  await tickets.reply(id, draft(), by(ana));
  expect((await tickets.get(id, by(ana))).expectedAt).toBeUndefined();
});

test("an expected time in the past is not shown, even for a ticket from an older event", async () => {
  await using stage = await seededDesk();
  const { clock, tickets } = stage;
  const { id } = await tickets.create(ticketDraft(), by(ana));
  clock.at += 60 * minute;
  expect((await tickets.get(id, by(ana))).expectedAt).toBeUndefined();
  for await (const event of tickets.events("0", by(ana))) {
    if (event.type !== "ticket") continue;
    expect(event.ticket.expectedAt).toBeUndefined();
    if (event.ticket.id === id) break;
  }
});

test("a ticket that the member resolves has no expected answer time", async () => {
  await using stage = await seededDesk();
  const { tickets } = stage;
  const { id } = await tickets.create(ticketDraft(), by(ana));
  expect((await tickets.setStatus(id, "resolved", by(ana))).expectedAt).toBeUndefined();
});

test("the expected time is the median of the last fifty answers", async () => {
  await using stage = await seededDesk();
  const { clock, desk, tickets } = stage;
  for (let count = 0; count < 50; count += 1) {
    const { id } = await tickets.create(ticketDraft(), by(boris));
    // One answer takes a whole day, which does not change the median.
    clock.at += count === 7 ? 24 * 60 * minute : 5 * minute;
    desk.agents.tickets.write(nina, id, draft(), "reply");
  }
  const { createdAt, expectedAt = "" } = await tickets.create(ticketDraft(), by(ana));
  expect(Date.parse(expectedAt) - Date.parse(createdAt)).toBe(5 * minute);
});

test("with fewer than three answers there is no expected time", async () => {
  await using stage = await seededDesk();
  const { desk, tickets } = stage;
  const { items } = await tickets.list({ filter: "all" }, by(ana));
  for (const { id, status } of items) if (status === "awaiting") await desk.agents.tickets.remove(id);
  expect((await tickets.create(ticketDraft(), by(ana))).expectedAt).toBeUndefined();
});
