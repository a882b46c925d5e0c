import { isAdapterError } from "../../core/contract/errors.ts";
import { isDeskAway } from "../shared/desk-refusal.ts";
import type { Customer } from "./customers.ts";
import type { Facts } from "./facts.ts";
import { readIssue, type Desk, type OwnIssue } from "./issues.ts";
import * as schemas from "./schemas.ts";

/** Who is told of what changed. */
export interface Follower {
  /** Undefined while Redmine does not know the member. */
  readonly customer: () => Customer | undefined;
  readonly known: () => readonly number[];
  changed(issues: readonly OwnIssue[]): void;
  gone(id: number): void;
  /** After each look. Never rejects. */
  looked(): Promise<void>;
  failed(error: unknown): void;
}

interface Seen {
  readonly updatedOn: string;
  readonly at: number;
  /** Was read after the second of its last change was over. */
  settled: boolean;
}

/** A time, and how many issues from then on were read. */
interface Place {
  readonly at: string;
  readonly skip: number;
}

const PAGE = 100;
/** In one look; the next one reads on, and comes soon. */
const PAGES_MOST = 5;
/** What moves up while pages are read is read twice. */
const PLACE_OVERLAP = 20;
const AUTHORS_MOST = 100;
const SETTLED_MS = 2000;
const OVERLAP_MS = 5000;

/** Finds what has changed in the project, and tells the followers whose it is. */
export function createLooks(desk: Desk, followers: ReadonlySet<Follower>, signal: AbortSignal) {
  const { api, settings } = desk;
  const within = { project_id: settings.project, subproject_id: "!*", status_id: "*" };

  let since = "";
  /** When `since` was first seen, and when was last looked at all that changed since then. */
  let [sinceAt, lookedAt] = [0, 0];
  /** Where the next look reads on, after more changes than one look reads. */
  let unread: Place | undefined;
  let newestId = 0;
  let total = 0;
  let seen = new Map<number, Seen>();

  async function ask(query: Record<string, string | number>) {
    return await api.own.json({ path: "/issues.json", query: { ...within, ...query } }, schemas.issues, signal);
  }

  async function newest() {
    const { issues, total_count: count } = await ask({ sort: "updated_on:desc", limit: 1 });
    return { at: issues[0]?.updated_on ?? "1970-01-01T00:00:00Z", count };
  }

  /** A change is seen when it is whole, which may be after a later one. */
  const overlapping = () => new Date(Date.parse(since) - OVERLAP_MS).toISOString().replace(".000Z", "Z");

  /** The followers' own from a place on, the first changed first, and where it goes on if those are not all. */
  async function changedFrom(
    start: Place,
  ): Promise<{ readonly issues: readonly schemas.Issue[]; readonly rest: Place | undefined }> {
    const authors = [...new Set([...followers].flatMap((one) => one.customer()?.id ?? []))];
    const found: schemas.Issue[] = [];
    if (authors.length === 0) return { issues: found, rest: undefined };
    let place = start;
    for (let page = 0; page < PAGES_MOST; page += 1) {
      const query = {
        updated_on: `>=${place.at}`,
        sort: "updated_on:asc,id:asc",
        limit: PAGE,
        offset: place.skip,
        // More would make an address that is too long for some servers.
        ...(authors.length <= AUTHORS_MOST ? { author_id: authors.join("|") } : {}),
      };
      // oxlint-disable-next-line no-await-in-loop -- one page after the other
      const { issues, total_count: count } = await ask(query);
      found.push(...issues);
      const last = issues.at(-1);
      if (last === undefined || place.skip + issues.length >= count) return { issues: found, rest: undefined };
      place = placeAfter(place, issues, last);
    }
    return { issues: found, rest: place };
  }

  /** Whether it may hold what was not read yet; two changes in one second look the same. */
  function isFresh({ id, updated_on: updatedOn }: schemas.Issue): boolean {
    const now = performance.now();
    const before = seen.get(id);
    if (before?.updatedOn !== updatedOn) {
      seen.set(id, { updatedOn, at: now, settled: false });
      return true;
    }
    if (before.settled) return false;
    before.settled = now - before.at >= SETTLED_MS;
    return true;
  }

  async function tell(issues: readonly schemas.Issue[]): Promise<void> {
    const facts = await desk.facts(signal);
    const customers = new Map([...followers].flatMap((one) => pairOf(one.customer())));
    for (const [id, customer] of customers) {
      const theirs = issues.filter(({ author }) => author?.id === id);
      const audience = [...followers].filter((one) => one.customer()?.id === id);
      try {
        // oxlint-disable-next-line no-await-in-loop -- as many at once would be more than a desk has to take
        const read = await readAll(theirs, customer, facts);
        if (read.length > 0) for (const one of audience) one.changed(read);
      } catch (error) {
        // A Redmine that is away is away for all: the next look tells it again.
        if (isDeskAway(error)) throw error;
        // One whom Redmine refuses, such as a user who was locked, takes nobody else's stream along.
        for (const one of audience) one.failed(error);
      }
    }
  }

  async function readAll(issues: readonly schemas.Issue[], customer: Customer, facts: Facts) {
    const read: OwnIssue[] = [];
    for (const { id } of issues) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- as above
        read.push(await readIssue(desk, String(id), customer, facts, signal));
      } catch (error) {
        // It went meanwhile: that is told apart.
        if (!isAdapterError(error) || error.code !== "not-found") throw error;
      }
    }
    return read;
  }

  /** Redmine says nothing of what it deletes or moves: it is missed by its number. */
  async function findGone(count: number): Promise<void> {
    const made = await ask({ issue_id: `>=${newestId + 1}`, sort: "id:desc", limit: 1 });
    const isExplained = count === total + made.total_count;
    total = count;
    newestId = made.issues[0]?.id ?? newestId;
    if (isExplained) return;
    const known = [...new Set([...followers].flatMap((one) => one.known()))];
    for (let from = 0; from < known.length; from += PAGE) {
      const some = known.slice(from, from + PAGE);
      // oxlint-disable-next-line no-await-in-loop -- as above
      const { issues } = await ask({ issue_id: some.join(","), limit: PAGE });
      const there = new Set(issues.map(({ id }) => id));
      for (const id of some) if (!there.has(id)) for (const one of followers) one.gone(id);
    }
  }

  return {
    async start() {
      const { at, count } = await newest();
      since = at;
      sinceAt = performance.now();
      total = count;
      const { issues } = await ask({ sort: "id:desc", limit: 1 });
      newestId = issues[0]?.id ?? 0;
    },
    /** Whether there is more to read. */
    async next() {
      const now = performance.now();
      const { at, count } = await newest();
      if (at === since && count === total && unread === undefined && lookedAt - sinceAt >= SETTLED_MS) return false;
      lookedAt = now;
      const { issues, rest } = await changedFrom(unread ?? { at: overlapping(), skip: 0 });
      await tell(issues.filter(isFresh));
      unread = rest;
      if (count !== total) await findGone(count);
      // What is not read yet may be older than the newest.
      if (unread !== undefined) return true;
      if (at !== since) sinceAt = now;
      since = at;
      seen = new Map([...seen].filter(([, { updatedOn }]) => updatedOn >= overlapping()));
      return false;
    },
  };
}

/** Goes on with the last second that was read: in all of it, many issues may have changed. */
function placeAfter({ at, skip }: Place, issues: readonly schemas.Issue[], last: schemas.Issue): Place {
  const same = issues.filter(({ updated_on: updatedOn }) => updatedOn === last.updated_on).length;
  const read = last.updated_on === at ? skip + issues.length : same;
  return { at: last.updated_on, skip: Math.max(0, read - PLACE_OVERLAP) };
}

function pairOf(customer: Customer | undefined): readonly (readonly [number, Customer])[] {
  return customer ? [[customer.id, customer]] : [];
}
