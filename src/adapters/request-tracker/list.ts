import type { CallContext, Page, Ticket, TicketCounts, TicketQuery } from "../../core/contract/adapter.ts";
import { badCursor } from "../shared/bad-cursor.ts";
import { fold, searchWords } from "../shared/search.ts";
import { isOf, knownTotal, lastChangedFirst, pathOf, ticketsById, type Asker, type Desk } from "./desk.ts";
import { listOf, outline, reference, type Outline } from "./schemas.ts";
import { sqlTime } from "./sql.ts";
import { statusCondition } from "./statuses.ts";
import { shown } from "./ticket.ts";

/** How many a desk gives at once, and how many of these one search looks through before it says that there are more. */
const PAGE = 100;
const PAGES = 5;
const DEFAULT_LIMIT = 20;

export async function listTickets(desk: Desk, query: TicketQuery, ctx: CallContext): Promise<Page<Ticket>> {
  const asker = await desk.asker(ctx);
  const limit = Math.min(query.limit ?? DEFAULT_LIMIT, PAGE);
  const scope = `${desk.scope(asker)}${statusCondition(desk.settings.statuses, query.filter)}`;
  const words = searchWords(query.search);
  if (words.length > 0) return await search(desk, asker, { scope, words, limit, cursor: query.cursor }, ctx.signal);
  const { items, total } = await desk.tickets({ where: `${scope}${after(query.cursor)}`, limit }, ctx.signal);
  return {
    items: await shown(
      desk,
      items.filter((item) => isOf(item, asker.email)),
      ctx.signal,
    ),
    ...next(items, total > items.length),
  };
}

export async function countTickets(desk: Desk, ctx: CallContext): Promise<TicketCounts> {
  const scope = desk.scope(await desk.asker(ctx));
  const count = async (filter: TicketQuery["filter"]): Promise<number> => {
    const where = `${scope}${statusCondition(desk.settings.statuses, filter)}`;
    const path = pathOf("/tickets", [
      ["query", where],
      ["per_page", 1],
    ]);
    return knownTotal((await desk.client.json({ path }, listOf(reference), ctx.signal)).total);
  };
  const [open, awaiting, all] = await Promise.all([count("open"), count("awaiting"), count("all")]);
  return { open, awaiting, all };
}

interface Search {
  readonly scope: string;
  readonly words: readonly string[];
  readonly limit: number;
  readonly cursor: string | undefined;
}

/**
 * RT's LIKE knows neither accents nor a literal "%", and its search in contents finds internal comments as well: so
 * titles and numbers are looked through here, the last changed first.
 */
async function search(desk: Desk, asker: Asker, asked: Search, signal: AbortSignal): Promise<Page<Ticket>> {
  const { scope, words, limit } = asked;
  const found: Outline[] = [];
  let cursor = asked.cursor;
  let more = true;
  for (let page = 0; page < PAGES && more && found.length < limit; page += 1) {
    const path = pathOf("/tickets", [
      ["query", `${scope}${after(cursor)}`],
      ["per_page", PAGE],
      ["fields", "Subject,LastUpdated"],
      ...lastChangedFirst,
    ]);
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const { items, total } = await desk.client.json({ path }, listOf(outline), signal);
    const fits = items.filter((item) => isHit(item, words));
    const taken = fits.slice(0, limit - found.length);
    found.push(...taken);
    const isCut = fits.length > taken.length;
    const last = isCut ? taken.at(-1) : items.at(-1);
    if (last !== undefined) cursor = cursorAt(last);
    more = isCut || knownTotal(total) > items.length;
  }
  const ids = found.map(({ id }) => id);
  const where = `${ticketsById(ids)} AND ${desk.scope(asker)}`;
  const { items } = ids.length === 0 ? { items: [] } : await desk.tickets({ where }, signal);
  return {
    items: await shown(
      desk,
      items.filter((item) => isOf(item, asker.email)),
      signal,
    ),
    ...(more && cursor !== undefined ? { next: cursor } : {}),
  };
}

function isHit({ id, Subject }: Outline, words: readonly string[]): boolean {
  const whole = fold(`#${id}\n${Subject}`);
  return words.every((word) => whole.includes(word));
}

/** A cursor is the place of the page's last ticket in RT's own order, so that changes meanwhile neither hide nor double another. */
function cursorAt({ LastUpdated, id }: Outline): string {
  return `${LastUpdated}_${id}`;
}

function next(items: readonly Outline[], more: boolean): { next?: string } {
  const last = items.at(-1);
  return more && last !== undefined ? { next: cursorAt(last) } : {};
}

/** TicketSQL for what comes after. RT has no "=" for a time: there it means the whole day. */
function after(cursor: string | undefined): string {
  if (cursor === undefined) return "";
  const [, time, id] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)_(\d{1,15})$/.exec(cursor) ?? [];
  const at = Date.parse(time ?? "");
  if (time === undefined || Number.isNaN(at)) {
    throw badCursor(cursor);
  }
  const second = new Date(at + 1000).toISOString().replace(".000Z", "Z");
  return ` AND (LastUpdated < ${sqlTime(time)} OR (LastUpdated < ${sqlTime(second)} AND id < ${id}))`;
}
