import {
  badCursor,
  fold,
  searchPages,
  searchWords,
  type CallContext,
  type Page,
  type Ticket,
  type TicketCounts,
  type TicketQuery,
} from "../../adapter/index.ts";
import { anyOf, isOf, knownTotal, lastChangedFirst, PAGE, pathOf, quoted, scopeOf, type Desk } from "./desk.ts";
import { listOf, outline, reference, type Outline } from "./schemas.ts";
import { shown } from "./ticket.ts";

/** How many pages one search reads before it returns a next cursor. */
const PAGES = 5;

/**
 * RT's LIKE supports neither accents nor a literal "%", and its content search also finds internal comments: so titles
 * and numbers are searched here, last changed first.
 */
export async function listTickets(desk: Desk, query: TicketQuery, ctx: CallContext): Promise<Page<Ticket>> {
  const { email } = await desk.people.requester(ctx);
  const { signal } = ctx;
  const limit = Math.min(query.limit ?? 20, PAGE);
  const scope = `${scopeOf(desk, email)}${conditionOf(desk, query.filter)}`;
  const words = searchWords(query.search);
  if (words.length === 0) {
    const { items, total } = await desk.tickets(`${scope}${after(query.cursor)}`, limit, signal);
    const own = items.filter((item) => isOf(item, email));
    const last = items.at(-1);
    return {
      items: await shown(desk, own, email, signal),
      ...(total > items.length && last !== undefined ? { next: cursorAt(last) } : {}),
    };
  }
  const { items: found, next } = await searchPages<Outline>({
    cursor: query.cursor,
    limit,
    pages: PAGES,
    fits: ({ Subject, id }) => words.every((word) => fold(`#${id}\n${Subject}`).includes(word)),
    cursorAfter: (items, cursor = "") => items.map(cursorAt).at(-1) ?? cursor,
    async read(cursor) {
      const asked = [
        ["query", `${scope}${after(cursor)}`],
        ["per_page", PAGE],
        ["fields", "Subject,LastUpdated"],
      ] as const;
      const path = pathOf("/tickets", [...asked, ...lastChangedFirst]);
      const { items, total } = await desk.client.json({ path }, listOf(outline), signal);
      return { items, more: knownTotal(total) > items.length };
    },
  });
  const where = `${anyOf(found.map(({ id }) => `id = ${id}`))} AND ${scopeOf(desk, email)}`;
  const { items } = found.length === 0 ? { items: [] } : await desk.tickets(where, PAGE, signal);
  const own = items.filter((item) => isOf(item, email));
  return { items: await shown(desk, own, email, signal), ...(next === undefined ? {} : { next }) };
}

export async function countTickets(desk: Desk, ctx: CallContext): Promise<TicketCounts> {
  const scope = scopeOf(desk, (await desk.people.requester(ctx)).email);
  const count = async (filter: TicketQuery["filter"]): Promise<number> => {
    const path = pathOf("/tickets", [
      ["query", `${scope}${conditionOf(desk, filter)}`],
      ["per_page", 1],
    ]);
    return knownTotal((await desk.client.json({ path }, listOf(reference), ctx.signal)).total);
  };
  const [open, awaiting, all] = await Promise.all([count("open"), count("awaiting"), count("all")]);
  return { open, awaiting, all };
}

/** TicketSQL for one of the lists, to be appended to a scope. Every ticket in no other list is open. */
function conditionOf({ settings }: Desk, filter: TicketQuery["filter"]): string {
  const { awaiting, resolved } = settings.statuses;
  if (filter === "all") return "";
  if (filter === "open") return [...awaiting, ...resolved].map((name) => ` AND Status != ${quoted(name)}`).join("");
  return ` AND ${anyOf(awaiting.map((name) => `Status = ${quoted(name)}`))}`;
}

/** The position of the page's last ticket in RT's own order, so that later changes neither hide nor repeat a ticket. */
function cursorAt({ LastUpdated, id }: Outline): string {
  return `${LastUpdated}_${id}`;
}

/** TicketSQL for the tickets after it. For a time, RT's "=" means the whole day. */
function after(cursor: string | undefined): string {
  if (cursor === undefined) return "";
  const [, time = "", id] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)_(\d{1,15})$/.exec(cursor) ?? [];
  const at = Date.parse(time);
  if (Number.isNaN(at)) throw badCursor(cursor);
  return ` AND (LastUpdated < ${sqlTime(at)} OR (LastUpdated < ${sqlTime(at + 1000)} AND id < ${id}))`;
}

/** In the format of RT's SQL: without the zone, RT would use the account's. */
function sqlTime(at: number): string {
  return quoted(new Date(at).toISOString().replace("T", " ").replace(".000Z", " UTC"));
}
