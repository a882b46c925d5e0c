import { expect } from "vitest";
import type { Member, TicketQuery, TicketsApi } from "../core/adapter.ts";
import { allPages, by, refusal, ticketDraft, uuid, type Case, type Stage, type With } from "./case.ts";

const hostileTitle = `Slovenščina – <script>alert("1")</script> 👩‍👩‍👧 שלום عالم & \\ '`;
const hostileText = [
  "Č š ž – „narekovaji“ 👩🏽‍🚀 𝒳",
  "<script>alert(document.cookie)</script><img src=x onerror=alert(1)>",
  "שלום, אני לא מצליח להתחבר. مرحبا",
  "",
  "1. *one*\n\t2. `two` [three](https://example.org/?a=1&b=2)",
  "end",
].join("\n");

function ticketsOf<K extends keyof TicketsApi = never>(
  stage: Stage,
  ...names: readonly K[]
): TicketsApi & With<TicketsApi, K> {
  return stage.need(stage.mine.tickets, ...names);
}

/** The methods that take a ticket's id, as far as this adapter has them. */
function byTicketId(tickets: TicketsApi, member: Member): readonly ((ticketId: string) => Promise<unknown>)[] {
  const calls: ((ticketId: string) => Promise<unknown>)[] = [];
  if (tickets.get) calls.push(async (id) => await tickets.get?.(id, by(member)));
  if (tickets.thread) calls.push(async (id) => await tickets.thread?.(id, undefined, by(member)));
  if (tickets.reply) calls.push(async (id) => await tickets.reply?.(id, { clientId: uuid(), text: "x" }, by(member)));
  if (tickets.setStatus) calls.push(async (id) => await tickets.setStatus?.(id, "resolved", by(member)));
  return calls;
}

export const ticketCases: readonly Case[] = [
  {
    title: "what a member writes in a ticket stands at the desk, whole",
    async run(stage) {
      const { backend, me } = stage;
      const draft = ticketDraft({ title: hostileTitle, text: hostileText });
      const ticket = await ticketsOf(stage).create(draft, by(me));
      expect(ticket).toMatchObject({ title: hostileTitle, status: "open" });
      expect(ticket.number).not.toBe("");
      expect(new Date(ticket.createdAt).toISOString()).toBe(new Date(Date.parse(ticket.createdAt)).toISOString());
      expect(await backend.ticket(ticket.id)).toMatchObject({
        id: ticket.id,
        title: hostileTitle,
        text: hostileText,
        status: "open",
        memberId: me.id,
      });
    },
  },
  {
    title: "a ticket of 10,000 characters arrives whole",
    async run(stage) {
      const { backend, me } = stage;
      const text = `${"žluťoučký kůň 🐎\n".repeat(700).slice(0, 9_997)}end`;
      const ticket = await ticketsOf(stage).create(ticketDraft({ text }), by(me));
      expect((await backend.ticket(ticket.id))?.text).toBe(text);
    },
  },
  {
    title: "the same ticket sent twice is one ticket",
    async run(stage) {
      const { backend, me } = stage;
      const tickets = ticketsOf(stage);
      const draft = ticketDraft();
      const before = await backend.ticketCount();
      const first = await tickets.create(draft, by(me));
      const again = await tickets.create(draft, by(me));
      expect(again.id).toBe(first.id);
      expect(await backend.ticketCount()).toBe(before + 1);
    },
  },
  {
    title: "the same ticket sent five times at once is one ticket",
    async run(stage) {
      const { backend, me } = stage;
      const tickets = ticketsOf(stage);
      const draft = ticketDraft();
      const before = await backend.ticketCount();
      const made = await Promise.all(Array.from({ length: 5 }, () => tickets.create(draft, by(me))));
      expect(new Set(made.map((ticket) => ticket.id)).size).toBe(1);
      expect(await backend.ticketCount()).toBe(before + 1);
    },
  },
  {
    title: "two members with the same client id make two tickets",
    async run(stage) {
      const { me, them, theirs, backend } = stage;
      const draft = ticketDraft();
      const before = await backend.ticketCount();
      const first = await ticketsOf(stage).create(draft, by(me));
      const second = await stage.need(theirs.tickets).create(draft, by(them));
      expect(second.id).not.toBe(first.id);
      expect(await backend.ticketCount()).toBe(before + 2);
    },
  },
  {
    title: "an empty title or text is refused with the field's name, and nothing is made",
    async run(stage) {
      const { me, backend } = stage;
      const tickets = ticketsOf(stage);
      const before = await backend.ticketCount();
      const untitled = tickets.create(ticketDraft({ title: "" }), by(me));
      await expect(untitled).rejects.toMatchObject({ code: "invalid" });
      await expect(untitled).rejects.toHaveProperty("fields.title");
      const empty = tickets.create(ticketDraft({ text: "" }), by(me));
      await expect(empty).rejects.toMatchObject({ code: "invalid" });
      await expect(empty).rejects.toHaveProperty("fields.text");
      expect(await backend.ticketCount()).toBe(before);
    },
  },
  {
    title: "a ticket call whose signal is aborted before rejects with the signal's own reason and does nothing",
    async run(stage) {
      const { me, backend } = stage;
      const tickets = ticketsOf(stage);
      const kept = await tickets.create(ticketDraft(), by(me));
      const before = await backend.ticketCount();
      const reason = new Error("closed");
      const ctx = by(me, AbortSignal.abort(reason));
      const query: TicketQuery = { filter: "all" };
      const calls = [
        tickets.create(ticketDraft(), ctx),
        tickets.list?.(query, ctx),
        tickets.get?.(kept.id, ctx),
        tickets.thread?.(kept.id, undefined, ctx),
        tickets.reply?.(kept.id, { clientId: uuid(), text: "x" }, ctx),
        tickets.setStatus?.(kept.id, "resolved", ctx),
        tickets.fields?.(ctx),
      ].filter((call) => call !== undefined);
      const settled = await Promise.allSettled(calls);
      for (const call of settled) expect(call).toEqual({ status: "rejected", reason });
      expect(await backend.ticketCount()).toBe(before);
      expect((await backend.ticket(kept.id))?.status).toBe("open");
    },
  },
  {
    title: "a ticket aborted on its way and sent again is one ticket",
    async run(stage) {
      const { me, backend } = stage;
      const tickets = ticketsOf(stage);
      const before = await backend.ticketCount();
      const draft = ticketDraft();
      const abort = new AbortController();
      const reason = new Error("closed");
      const cut = tickets.create(draft, by(me, abort.signal));
      abort.abort(reason);
      const [settled] = await Promise.allSettled([cut]);
      if (settled.status === "rejected") expect(settled.reason).toBe(reason);
      await tickets.create(draft, by(me));
      expect(await backend.ticketCount()).toBe(before + 1);
    },
  },
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
