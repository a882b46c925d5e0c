import { describe, expect, test } from "vitest";
import type { Member } from "../../src/core/contract/adapter.ts";
import { ana, boris, by, draft, nina, picture, present, request, seededDesk, ticketDraft } from "./desk.ts";

describe("the queue", () => {
  test("moves up when someone ahead is taken or leaves", async () => {
    await using stage = await seededDesk();
    const { chat, desk } = stage;
    const carla: Member = { id: "carla" };
    const first = await chat.open(request(), by(ana));
    const second = await chat.open(request(), by(boris));
    const third = await chat.open(request(), by(carla));
    expect([first.position, second.position, third.position]).toEqual([1, 2, 3]);
    await chat.close(second.id, by(boris));
    desk.agents.chat.take(nina, first.id);
    const positions: unknown[] = [];
    for await (const event of chat.events(third.id, undefined, by(carla))) {
      if (event.type === "conversation") positions.push(event.conversation.position);
      if (positions.length === 3) break;
    }
    expect(positions).toEqual([3, 2, 1]);
  });

  test("has each member once, and keeps what they ask from another device", async () => {
    await using stage = await seededDesk();
    const { chat, desk } = stage;
    const [first, second] = [request("Prvo vprašanje"), request("Drugo vprašanje")];
    const { id } = await chat.open(first, by(ana));
    expect((await chat.open(second, by(ana))).id).toBe(id);
    await chat.close(id, by(ana));
    // A late retry of either must not join the queue.
    expect(await chat.open(first, by(ana))).toMatchObject({ id, status: "ended" });
    expect(await chat.open(second, by(ana))).toMatchObject({ id, status: "ended" });
    expect(desk.agents.chat.transcript(id).messages.map(({ text }) => text)).toEqual([first.question, second.question]);
  });

  test("estimates the wait from past chats only: their median, by position and number of agents", async () => {
    await using stage = await seededDesk();
    const { chat, clock, desk } = stage;
    const waitMs = async () => (await chat.availability(by(ana))).waitMs;
    const ninaHere = await present(stage, "nina");
    expect(await chat.availability(by(ana))).toEqual({ open: true, languages: ["en"] });
    for (const [index, lasted] of [60_000, 600_000, 120_000].entries()) {
      expect(await waitMs()).toBeUndefined();
      const member: Member = { id: `member-${index}` };
      const { id } = await chat.open(request(), by(member));
      desk.agents.chat.take(nina, id);
      clock.at += lasted;
      desk.agents.chat.end(nina, id);
    }
    // Nina is free and takes the next one immediately.
    expect(await waitMs()).toBe(0);
    const talking = await chat.open(request(), by({ id: "talking" }));
    desk.agents.chat.take(nina, talking.id);
    expect(await waitMs()).toBe(120_000);
    const first = await chat.open(request(), by(ana));
    const second = await chat.open(request(), by(boris));
    expect([first.waitMs, second.waitMs, await waitMs()]).toEqual([120_000, 240_000, 360_000]);

    // Oto is free too: the first waits no more, and the second waits for one of two chats to end.
    const told: unknown[] = [];
    const live = chat.events(second.id, undefined, by(boris));
    const otoHere = await present(stage, "oto");
    for await (const event of live) {
      if (event.type === "conversation") told.push(event.conversation.waitMs);
      if (told.length === 2) break;
    }
    expect(told).toEqual([240_000, 60_000]);
    ninaHere.leave();
    otoHere.leave();
    clock.at += 10_000;
    expect((await chat.availability(by(ana))).waitMs).toBeUndefined();
    expect((await chat.current(by(boris)))?.waitMs).toBeUndefined();
  });
});

test("a guest is known by what they entered, a member by the desk's data", async () => {
  await using stage = await seededDesk();
  const { chat, desk } = stage;
  const guest: Member = { id: "guest-1", guest: true };
  const asked = { clientId: crypto.randomUUID(), name: "Gost", email: "gost@example.org", question: "Hi" };
  const guests = await chat.open(asked, by(guest));
  const members = await chat.open(request(), by(ana));
  expect(desk.agents.chat.transcript(guests.id).conversation.member).toMatchObject({ name: "Gost", guest: true });
  expect(desk.agents.chat.transcript(members.id).conversation.member).toMatchObject({
    name: "Ana Novak",
    email: "ana@example.org",
    rank: "Silver",
  });
});

test("a guest without a name or an address gets an error that names it", async () => {
  await using stage = await seededDesk();
  const guest: Member = { id: "guest-1", guest: true };
  const nameless = { ...request(" "), name: "" };
  await expect(stage.chat.open(nameless, by(guest))).rejects.toMatchObject({
    code: "invalid",
    fields: { name: expect.any(String), question: expect.any(String) },
  });
  await expect(stage.chat.open({ ...request(), email: "ana" }, by(guest))).rejects.toMatchObject({
    fields: { email: expect.any(String) },
  });
  expect(await stage.chat.current(by(guest))).toBeUndefined();
});

test("a ticket from a chat has its transcript and files, and the two refer to each other", async () => {
  await using stage = await seededDesk();
  const { chat, desk, tickets, uploads } = stage;
  const { id } = await chat.open(request("Ne morem plačati"), by(ana));
  desk.agents.chat.take(nina, id);
  const file = await uploads.upload(picture(), by(ana));
  await chat.send(id, { ...draft("Glejte sliko"), attachments: [file.id] }, by(ana));
  desk.agents.chat.say(nina, id, draft("Please file a ticket."));
  const made = { ...ticketDraft("Slovenščina - Plačilo", "Kot v klepetu."), conversationId: id };
  const ticket = await tickets.create(made, by(ana));
  const { items } = await tickets.thread(ticket.id, undefined, by(ana));
  expect(items.map(({ author }) => author.role)).toEqual(["system", "member"]);
  expect(items[0]?.text).toBe(
    [
      "**Zapis klepeta: Nina**",
      "**Ana Novak**, 2026-11-23 10:00 UTC",
      "> Ne morem plačati",
      "**Ana Novak**, 2026-11-23 10:00 UTC",
      "> Glejte sliko\n> [slika.png]",
      "**Nina**, 2026-11-23 10:00 UTC",
      "> Please file a ticket.",
    ].join("\n\n"),
  );
  expect(items[0]?.attachments).toMatchObject([{ id: file.id, name: "slika.png" }]);
  expect(items[1]?.text).toBe("Kot v klepetu.");
  expect(desk.agents.tickets.thread(ticket.id).conversationId).toBe(id);
  const became = { ticket: { id: ticket.id, number: ticket.number } };
  expect(await chat.current(by(ana))).toMatchObject({ id, ...became });
  expect(desk.agents.chat.transcript(id).conversation).toMatchObject(became);
  expect(desk.agents.chat.transcript(id).messages.at(-1)).toMatchObject({
    author: { role: "system" },
    text: `Iz tega klepeta je nastal zahtevek #${ticket.number}: Slovenščina - Plačilo`,
  });
  await desk.agents.tickets.remove(ticket.id);
  expect((await chat.current(by(ana)))?.ticket).toBeUndefined();
});

describe("an agent", () => {
  test("can write only in a conversation that they have taken", async () => {
    await using stage = await seededDesk();
    const { chat, desk } = stage;
    const oto = { id: "oto", name: "Oto", languages: ["en"] };
    const { id } = await chat.open(request(), by(ana));
    const forbidden = expect.objectContaining({ code: "forbidden" });
    expect(() => desk.agents.chat.say(nina, id, draft())).toThrow(forbidden);
    desk.agents.chat.take(nina, id);
    expect(() => desk.agents.chat.take(oto, id)).toThrow(forbidden);
    expect(() => desk.agents.chat.say(oto, id, draft())).toThrow(forbidden);
    expect(() => desk.agents.chat.end(oto, id)).toThrow(forbidden);
    expect(desk.agents.chat.take(nina, id)).toMatchObject({ id, status: "active" });
    const message = draft("Hello");
    const said = desk.agents.chat.say(nina, id, message);
    expect(desk.agents.chat.say(nina, id, message)).toEqual(said);
  });

  test("sees their unread messages, and the member sees what was read", async () => {
    await using stage = await seededDesk();
    const { chat, desk } = stage;
    const { id } = await chat.open(request(), by(ana));
    desk.agents.chat.take(nina, id);
    const last = await chat.send(id, draft(), by(ana));
    expect(desk.agents.chat.list(nina).mine).toMatchObject([{ id, unread: 2 }]);
    desk.agents.chat.markRead(nina, id, last.id);
    expect(desk.agents.chat.list(nina).mine).toMatchObject([{ id, unread: 0 }]);
    for await (const event of chat.events(id, undefined, by(ana))) {
      if (event.type !== "read") continue;
      expect(event.messageId).toBe(last.id);
      break;
    }
  });
});

test("a chat that has ended accepts no messages, but a retry of an earlier one still gets its answer", async () => {
  await using stage = await seededDesk();
  const { chat } = stage;
  const { id } = await chat.open(request(), by(ana));
  const before = draft("Nasvidenje");
  const sent = await chat.send(id, before, by(ana));
  await chat.close(id, by(ana));
  await expect(chat.send(id, draft(), by(ana))).rejects.toMatchObject({ code: "invalid" });
  expect((await chat.send(id, before, by(ana))).id).toBe(sent.id);
});
