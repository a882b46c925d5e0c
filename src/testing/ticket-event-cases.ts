import { expect } from "vitest";
import type { TicketEvent, TicketsApi } from "../core/contract/adapter.ts";
import { by, type Case, type Stage, type With } from "./case.ts";
import { expectOver, untilListeners, watch } from "./watch.ts";

function ticketsOf(stage: Stage, adapter = stage.mine): TicketsApi & With<TicketsApi, "events"> {
  return stage.need(adapter.tickets, "events");
}

const says = (text: string) => (event: TicketEvent) => event.type === "message" && event.message.text === text;

export const ticketEventCases: readonly Case[] = [
  {
    title: "an agent's reply and a status change reach the member live, once",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "askForFeedback", "replyToTicket");
      const tickets = ticketsOf(stage);
      const ticket = await tickets.create(stage.draft(), by(me));
      const before = await backend.listeners();
      const live = watch((signal) => tickets.events(undefined, by(me, signal)));
      await untilListeners(backend, before + 1);
      await backend.askForFeedback(ticket.id, "Which browser?");
      await backend.replyToTicket(ticket.id, "And which version?");
      await live.until(says("And which version?"), "the agent's reply");
      await live.until(
        (event) => event.type === "ticket" && event.ticket.id === ticket.id && event.ticket.status === "awaiting",
        "the new status",
      );
      expect(live.seen.filter(says("Which browser?"))).toHaveLength(1);
      expect(live.seen.filter(says("And which version?"))).toHaveLength(1);
      await live.stop();
    },
  },
  {
    title: "ticket events resume after a cursor, without gaps or duplicates",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "replyToTicket");
      const tickets = ticketsOf(stage);
      const ticket = await tickets.create(stage.draft(), by(me));
      const before = await backend.listeners();
      const first = watch((signal) => tickets.events(undefined, by(me, signal)));
      await untilListeners(backend, before + 1);
      await backend.replyToTicket(ticket.id, "one");
      await first.until(says("one"), "the first reply");
      await first.stop();
      await backend.replyToTicket(ticket.id, "two");
      await backend.replyToTicket(ticket.id, "three");
      const resumed = watch((signal) => tickets.events(first.cursor(), by(me, signal)));
      await resumed.until(says("three"), "what was missed");
      await backend.replyToTicket(ticket.id, "four");
      await resumed.until(says("four"), "what is live");
      await resumed.stop();
      const texts = [...first.seen, ...resumed.seen].flatMap((event) =>
        event.type === "message" ? [event.message.text] : [],
      );
      expect(texts.filter((text) => ["one", "two", "three", "four"].includes(text))).toEqual([
        "one",
        "two",
        "three",
        "four",
      ]);
    },
  },
  {
    title: "ticket events contain no other member's tickets and no internal notes",
    async run(stage) {
      const { me, them, theirs } = stage;
      const backend = stage.need(stage.backend, "replyToTicket", "addNote");
      const tickets = ticketsOf(stage);
      const otherTickets = ticketsOf(stage, theirs);
      const own = await tickets.create(stage.draft(), by(me));
      const foreign = await otherTickets.create(stage.draft(), by(them));
      const before = await backend.listeners();
      const live = watch((signal) => tickets.events(undefined, by(me, signal)));
      await untilListeners(backend, before + 1);
      await backend.replyToTicket(foreign.id, "for them alone");
      await backend.addNote(own.id, "for agents alone");
      await backend.replyToTicket(own.id, "for me");
      await live.until(says("for me"), "the reply");
      await live.stop();
      const told = JSON.stringify(live.seen);
      expect(told).not.toContain("for them alone");
      expect(told).not.toContain("for agents alone");
      expect(told).not.toContain(`"${foreign.id}"`);
    },
  },
  {
    title: "ticket events end on abort and leave no subscription",
    async run(stage) {
      const { me, backend } = stage;
      const tickets = ticketsOf(stage);
      const before = await backend.listeners();
      const watches = [1, 2, 3].map(() => watch((signal) => tickets.events(undefined, by(me, signal))));
      await untilListeners(backend, before + 3);
      await Promise.all(watches.map((each) => each.stop()));
      await untilListeners(backend, before);
      const reason = new Error("before");
      await expectOver(tickets.events(undefined, by(me, AbortSignal.abort(reason))), reason);
      await untilListeners(backend, before);
    },
  },
];
