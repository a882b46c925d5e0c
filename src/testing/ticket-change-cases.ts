import { expect } from "vitest";
import type { Message, TicketEvent } from "../core/contract/adapter.ts";
import { previewLimit } from "../core/contract/limits.ts";
import { allPagesBefore, by, refusal, uuid, type Case } from "./case.ts";
import { byTicketId, ticketsOf } from "./ticket-calls.ts";
import { untilListeners, watch } from "./watch.ts";

/** A short form of a message: who wrote what, or which status they set. */
function inShort({ author, change, text }: Message): string {
  return `${author.role}: ${change ? `→ ${change.status}` : text}`;
}

const changes = [
  "agent: Which browser?",
  "agent: → awaiting",
  "member: Firefox.",
  "member: → open",
  "agent: → resolved",
  "member: → open",
  "member: → resolved",
];

export const ticketChangeCases: readonly Case[] = [
  {
    title: "each status change is a line in the thread with its author, in order, and is sent live",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "askForFeedback", "resolveTicket");
      const tickets = ticketsOf(stage, "thread", "reply", "setStatus");
      const ticket = await tickets.create(stage.draft({ text: "Help" }), by(me));
      const before = await backend.listeners();
      const { events } = tickets;
      const live = events && watch((signal) => events(undefined, by(me, signal)));
      if (live) await untilListeners(backend, before + 1);

      await backend.askForFeedback(ticket.id, "Which browser?");
      await tickets.reply(ticket.id, { clientId: uuid(), text: "Firefox." }, by(me));
      await backend.resolveTicket(ticket.id);
      await tickets.setStatus(ticket.id, "open", by(me));
      await tickets.setStatus(ticket.id, "resolved", by(me));
      // Setting the same status again must add nothing.
      await tickets.setStatus(ticket.id, "resolved", by(me));

      const thread = await allPagesBefore(async (page) => await tickets.thread(ticket.id, page, by(me)));
      expect(thread.map(inShort)).toEqual(["member: Help", ...changes]);
      expect(new Set(thread.map(({ id }) => id)).size).toBe(thread.length);
      if (!live) return;
      const lines = () => live.seen.flatMap((event) => (event.type === "message" ? [inShort(event.message)] : []));
      await live.until(() => lines().length >= changes.length, "the last line");
      const isLast = (event: TicketEvent) => event.type === "ticket" && event.ticket.status === "resolved";
      await live.until((event) => isLast(event) && live.seen.indexOf(event) > 5, "the ticket after it");
      await live.stop();
      expect(lines()).toEqual(changes);
      const last = live.seen.findLast((event) => event.type === "ticket");
      expect(last).toMatchObject({ ticket: { id: ticket.id, status: "resolved" } });
    },
  },
  {
    title: "a ticket says who changed it last",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "replyToTicket", "resolveTicket");
      const tickets = ticketsOf(stage, "get", "list", "reply");
      const made = await tickets.create(stage.draft(), by(me));
      stage.need(made, "updatedBy");
      const says = async (role: string) => {
        expect((await tickets.get(made.id, by(me))).updatedBy).toBe(role);
        expect((await tickets.list({ filter: "all" }, by(me))).items[0]).toMatchObject({
          id: made.id,
          updatedBy: role,
        });
      };
      await says("member");
      await backend.replyToTicket(made.id, "We look into it.");
      await says("agent");
      await tickets.reply(made.id, { clientId: uuid(), text: "Thank you." }, by(me));
      await says("member");
      await backend.resolveTicket(made.id);
      await says("agent");
      await tickets.setStatus?.(made.id, "open", by(me));
      if (tickets.setStatus) await says("member");
    },
  },
  {
    title: "a ticket that is closed for good says so, and takes no reply until the desk asks something",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "closeTicket");
      const tickets = ticketsOf(stage, "get", "list", "reply");
      const { id, can } = await tickets.create(stage.draft(), by(me));
      expect(can?.reply).not.toBe(false);
      await backend.closeTicket(id);
      const closed = { id, status: "resolved", can: { reply: false } };
      expect(await tickets.get(id, by(me))).toMatchObject(closed);
      expect((await tickets.list({ filter: "all" }, by(me))).items[0]).toMatchObject(closed);
      const before = (await backend.ticket(id))?.messages.length;
      await refusal(tickets.reply(id, { clientId: uuid(), text: "Still broken." }, by(me)), "forbidden", "invalid");
      if (tickets.setStatus) await refusal(tickets.setStatus(id, "open", by(me)), "forbidden", "invalid");
      const record = await backend.ticket(id);
      expect(record?.status).toBe("resolved");
      expect(record?.messages).toHaveLength(before ?? 0);

      const { askForFeedback } = backend;
      if (!askForFeedback) return;
      await askForFeedback(id, "Which browser?");
      const asked = await tickets.get(id, by(me));
      expect(asked.status).toBe("awaiting");
      expect(asked.can?.reply).not.toBe(false);
      await tickets.reply(id, { clientId: uuid(), text: "Firefox." }, by(me));
    },
  },
  {
    title: "what a colleague in Cc writes is neither the member's nor an agent's",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "replyAsParticipant");
      const tickets = ticketsOf(stage, "get", "thread");
      const { id } = await tickets.create(stage.draft(), by(me));
      const before = await backend.listeners();
      const { events } = tickets;
      const live = events && watch((signal) => events(undefined, by(me, signal)));
      if (live) await untilListeners(backend, before + 1);
      await backend.replyAsParticipant(id, "It happens to me too.");
      const { items } = await tickets.thread(id, undefined, by(me));
      const last = items.findLast((message) => message.change === undefined);
      expect(last).toMatchObject({ text: "It happens to me too.", author: { role: "participant" } });
      expect(last?.author.id).not.toBe(me.id);
      const { updatedBy = "participant" } = await tickets.get(id, by(me));
      expect(updatedBy).toBe("participant");
      await live?.until(
        (event) =>
          event.type === "message" && event.message.id === last?.id && event.message.author.role === "participant",
        "the message, live",
      );
      await live?.stop();
    },
  },
  {
    title: "the list shows the beginning and the author of the newest message, never an internal note",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "replyToTicket");
      const tickets = ticketsOf(stage, "list", "reply");
      const made = await tickets.create(stage.draft({ text: "It fails.\n\nEvery time." }), by(me));
      stage.need(made, "lastMessage");
      const shows = async (role: string, text: string) => {
        const { items } = await tickets.list({ filter: "all" }, by(me));
        expect(items[0]).toMatchObject({ id: made.id, lastMessage: { author: { role }, text } });
      };
      await shows("member", "It fails. Every time.");
      await backend.replyToTicket(made.id, "We **look** into it.");
      await shows("agent", "We look into it.");
      await backend.addNote?.(made.id, "Ask the other team first.");
      await shows("agent", "We look into it.");
      await tickets.reply(made.id, { clientId: uuid(), text: "x".repeat(5_000) }, by(me));
      const { items } = await tickets.list({ filter: "all" }, by(me));
      expect(items[0]?.lastMessage?.text).toHaveLength(previewLimit);
    },
  },
  {
    title: "the expected answer time is in the future, and absent once an agent has answered",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "replyToTicket");
      const tickets = ticketsOf(stage, "get");
      const { expectedAt, id } = await tickets.create(stage.draft(), by(me));
      if (expectedAt !== undefined) expect(Date.parse(expectedAt)).toBeGreaterThan(Date.now() - 1000);
      await backend.replyToTicket(id, "We look into it.");
      expect((await tickets.get(id, by(me))).expectedAt).toBeUndefined();
    },
  },
  {
    title: "a rating is stored with its ticket, and the latest one counts",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "resolveTicket");
      const tickets = ticketsOf(stage, "rate");
      const { id } = await tickets.create(stage.draft(), by(me));
      await backend.resolveTicket(id);
      const first = await tickets.rate(id, { score: 2 }, by(me));
      expect(first).toMatchObject({ id, status: "resolved", rating: { score: 2 } });
      const rating = { score: 4, comment: "Hvala! <b>🐎</b>" } as const;
      expect((await tickets.rate(id, rating, by(me))).rating).toEqual(rating);
      expect((await backend.ticket(id))?.rating).toBe(4);
      if (tickets.get) expect((await tickets.get(id, by(me))).rating).toEqual(rating);
      if (tickets.list) expect((await tickets.list({ filter: "all" }, by(me))).items[0]?.rating).toEqual(rating);
    },
  },
  {
    title: "only resolved tickets can be rated, with a score from 1 to 5",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "resolveTicket");
      const tickets = ticketsOf(stage, "rate");
      const { id } = await tickets.create(stage.draft(), by(me));
      await refusal(tickets.rate(id, { score: 5 }, by(me)), "invalid");
      await backend.resolveTicket(id);
      const scores: readonly number[] = [0, 6, -1, 2.5];
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what an untyped caller may send
      await Promise.all(scores.map((score) => refusal(tickets.rate(id, { score: score as 5 }, by(me)), "invalid")));
      expect((await backend.ticket(id))?.rating).toBeUndefined();
    },
  },
  {
    title: "a removed ticket is reported live and is not found afterwards",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "removeTicket", "replyToTicket");
      const tickets = ticketsOf(stage);
      const { id } = await tickets.create(stage.draft({ text: "to be removed" }), by(me));
      const kept = await tickets.create(stage.draft(), by(me));
      const before = await backend.listeners();
      const { events } = tickets;
      const live = events && watch((signal) => events(undefined, by(me, signal)));
      if (live) await untilListeners(backend, before + 1);
      await backend.replyToTicket(kept.id, "first");
      await live?.until((event) => event.type === "message", "a cursor to go on from");
      await backend.replyToTicket(id, "soon to be removed");
      await backend.removeTicket(id);

      const isRemoved = (event: TicketEvent) => event.type === "removed" && event.ticketId === id;
      await live?.until(isRemoved, "the removal");
      expect(live?.seen.filter(isRemoved).length ?? 1).toBe(1);
      await live?.stop();
      await Promise.all(byTicketId(tickets, me).map((call) => refusal(call(id), "not-found")));
      if (tickets.list) {
        expect((await tickets.list({ filter: "all" }, by(me))).items.map((ticket) => ticket.id)).toEqual([kept.id]);
        expect((await tickets.list({ filter: "all", search: "removed" }, by(me))).items).toEqual([]);
      }
      expect(await backend.ticket(id)).toBeUndefined();

      const cursor = live?.seen.find((event) => event.cursor !== undefined)?.cursor;
      if (!events || cursor === undefined) return;
      const resumed = watch((signal) => events(cursor, by(me, signal)));
      await resumed.until(isRemoved, "the removal, for who was away");
      await resumed.stop();
      expect(JSON.stringify(resumed.seen)).not.toContain("to be removed");
    },
  },
];
