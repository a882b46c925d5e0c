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
import { PAGE, quoted, SEARCH_MOST, type Desk } from "./desk.ts";
import { requester } from "./people.ts";
import type { RawTicket } from "./schemas.ts";
import { isOf, readAll, type OwnTicket } from "./ticket.ts";

/** The maximum number of pages that one search reads. */
const PAGES = 5;
/** The number of tickets of a page in its cursor. At least one of them is probably still in the list. */
const ANCHORS = 5;

/** The last change of a page's last ticket, and the page's last few ids. */
interface Place {
  readonly at: string;
  readonly ids: readonly string[];
}

export async function listTickets(desk: Desk, query: TicketQuery, ctx: CallContext): Promise<Page<Ticket>> {
  const who = requester(ctx, desk.settings);
  const { signal } = ctx;
  const limit = Math.max(1, Math.min(query.limit ?? 20, PAGE));
  const words = searchWords(query.search);
  const ids = await idsAfter(desk, who.login, query, signal);
  let at = 0;
  const { items, next } = await searchPages<RawTicket>({
    cursor: query.cursor,
    limit,
    pages: PAGES,
    fits: ({ Title, TicketNumber }) => words.every((word) => fold(`#${TicketNumber}\n${Title}`).includes(word)),
    cursorAfter: (read, cursor = "") => placeAfter(read) ?? cursor,
    async read() {
      const some = ids.slice(at, at + (words.length === 0 ? limit : PAGE));
      at += some.length;
      const raws = await desk.read(some, { articles: false }, signal);
      return { items: raws.filter((raw) => isOf(desk, raw, who.login)), more: at < ids.length };
    },
  });
  const own = await readAll(
    desk,
    items.map(({ TicketID }) => TicketID),
    (raw) => (isOf(desk, raw, who.login) ? who : undefined),
    signal,
  );
  // Within one second, tickets with newer articles come first.
  const sorted = own.toSorted(
    (left, right) => compare(right.raw.Changed, left.raw.Changed) || newest(right) - newest(left),
  );
  return { items: sorted.map(({ ticket }) => ticket), ...(next === undefined ? {} : { next }) };
}

export async function countTickets(desk: Desk, ctx: CallContext): Promise<TicketCounts> {
  const { login } = requester(ctx, desk.settings);
  const count = async (filter: TicketQuery["filter"]) => (await idsOf(desk, login, filter, {}, ctx.signal)).length;
  const [open, awaiting, all] = await Promise.all([count("open"), count("awaiting"), count("all")]);
  return { open, awaiting, all };
}

/** The ids of one of the member's lists, last change first. A ticket is open if it is neither awaiting nor resolved. */
async function idsOf(
  desk: Desk,
  login: string,
  filter: TicketQuery["filter"],
  more: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { awaiting, resolved } = await desk.facts(signal);
  const those = async (states?: readonly string[]) => {
    if (states?.length === 0) return [];
    const within = { CustomerUserLogin: quoted(login), ...more, ...(states ? { States: states } : {}) };
    return await desk.search(within, SEARCH_MOST, signal);
  };
  if (filter === "all") return await those();
  if (filter === "awaiting") return await those(awaiting);
  const [all, others] = await Promise.all([those(), those([...awaiting, ...resolved])]);
  const isOther = new Set(others);
  return all.filter((id) => !isOther.has(id));
}

async function idsAfter(desk: Desk, login: string, { cursor, filter }: TicketQuery, signal: AbortSignal) {
  if (cursor === undefined) return await idsOf(desk, login, filter, {}, signal);
  const { at, ids: read } = readPlace(cursor);
  const ids = await idsOf(desk, login, filter, { TicketLastChangeTimeOlderDate: znunyTime(at) }, signal);
  const anchor = ids.findLastIndex((id) => read.includes(id));
  return ids.slice(anchor + 1);
}

function compare(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

/** The number of the newest article; 0 if there is only the first. */
function newest({ raw: { Article } }: OwnTicket): number {
  return Article.length < 2 ? 0 : Math.max(...Article.map(({ ArticleID }) => Number(ArticleID)));
}

/** Znuny's format of times. */
export function znunyTime(at: string): string {
  return at.slice(0, 19).replace("T", " ");
}

function placeAfter(read: readonly RawTicket[]): string | undefined {
  const at = read.at(-1)?.Changed;
  if (at === undefined) return undefined;
  const ids = read.slice(-ANCHORS).map(({ TicketID }) => TicketID);
  return `${at.slice(0, 19)}Z_${ids.join("-")}`;
}

export function readPlace(cursor: string): Place {
  const [, at = "", ids] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)_(\d{1,15}(?:-\d{1,15}){0,4})$/.exec(cursor) ?? [];
  if (ids === undefined || Number.isNaN(Date.parse(at))) throw badCursor(cursor);
  return { at, ids: ids.split("-") };
}
