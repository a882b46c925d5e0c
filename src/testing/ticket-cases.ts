import { expect } from "vitest";
import { allPagesBefore, by, refusal, uuid, type Case } from "./case.ts";
import { byTicketId, hostileText, ticketsOf } from "./ticket-calls.ts";

export const ticketCases: readonly Case[] = [
  {
    title: "a ticket can be read by its id",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "askForFeedback");
      const tickets = ticketsOf(stage, "get");
      const made = await tickets.create(stage.draft(), by(me));
      // The expected answer time depends on how fast other tickets were answered meanwhile.
      const { expectedAt: _then, ...asMade } = made;
      const { expectedAt: _now, ...asRead } = await tickets.get(made.id, by(me));
      expect(asRead).toEqual(asMade);
      await backend.askForFeedback(made.id, "Which browser?");
      expect(await tickets.get(made.id, by(me))).toMatchObject({ id: made.id, status: "awaiting" });
    },
  },
  {
    title: "the thread begins with the ticket's text",
    async run(stage) {
      const { me } = stage;
      const tickets = ticketsOf(stage, "thread");
      const ticket = await tickets.create(stage.draft({ text: "It all began here." }), by(me));
      const page = await tickets.thread(ticket.id, undefined, by(me));
      expect(page?.items).toHaveLength(1);
      expect(page?.items[0]).toMatchObject({ text: "It all began here.", author: { role: "member" } });
    },
  },
  {
    title: "a reply is stored at the desk and in the thread once, and moves its ticket to the top",
    async run(stage) {
      const { me, backend } = stage;
      const tickets = ticketsOf(stage, "reply");
      const ticket = await tickets.create(stage.draft(), by(me));
      const later = await tickets.create(stage.draft(), by(me));
      const draft = { clientId: uuid(), text: hostileText };
      const sent = await Promise.all([1, 2, 3].map(() => tickets.reply(ticket.id, draft, by(me))));
      sent.push(await tickets.reply(ticket.id, draft, by(me)));
      expect(new Set(sent.map((message) => message?.id)).size).toBe(1);
      expect(sent[0]).toMatchObject({ clientId: draft.clientId, text: hostileText, author: { role: "member" } });
      const record = await backend.ticket(ticket.id);
      expect(record?.messages.filter((message) => message.text === hostileText)).toHaveLength(1);
      if (tickets.list) {
        const page = await tickets.list({ filter: "all" }, by(me));
        expect(page.items.map((item) => item.id)).toEqual([ticket.id, later.id]);
      }
    },
  },
  {
    title: "a long thread is read from its newest page back to its start, without gaps or duplicates",
    async run(stage) {
      const { me } = stage;
      const tickets = ticketsOf(stage, "thread", "reply");
      const ticket = await tickets.create(stage.draft({ text: "0" }), by(me));
      const texts = Array.from({ length: 60 }, (_, index) => String(index + 1));
      for (const text of texts) {
        // oxlint-disable-next-line no-await-in-loop -- the order matters
        await tickets.reply(ticket.id, { clientId: uuid(), text }, by(me));
      }
      const messages = await allPagesBefore(async (before) => await tickets.thread(ticket.id, before, by(me)));
      expect(messages.map((message) => message.text)).toEqual(["0", ...texts]);
      const newest = await tickets.thread(ticket.id, undefined, by(me));
      expect(newest.items.at(-1)?.text).toBe(texts.at(-1));
      if (newest.next !== undefined) await refusal(tickets.thread(ticket.id, "no page", by(me)), "invalid");
    },
  },
  {
    title: "an agent's reply shows in the thread, and an internal note does not",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "replyToTicket", "addNote");
      const tickets = ticketsOf(stage, "thread");
      const ticket = await tickets.create(stage.draft({ text: "Help" }), by(me));
      await backend.addNote(ticket.id, "The member sounds angry.");
      await backend.replyToTicket(ticket.id, "We look into it.");
      const messages = await allPagesBefore(async (before) => await tickets.thread(ticket.id, before, by(me)));
      expect(messages.map((message) => [message.author.role, message.text])).toEqual([
        ["member", "Help"],
        ["agent", "We look into it."],
      ]);
      const record = await backend.ticket(ticket.id);
      expect(record?.messages.filter((message) => message.internal)).toHaveLength(1);
    },
  },
  {
    title: "a question from the desk makes the ticket await the member, and their reply reopens it",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "askForFeedback");
      const tickets = ticketsOf(stage, "reply", "list");
      const ticket = await tickets.create(stage.draft(), by(me));
      await backend.askForFeedback(ticket.id, "Which browser?");
      const waiting = await tickets.list({ filter: "awaiting" }, by(me));
      expect(waiting?.items.map((item) => [item.id, item.status])).toEqual([[ticket.id, "awaiting"]]);
      await tickets.reply(ticket.id, { clientId: uuid(), text: "Firefox." }, by(me));
      const open = await tickets.list({ filter: "open" }, by(me));
      expect(open?.items.map((item) => [item.id, item.status])).toEqual([[ticket.id, "open"]]);
      expect((await backend.ticket(ticket.id))?.status).toBe("open");
    },
  },
  {
    title: "a reply to a resolved ticket reopens it",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "resolveTicket");
      const tickets = ticketsOf(stage, "reply");
      const ticket = await tickets.create(stage.draft(), by(me));
      await backend.resolveTicket(ticket.id);
      expect((await backend.ticket(ticket.id))?.status).toBe("resolved");
      await tickets.reply(ticket.id, { clientId: uuid(), text: "It is back." }, by(me));
      expect((await backend.ticket(ticket.id))?.status).toBe("open");
    },
  },
  {
    title: "a member can resolve a ticket and reopen it",
    async run(stage) {
      const { me, backend } = stage;
      const tickets = ticketsOf(stage, "setStatus");
      const ticket = await tickets.create(stage.draft(), by(me));
      expect(await tickets.setStatus(ticket.id, "resolved", by(me))).toMatchObject({
        id: ticket.id,
        status: "resolved",
      });
      expect((await backend.ticket(ticket.id))?.status).toBe("resolved");
      expect(await tickets.setStatus(ticket.id, "open", by(me))).toMatchObject({ id: ticket.id, status: "open" });
      expect((await backend.ticket(ticket.id))?.status).toBe("open");
    },
  },
  {
    title: "another member can't read or change my tickets: they are not found",
    async run(stage) {
      const { me, them, theirs, backend } = stage;
      const ticket = await ticketsOf(stage).create(stage.draft({ text: "Mine" }), by(me));
      const other = stage.need(theirs.tickets);
      await Promise.all(byTicketId(other, them).map((call) => refusal(call(ticket.id), "not-found")));
      if (other.list) expect((await other.list({ filter: "all" }, by(them))).items).toEqual([]);
      const record = await backend.ticket(ticket.id);
      expect(record).toMatchObject({ status: "open", memberId: me.id });
      expect(record?.messages.filter((message) => message.text !== "Mine")).toEqual([]);
    },
  },
  {
    title: "an unknown ticket id is not found",
    async run(stage) {
      const tickets = ticketsOf(stage);
      const calls = byTicketId(tickets, stage.me);
      const ids = ["999999999", uuid(), "../1", "1 OR 1=1"];
      await Promise.all(ids.flatMap((id) => calls.map((call) => refusal(call(id), "not-found"))));
    },
  },
];
