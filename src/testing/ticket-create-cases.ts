import { expect } from "vitest";
import type { TicketQuery } from "../core/contract/adapter.ts";
import { by, uuid, type Case } from "./case.ts";
import { hostileText, ticketsOf } from "./ticket-calls.ts";

const hostileTitle = `Slovenščina – <script>alert("1")</script> 👩‍👩‍👧 שלום عالم & \\ '`;

export const ticketCreateCases: readonly Case[] = [
  {
    title: "a member's ticket is stored at the desk in full",
    async run(stage) {
      const { backend, me } = stage;
      const draft = stage.draft({ title: hostileTitle, text: hostileText });
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
    title: "a ticket of 10,000 characters arrives complete",
    async run(stage) {
      const { backend, me } = stage;
      const text = `${"žluťoučký kůň 🐎\n".repeat(700).slice(0, 9_997)}end`;
      const ticket = await ticketsOf(stage).create(stage.draft({ text }), by(me));
      expect((await backend.ticket(ticket.id))?.text).toBe(text);
    },
  },
  {
    title: "the same ticket sent twice is one ticket",
    async run(stage) {
      const { backend, me } = stage;
      const tickets = ticketsOf(stage);
      const draft = stage.draft();
      const before = await backend.ticketCount();
      const first = await tickets.create(draft, by(me));
      const again = await tickets.create(draft, by(me));
      expect(again.id).toBe(first.id);
      expect(await backend.ticketCount()).toBe(before + 1);
    },
  },
  {
    title: "the same ticket sent five times concurrently is one ticket",
    async run(stage) {
      const { backend, me } = stage;
      const tickets = ticketsOf(stage);
      const draft = stage.draft();
      const before = await backend.ticketCount();
      const made = await Promise.all(Array.from({ length: 5 }, () => tickets.create(draft, by(me))));
      expect(new Set(made.map((ticket) => ticket.id)).size).toBe(1);
      expect(await backend.ticketCount()).toBe(before + 1);
    },
  },
  {
    title: "two members with the same client id create two tickets",
    async run(stage) {
      const { me, them, theirs, backend } = stage;
      const draft = stage.draft();
      const before = await backend.ticketCount();
      const first = await ticketsOf(stage).create(draft, by(me));
      const second = await stage.need(theirs.tickets).create(draft, by(them));
      expect(second.id).not.toBe(first.id);
      expect(await backend.ticketCount()).toBe(before + 2);
    },
  },
  {
    title: "an empty title or text is refused with the field's name, and no ticket is created",
    async run(stage) {
      const { me, backend } = stage;
      const tickets = ticketsOf(stage);
      const before = await backend.ticketCount();
      const untitled = tickets.create(stage.draft({ title: "" }), by(me));
      await expect(untitled).rejects.toMatchObject({ code: "invalid" });
      await expect(untitled).rejects.toHaveProperty("fields.title");
      const empty = tickets.create(stage.draft({ text: "" }), by(me));
      await expect(empty).rejects.toMatchObject({ code: "invalid" });
      await expect(empty).rejects.toHaveProperty("fields.text");
      expect(await backend.ticketCount()).toBe(before);
    },
  },
  {
    title: "a title as long as the desk says is stored complete, and a longer one is refused by its field's name",
    async run(stage) {
      const { me, backend } = stage;
      const tickets = ticketsOf(stage, "limits");
      const { title: most } = stage.need(tickets.limits, "title");
      const title = "x".repeat(most);
      const { id } = await tickets.create(stage.draft({ title }), by(me));
      expect((await backend.ticket(id))?.title).toBe(title);
      const before = await backend.ticketCount();
      const longer = tickets.create(stage.draft({ title: `${title}x` }), by(me));
      await expect(longer).rejects.toMatchObject({ code: "invalid" });
      await expect(longer).rejects.toHaveProperty("fields.title");
      expect(await backend.ticketCount()).toBe(before);
    },
  },
  {
    title: "a ticket call with an already aborted signal rejects with the signal's reason and has no effect",
    async run(stage) {
      const { me, backend } = stage;
      const tickets = ticketsOf(stage);
      const kept = await tickets.create(stage.draft(), by(me));
      const before = await backend.ticketCount();
      const reason = new Error("closed");
      const ctx = by(me, AbortSignal.abort(reason));
      const query: TicketQuery = { filter: "all" };
      const calls = [
        tickets.create(stage.draft(), ctx),
        tickets.list?.(query, ctx),
        tickets.get?.(kept.id, ctx),
        tickets.thread?.(kept.id, undefined, ctx),
        tickets.reply?.(kept.id, { clientId: uuid(), text: "x" }, ctx),
        tickets.setStatus?.(kept.id, "resolved", ctx),
        tickets.rate?.(kept.id, { score: 5 }, ctx),
        tickets.counts?.(ctx),
        tickets.fields?.(ctx),
      ].filter((call) => call !== undefined);
      const settled = await Promise.allSettled(calls);
      for (const call of settled) expect(call).toEqual({ status: "rejected", reason });
      expect(await backend.ticketCount()).toBe(before);
      expect((await backend.ticket(kept.id))?.status).toBe("open");
    },
  },
  {
    title: "a ticket that was aborted while sending and is sent again is one ticket",
    async run(stage) {
      const { me, backend } = stage;
      const tickets = ticketsOf(stage);
      const before = await backend.ticketCount();
      const draft = stage.draft();
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
    title: "the widget's context reaches agents, and is not in the member's thread",
    async run(stage) {
      const { backend, me } = stage;
      const tickets = ticketsOf(stage);
      const context = {
        page: "https://example.org/context-of-the-page?a=1",
        browser: "context-of-the-browser",
        screen: "1440 × 900, context-of-the-screen",
        language: "sl-SI, en",
        appVersion: "context-of-the-app",
        errors: ["TypeError: context-of-an-error <b>1</b>", "context-of-another-error"],
        attributes: [
          { name: "context-of-the-plan", value: "Pro <b>&</b> more" },
          { name: "Error: **vozíček**", value: "context-of-the-cart 12" },
        ],
      };
      const ticket = await tickets.create(stage.draft({ context }), by(me));
      expect((await backend.ticket(ticket.id))?.context).toEqual(context);
      const shown = [
        ticket,
        await tickets.get?.(ticket.id, by(me)),
        await tickets.list?.({ filter: "all" }, by(me)),
        await tickets.thread?.(ticket.id, undefined, by(me)),
        await tickets.list?.({ filter: "all", search: "context-of-the-browser" }, by(me)),
      ];
      expect(JSON.stringify(shown)).not.toContain("context-of");
    },
  },
];
