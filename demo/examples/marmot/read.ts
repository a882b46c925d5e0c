import type { CallContext, TicketQuery, TicketsApi } from "../../../src/index.ts";
import type { Api } from "./api.ts";
import { memberOf, messagesOf, ownCase, ticketOf, type Case } from "./cases.ts";

const CALL_MOST = 100;
/** Limits the calls per page: a page may be short and still have a next one. */
const CALLS_MOST = 10;
const statuses = { open: "new,working", awaiting: "waiting", all: "new,working,waiting,closed" } as const;

export function reading(api: Api): Required<Pick<TicketsApi, "list" | "get" | "thread" | "counts">> {
  async function page(filter: TicketQuery["filter"], before: string | undefined, ctx: CallContext) {
    const query = { person: memberOf(ctx).id, status: statuses[filter], ...(before === undefined ? {} : { before }) };
    return await api.get<readonly Case[]>("/cases", query, ctx.signal);
  }

  return {
    async list({ filter, search = "", cursor, limit = 20 }, ctx) {
      // Marmot has no search: match all words, ignoring case and accents.
      const words = wordsOf(search);
      const items = [];
      let place = cursor;
      for (let calls = 0; calls < CALLS_MOST; calls += 1) {
        // oxlint-disable-next-line no-await-in-loop -- each page leads to the next
        const cases = await page(filter, place, ctx);
        for (const one of cases) {
          if (items.length === limit) return { items, ...(place === undefined ? {} : { next: place }) };
          if (words.every((word) => fold(`#${one.no} ${one.subject}`).includes(word))) items.push(ticketOf(one));
          place = String(one.turn);
        }
        if (cases.length < CALL_MOST) return { items };
      }
      return { items, ...(place === undefined ? {} : { next: place }) };
    },

    async counts(ctx) {
      const person = memberOf(ctx).id;
      const count = async (status: string) =>
        (await api.get<{ readonly count: number }>("/cases/count", { person, status }, ctx.signal)).count;
      const [open, awaiting, all] = await Promise.all([
        count(statuses.open),
        count(statuses.awaiting),
        count(statuses.all),
      ]);
      return { open, awaiting, all };
    },

    get: async (ticketId, ctx) => ticketOf(await ownCase(api, ticketId, ctx)),

    async thread(ticketId, _before, ctx) {
      const { entries } = await ownCase(api, ticketId, ctx);
      return { items: entries.flatMap((entry) => messagesOf(entry, memberOf(ctx))) };
    },
  };
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function wordsOf(search: string): readonly string[] {
  return fold(search)
    .split(/[\s\p{C}]+/u)
    .filter((word) => word !== "");
}
