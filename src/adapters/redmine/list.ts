import {
  badCursor,
  fold,
  searchWords,
  type CallContext,
  type Page,
  type Ticket,
  type TicketCounts,
  type TicketQuery,
} from "../../adapter/index.ts";
import { lacksRight, PAGE, type Desk, type Facts, type Customer } from "./desk.ts";
import * as schemas from "./schemas.ts";
import { ticketOf } from "./thread.ts";
import { isOwn, ownQuery } from "./ticket.ts";

type Issues = readonly schemas.Issue[];

/** Redmine returns 100 per call; the rest is for issues that a page reads twice. */
const PAGE_MOST = 80;
/** The maximum number of calls per search: then the page is short and has a next cursor. */
const SEARCH_CALLS = 10;
const SECOND_MS = 1000;

export function createList(desk: Desk) {
  const { api, settings } = desk;

  async function ask(query: Record<string, string | number>, customer: Customer, signal: AbortSignal) {
    return await api
      .as(customer.login)
      .json({ path: "/issues.json", query: { ...ownQuery(customer, settings), ...query } }, schemas.issues, signal)
      .catch((error: unknown) => Promise.reject(lacksRight(error, settings.role, "View issues")));
  }

  /** The tickets after the cursor, last changed first. */
  async function after(
    place: Place | undefined,
    size: number,
    status: string,
    who: readonly [Customer, Facts],
    signal: AbortSignal,
  ): Promise<{ readonly issues: Issues; readonly more: boolean }> {
    const [customer, facts] = who;
    const offset = place?.skip ?? 0;
    // Redmine stores fractions of a second that it does not return.
    const until = place && new Date(Date.parse(place.at) + SECOND_MS).toISOString().replace(".000Z", "Z");
    const limit = Math.min(PAGE, size + (place ? place.ids.length : 0) + 1);
    const page = await ask(
      {
        status_id: status,
        sort: "updated_on:desc,id:desc",
        limit,
        offset,
        ...(until === undefined ? {} : { updated_on: `<=${until}` }),
      },
      customer,
      signal,
    );
    const fresh = page.issues.filter(
      (issue) =>
        isOwn(issue, customer, facts) && (!place || (issue.updated_on <= place.at && !place.ids.includes(issue.id))),
    );
    const more = fresh.length > size || page.total_count > offset + page.issues.length;
    return { issues: fresh.slice(0, size), more };
  }

  /**
   * Who made the last change of each that the member may see. Redmine's list does not contain it, but its filters do.
   */
  async function ticketsOf(
    issues: Issues,
    customer: Customer,
    facts: Facts,
    signal: AbortSignal,
  ): Promise<readonly Ticket[]> {
    const [same, changed] = [true, false].map((wanted) =>
      issues.filter((issue) => (issue.updated_on === issue.created_on) === wanted).map(({ id }) => id),
    );
    const byMember = { last_updated_by: `${customer.id}|${facts.gatewayId}` };
    async function those(ids: readonly number[] = [], query = {}, client = api.as(customer.login)) {
      if (ids.length === 0) return new Set<number>();
      const all = { ...ownQuery(customer, settings), issue_id: ids.join(","), limit: PAGE, ...query };
      const page = await client.json({ path: "/issues.json", query: all }, schemas.issues, signal);
      return new Set(page.issues.map(({ id }) => id));
    }
    const [seen, added, answered] = await Promise.all([
      those(
        issues.map(({ id }) => id),
        byMember,
      ),
      // The gateway's context for agents is a private note: after it, the gateway itself is the last author.
      those(changed, byMember, api.own),
      // An issue that is answered in the second of its creation looks unchanged.
      those(same, { notes: "*" }),
    ]);
    return issues.map((issue) => {
      const touched = changed?.includes(issue.id) === true || answered.has(issue.id);
      return ticketOf(issue, facts, touched && !seen.has(issue.id) && !added.has(issue.id) ? "agent" : "member");
    });
  }

  /** Page after page, until enough is found or the maximum is read. */
  async function find(
    start: Place | undefined,
    size: number,
    words: readonly string[],
    status: string,
    who: readonly [Customer, Facts],
    signal: AbortSignal,
  ): Promise<{ readonly hits: Issues; readonly place: Place | undefined }> {
    const hits: schemas.Issue[] = [];
    let place = start;
    for (let calls = 0; calls < SEARCH_CALLS && hits.length < size; calls += 1) {
      const want = words.length === 0 ? size : PAGE_MOST;
      // oxlint-disable-next-line no-await-in-loop -- each page leads to the next
      const { issues, more } = await after(place, want, status, who, signal);
      const read = upTo(issues, size - hits.length, words);
      hits.push(...read.filter((issue) => has(issue, words)));
      if (read.length === 0 || (read.length === issues.length && !more)) return { hits, place: undefined };
      place = writePlace(place, read);
    }
    return { hits, place };
  }

  async function list(query: TicketQuery, ctx: CallContext): Promise<Page<Ticket>> {
    const start = query.cursor === undefined ? undefined : readPlace(query.cursor);
    const [customer, facts] = await Promise.all([desk.people.find(ctx), desk.facts(ctx.signal)]);
    if (!customer) return { items: [] };
    const size = Math.max(1, Math.min(query.limit ?? 20, PAGE_MOST));
    const status = query.filter === "all" ? "*" : facts.statusIds[query.filter].join("|");
    // In Redmine, no status filter means all open ones.
    if (status === "") return { items: [] };
    const words = searchWords(query.search);
    const { hits, place } = await find(start, size, words, status, [customer, facts], ctx.signal);
    const items = await ticketsOf(hits, customer, facts, ctx.signal);
    return { items, ...(place ? { next: place.text } : {}) };
  }

  async function counts(ctx: CallContext): Promise<TicketCounts> {
    const [customer, facts] = await Promise.all([desk.people.find(ctx), desk.facts(ctx.signal)]);
    if (!customer) return { open: 0, awaiting: 0, all: 0 };
    const count = async (status: string) =>
      status === "" ? 0 : (await ask({ status_id: status, limit: 1 }, customer, ctx.signal)).total_count;
    const [open, awaiting, all] = await Promise.all([
      count(facts.statusIds.open.join("|")),
      count(facts.statusIds.awaiting.join("|")),
      count("*"),
    ]);
    return { open, awaiting, all };
  }

  return { list, counts };
}

/** The issues up to the last one needed: the others belong to the next page. */
function upTo(issues: Issues, wanted: number, words: readonly string[]): Issues {
  const places = issues.flatMap((issue, index) => (has(issue, words) ? [index] : []));
  const last = places[wanted - 1];
  return last === undefined ? issues : issues.slice(0, last + 1);
}

/** Redmine's own search supports neither accents nor more than five words: the adapter searches itself. */
function has({ id, subject, description }: schemas.Issue, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const whole = fold([`#${id}`, subject, description ?? ""].join("\n"));
  return words.every((word) => whole.includes(word));
}

/**
 * The position in a list. Redmine returns seconds but sorts by fractions: so the cursor is a second, with the issues of
 * it that were read. Of a second with many issues (an import), the newest ones read are known, and the others skipped.
 */
interface Place {
  readonly at: string;
  /** How many of that second were read, except the last few. */
  readonly skip: number;
  /** The last few of them. */
  readonly ids: readonly number[];
  readonly text: string;
}

const KEPT = 20;
/** A few are read again, in case one of them changes meanwhile and moves. */
const AGAIN = 10;

export function readPlace(text: string): Place {
  const [, at, skip, ids] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)_(\d{1,9})_([\d-]{1,220})$/.exec(text) ?? [];
  if (at === undefined || ids === undefined || Number.isNaN(Date.parse(at))) {
    throw badCursor(text);
  }
  return { at, skip: Number(skip), ids: ids.split("-").map(Number), text };
}

/** After these were read from `before` on. */
function writePlace(before: Place | undefined, read: readonly schemas.Issue[]): Place | undefined {
  const last = read.at(-1);
  if (!last) return before;
  const at = last.updated_on;
  const same = read.filter((issue) => issue.updated_on === at).map(({ id }) => id);
  const goesOn = before?.at === at ? before : undefined;
  const counted = (goesOn ? goesOn.skip + Math.min(goesOn.ids.length, AGAIN) : 0) + same.length;
  const ids = [...(goesOn?.ids ?? []), ...same].slice(-KEPT);
  const skip = Math.max(0, counted - AGAIN);
  return { at, skip, ids, text: `${at}_${skip}_${ids.join("-")}` };
}
