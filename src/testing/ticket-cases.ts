import { expect } from "vitest";
import type { TicketQuery } from "../core/adapter.ts";
import { allPages, by, refusal, ticketDraft, uuid, type Case } from "./case.ts";
import { byTicketId, hostileText, ticketsOf } from "./ticket-calls.ts";

export const ticketCases: readonly Case[] = [
  {
    title: "a ticket is read by its id as it stands at the desk",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "askForFeedback");
      const tickets = ticketsOf(stage, "get");
      const made = await tickets.create(ticketDraft(), by(me));
      expect(await tickets.get(made.id, by(me))).toEqual(made);
      await backend.askForFeedback(made.id, "Which browser?");
      expect(await tickets.get(made.id, by(me))).toMatchObject({ id: made.id, status: "awaiting" });
    },
  },
  {
    title: "the thread begins with the ticket's own text",
    async run(stage) {
      const { me } = stage;
      const tickets = ticketsOf(stage, "thread");
      const ticket = await tickets.create(ticketDraft({ text: "It all began here." }), by(me));
      const page = await tickets.thread(ticket.id, undefined, by(me));
      expect(page?.items).toHaveLength(1);
      expect(page?.items[0]).toMatchObject({ text: "It all began here.", author: { role: "member" } });
    },
  },
  {
    title: "open, awaiting and all list what they say",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "askForFeedback", "resolveTicket");
      const tickets = ticketsOf(stage, "list");
      const open = await tickets.create(ticketDraft(), by(me));
      const awaiting = await tickets.create(ticketDraft(), by(me));
      const resolved = await tickets.create(ticketDraft(), by(me));
      await backend.askForFeedback(awaiting.id, "Which browser?");
      await backend.resolveTicket(resolved.id);

      const ids = async (filter: TicketQuery["filter"]): Promise<readonly string[]> => {
        const page = await tickets.list({ filter }, by(me));
        return page?.items.map((ticket) => ticket.id).toSorted() ?? [];
      };
      expect(await ids("open")).toEqual([open.id]);
      expect(await ids("awaiting")).toEqual([awaiting.id]);
      expect(await ids("all")).toEqual([open.id, awaiting.id, resolved.id].toSorted());
    },
  },
  {
    title: "a search finds a ticket by a word of its title",
    async run(stage) {
      const { me } = stage;
      const tickets = ticketsOf(stage, "list");
      await tickets.create(ticketDraft(), by(me));
      const wanted = await tickets.create(ticketDraft({ title: "English - Papagájščina breaks" }), by(me));
      const page = await tickets.list({ filter: "all", search: "papagájščina" }, by(me));
      expect(page?.items.map((ticket) => ticket.id)).toEqual([wanted.id]);
      const none = await tickets.list({ filter: "all", search: "xyzzy%_" }, by(me));
      expect(none?.items).toEqual([]);
    },
  },
  {
    title: "pages of tickets join without gap or double, the last changed first",
    async run(stage) {
      const { me } = stage;
      const tickets = ticketsOf(stage, "list");
      const made: string[] = [];
      for (const title of ["a", "b", "c", "d", "e"]) {
        // oxlint-disable-next-line no-await-in-loop -- their order is what is looked at
        made.push((await tickets.create(ticketDraft({ title }), by(me))).id);
      }
      const sizes: number[] = [];
      const listed = await allPages(async (cursor) => {
        const query: TicketQuery = { filter: "all", limit: 2, ...(cursor === undefined ? {} : { cursor }) };
        const page = (await tickets.list(query, by(me))) ?? { items: [] };
        sizes.push(page.items.length);
        return page;
      });
      expect(listed.map((ticket) => ticket.id)).toEqual(made.toReversed());
      expect(Math.max(...sizes)).toBeLessThanOrEqual(2);
    },
  },
  {
    title: "a reply stands at the desk and in the thread, once, and moves its ticket to the top",
    async run(stage) {
      const { me, backend } = stage;
      const tickets = ticketsOf(stage, "reply");
      const ticket = await tickets.create(ticketDraft(), by(me));
      const later = await tickets.create(ticketDraft(), by(me));
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
    title: "a long thread reads in order, without gap or double",
    async run(stage) {
      const { me } = stage;
      const tickets = ticketsOf(stage, "thread", "reply");
      const ticket = await tickets.create(ticketDraft({ text: "0" }), by(me));
      const texts = Array.from({ length: 60 }, (_, index) => String(index + 1));
      for (const text of texts) {
        // oxlint-disable-next-line no-await-in-loop -- their order is what is looked at
        await tickets.reply(ticket.id, { clientId: uuid(), text }, by(me));
      }
      const messages = await allPages(
        async (after) => (await tickets.thread(ticket.id, after, by(me))) ?? { items: [] },
      );
      expect(messages.map((message) => message.text)).toEqual(["0", ...texts]);
    },
  },
  {
    title: "an agent's reply shows in the thread, an internal note never does",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "replyToTicket", "addNote");
      const tickets = ticketsOf(stage, "thread");
      const ticket = await tickets.create(ticketDraft({ text: "Help" }), by(me));
      await backend.addNote(ticket.id, "The member sounds angry.");
      await backend.replyToTicket(ticket.id, "We look into it.");
      const messages = await allPages(
        async (after) => (await tickets.thread(ticket.id, after, by(me))) ?? { items: [] },
      );
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
      const ticket = await tickets.create(ticketDraft(), by(me));
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
      const ticket = await tickets.create(ticketDraft(), by(me));
      await backend.resolveTicket(ticket.id);
      expect((await backend.ticket(ticket.id))?.status).toBe("resolved");
      await tickets.reply(ticket.id, { clientId: uuid(), text: "It is back." }, by(me));
      expect((await backend.ticket(ticket.id))?.status).toBe("open");
    },
  },
  {
    title: "a member resolves a ticket and opens it again",
    async run(stage) {
      const { me, backend } = stage;
      const tickets = ticketsOf(stage, "setStatus");
      const ticket = await tickets.create(ticketDraft(), by(me));
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
    title: "another member reads and writes nothing of my tickets: they are not there",
    async run(stage) {
      const { me, them, theirs, backend } = stage;
      const ticket = await ticketsOf(stage).create(ticketDraft({ text: "Mine" }), by(me));
      const other = stage.need(theirs.tickets);
      await Promise.all(byTicketId(other, them).map((call) => refusal(call(ticket.id), "not-found")));
      if (other.list) expect((await other.list({ filter: "all" }, by(them))).items).toEqual([]);
      const record = await backend.ticket(ticket.id);
      expect(record).toMatchObject({ status: "open", memberId: me.id });
      expect(record?.messages.filter((message) => message.text !== "Mine")).toEqual([]);
    },
  },
  {
    title: "a ticket id that nobody has is not found",
    async run(stage) {
      const tickets = ticketsOf(stage);
      const calls = byTicketId(tickets, stage.me);
      const ids = ["999999999", uuid(), "../1", "1 OR 1=1"];
      await Promise.all(ids.flatMap((id) => calls.map((call) => refusal(call(id), "not-found"))));
    },
  },
  {
    title: "the desk's own form fields have a key, a label and a kind",
    async run(stage) {
      const tickets = ticketsOf(stage, "fields");
      const fields = (await tickets.fields(by(stage.me))) ?? [];
      expect(new Set(fields.map((field) => field.key)).size).toBe(fields.length);
      for (const field of fields) {
        expect(field.key).not.toBe("");
        expect(field.label).not.toBe("");
        expect(["text", "select", "checkbox"]).toContain(field.kind);
        if (field.kind === "select") expect(field.options?.length).toBeGreaterThan(0);
      }
    },
  },
];
