import { expect } from "vitest";
import type { Member, Ticket, TicketQuery, TicketsApi } from "../core/contract/adapter.ts";
import { allPages, by, uuid, type Case, type With } from "./case.ts";
import { ticketsOf } from "./ticket-calls.ts";

async function readAll(
  tickets: With<TicketsApi, "list">,
  member: Member,
  query: TicketQuery,
): Promise<readonly Ticket[]> {
  return await allPages(
    async (cursor) => await tickets.list({ ...query, ...(cursor === undefined ? {} : { cursor }) }, by(member)),
  );
}

/** Expects the counts to match the lists. */
async function expectCountsAsListed(tickets: With<TicketsApi, "list" | "counts">, member: Member): Promise<void> {
  const [open, awaiting, all] = await Promise.all(
    (["open", "awaiting", "all"] as const).map(async (filter) => (await readAll(tickets, member, { filter })).length),
  );
  expect(await tickets.counts(by(member))).toEqual({ open, awaiting, all });
}

export const ticketListCases: readonly Case[] = [
  {
    title: "the filters open, awaiting and all list the right tickets",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "askForFeedback", "resolveTicket");
      const tickets = ticketsOf(stage, "list");
      const open = await tickets.create(stage.draft(), by(me));
      const awaiting = await tickets.create(stage.draft(), by(me));
      const resolved = await tickets.create(stage.draft(), by(me));
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
      await tickets.create(stage.draft(), by(me));
      const wanted = await tickets.create(stage.draft({ title: "English - Papagájščina breaks" }), by(me));
      const page = await tickets.list({ filter: "all", search: "papagájščina" }, by(me));
      expect(page?.items.map((ticket) => ticket.id)).toEqual([wanted.id]);
      const none = await tickets.list({ filter: "all", search: "xyzzy%_" }, by(me));
      expect(none?.items).toEqual([]);
    },
  },
  {
    title: "pages of tickets have no gaps or duplicates, last changed first",
    async run(stage) {
      const { me } = stage;
      const tickets = ticketsOf(stage, "list");
      const made: string[] = [];
      for (const title of ["a", "b", "c", "d", "e"]) {
        // oxlint-disable-next-line no-await-in-loop -- the order matters
        made.push((await tickets.create(stage.draft({ title }), by(me))).id);
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
    title: "250 tickets are read page by page, without gaps or duplicates, and are counted",
    async run(stage) {
      const { me } = stage;
      const tickets = ticketsOf(stage, "list");
      const made = new Set<string>();
      for (let batch = 0; batch < 10; batch += 1) {
        // oxlint-disable-next-line no-await-in-loop -- in batches, as a desk need not handle all of them concurrently
        const some = await Promise.all(Array.from({ length: 25 }, () => tickets.create(stage.draft(), by(me))));
        for (const { id } of some) made.add(id);
      }
      expect(made.size).toBe(250);
      const [few, many] = [
        await readAll(tickets, me, { filter: "open" }),
        await readAll(tickets, me, { filter: "all", limit: 100 }),
      ];
      for (const items of [few, many]) expect(items.map(({ id }) => id).toSorted()).toEqual([...made].toSorted());
      expect(few.map(({ id }) => id)).toEqual(many.map(({ id }) => id));
      if (tickets.counts) expect(await tickets.counts(by(me))).toEqual({ open: 250, awaiting: 0, all: 250 });
    },
  },
  {
    title: "counts match the lists, after every change too",
    async run(stage) {
      const { me } = stage;
      const backend = stage.need(stage.backend, "askForFeedback", "resolveTicket");
      const tickets = ticketsOf(stage, "list", "counts", "reply");
      expect(await tickets.counts(by(me))).toEqual({ open: 0, awaiting: 0, all: 0 });
      const [first, second, third] = [
        await tickets.create(stage.draft(), by(me)),
        await tickets.create(stage.draft(), by(me)),
        await tickets.create(stage.draft(), by(me)),
      ];
      expect(await tickets.counts(by(me))).toEqual({ open: 3, awaiting: 0, all: 3 });
      await backend.askForFeedback(first.id, "Which browser?");
      await backend.resolveTicket(second.id);
      expect(await tickets.counts(by(me))).toEqual({ open: 1, awaiting: 1, all: 3 });
      await expectCountsAsListed(tickets, me);
      await tickets.reply(first.id, { clientId: uuid(), text: "Firefox." }, by(me));
      await tickets.reply(second.id, { clientId: uuid(), text: "It is back." }, by(me));
      expect(await tickets.counts(by(me))).toEqual({ open: 3, awaiting: 0, all: 3 });
      await backend.removeTicket?.(third.id);
      await expectCountsAsListed(tickets, me);
    },
  },
  {
    title: "lists, searches and counts include no other member's tickets",
    async run(stage) {
      const { me, them, theirs } = stage;
      const mine = ticketsOf(stage);
      const other = stage.need(theirs.tickets, "list");
      await mine.create(stage.draft({ title: "English - Papagájščina" }), by(me));
      expect((await other.list({ filter: "all" }, by(them))).items).toEqual([]);
      expect((await other.list({ filter: "all", search: "papagájščina" }, by(them))).items).toEqual([]);
      if (other.counts) expect(await other.counts(by(them))).toEqual({ open: 0, awaiting: 0, all: 0 });
    },
  },
  {
    title: "a search finds tickets with all of its words, in any order, ignoring case and accents",
    async run(stage) {
      const { me } = stage;
      const tickets = ticketsOf(stage, "list");
      const wanted = await tickets.create(stage.draft({ title: "English - Papagájščina breaks" }), by(me));
      await tickets.create(stage.draft({ title: "English - Papagájščina sings" }), by(me));
      await tickets.create(stage.draft({ title: "English - The parrot breaks" }), by(me));
      for (const search of ["breaks papagájščina", "BREAKS PAPAGÁJŠČINA", "papagajscina  breaks", " Break  pápagaj "]) {
        // oxlint-disable-next-line no-await-in-loop -- one search after the other, as a person types them
        expect([search, (await readAll(tickets, me, { filter: "all", search })).map(({ id }) => id)]).toEqual([
          search,
          [wanted.id],
        ]);
      }
    },
  },
  {
    title: "wildcards, quotes and operators in a search are literal",
    async run(stage) {
      const { me } = stage;
      const tickets = ticketsOf(stage, "list");
      const titles = ['100% "cotton_shirt"', "1000 cotton shirts' (a*b)", String.raw`C:\temp AND -- notes`];
      for (const title of titles) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other, as a person writes them
        await tickets.create(stage.draft({ title }), by(me));
      }
      const searches =
        String.raw`100% % _ cotton_ " "cotton ' shirts' * a*b tem* \ c:\t -- and OR xyz|cotton ^c title:cotton
        NEAR(cotton ( ) {} + ? [a-z] $ cotton;`
          .split(/\s+/)
          .concat("xyz OR cotton", "cotton NOT temp", "NEAR(cotton shirts)", "' OR '1'='1", "\0", "");
      for (const search of searches) {
        const words = search
          .toLowerCase()
          .split(/[\s\p{C}]+/u)
          .filter((word) => word !== "");
        // oxlint-disable-next-line no-await-in-loop -- one search after the other, as a person types them
        const found = await readAll(tickets, me, { filter: "all", search });
        const expected = titles.filter((title) => words.every((word) => title.toLowerCase().includes(word)));
        expect([search, found.map(({ title }) => title).toSorted()]).toEqual([search, expected.toSorted()]);
      }
    },
  },
];
