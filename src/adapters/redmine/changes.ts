import {
  badCursor,
  createOwners,
  inChunks,
  isAdapterError,
  staleCursor,
  type Changes,
  type FeedContext,
  type PersonalEvent,
} from "../../adapter/index.ts";
import { PAGE, type Desk } from "./desk.ts";
import * as schemas from "./schemas.ts";
import type { Issue } from "./schemas.ts";
import { readIssue } from "./ticket.ts";

/** A time, and how many issues that changed since then were read. */
interface Place {
  readonly at: string;
  readonly skip: number;
}

interface Seen {
  readonly updatedOn: string;
  readonly at: number;
  /** Whether it was read after the second of its last change was over. */
  settled: boolean;
}

/** Per poll; the next one continues, and follows soon. */
const PAGES = 5;
const SOON_MS = 300;
/** An issue that moves up while pages are read is read twice. */
const PLACE_OVERLAP = 20;
const SETTLED_MS = 2000;
/** Redmine has one-second precision, and concurrent writes may become visible one after the other. */
const OVERLAP_MS = 10_000;
/** A cursor with more changed issues after it is too old: each of them costs a call. */
const REACH = 500;
/** The owners of this many issues, the last changed ones, are known. */
const OWNED_PAGES = 5;
/** A page of them is read every so many polls: it is a large call for Redmine. */
const LEARN_LOOKS = 12;
const TOLD_MOST = 5000;

/**
 * The changes in the project. The cursor is the second of the newest change, with the reported steps of the preceding
 * seconds. A poll without changes is one small call.
 */
export async function* readChanges(
  desk: Desk,
  cursor: string | undefined,
  { pause, signal }: FeedContext,
): AsyncGenerator<Changes> {
  const { api, people, settings } = desk;
  const { pollMs } = settings;
  const begun = cursor === undefined ? { since: 0, told: [] } : readCursor(cursor);
  let since = begun.since;
  /** Earlier changes are not reported. */
  let floor = begun.since - OVERLAP_MS;
  /** By step: its time. */
  const told = new Map<string, number>(begun.told.map((key) => [key, since]));
  /** By issue: the id of its author. */
  const owners = createOwners(OWNED_PAGES * PAGE);
  let seen = new Map<number, Seen>();
  /** When `since` was first seen, and when all changes since then were last read. */
  let [sinceAt, lookedAt] = [0, 0];
  /** Where the next poll continues, if there were more changes than one poll reads. */
  let unread: Place | undefined;
  /** The highest id of a snapshot, and how many issues there were then. */
  let [newestId, total] = [0, 0];

  async function ask(query: Record<string, string | number>) {
    const within = { project_id: settings.project, subproject_id: "!*", status_id: "*" };
    return await api.own.json({ path: "/issues.json", query: { ...within, ...query } }, schemas.issues, signal);
  }

  async function newest(): Promise<{ readonly at: number; readonly count: number }> {
    const { issues, total_count: count } = await ask({ sort: "updated_on:desc", limit: 1 });
    return { at: Date.parse(issues[0]?.updated_on ?? "1970-01-01T00:00:00Z"), count };
  }
  /** A change is seen once it is complete, which may be after a later one. */
  const overlapping = () => new Date(since - OVERLAP_MS).toISOString().replace(".000Z", "Z");
  const step = (events: readonly PersonalEvent[]): Changes => ({
    cursor: writeCursor(since, [...told.keys()]),
    events,
  });

  /** `quiet`: existing steps are marked as reported. */
  async function eventsOf(issue: Issue, quiet: boolean): Promise<readonly PersonalEvent[]> {
    const customer = issue.author && (await people.ofUser(issue.author.id));
    if (!customer) return [];
    const own = await readIssue(desk, String(issue.id), customer, await desk.facts(signal), signal).catch(noneThere);
    if (own === undefined) return [];
    owners.set(String(issue.id), [String(customer.id)]);
    const from = Math.max(since - OVERLAP_MS, floor);
    const recent = own.steps.filter(({ at }) => Date.parse(at) >= from);
    const fresh = recent.filter(({ key }) => !told.has(key));
    // For steps that were reported before, the time may only be known now.
    for (const { at, key } of recent) told.set(key, Date.parse(at));
    if (fresh.length === 0 || quiet) return [];
    const { id: key } = customer.member;
    const { ticket } = own;
    const messages = fresh.flatMap((each) => each.messages);
    return [
      ...messages.map((message) => ({ key, event: { type: "message" as const, ticketId: ticket.id, message } })),
      { key, event: { type: "ticket", ticket } },
    ];
  }

  /** Whether it may contain unread changes; two changes in one second look the same. */
  function isFresh({ id, updated_on: updatedOn }: Issue): boolean {
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

  /** The changes after a cursor, oldest first. Returns where to continue if there are more. */
  async function* tellFrom(start: Place): AsyncGenerator<Changes, Place | undefined> {
    let place = start;
    for (let page = 0; page < PAGES; page += 1) {
      const paging = { sort: "updated_on:asc,id:asc", limit: PAGE, offset: place.skip };
      // oxlint-disable-next-line no-await-in-loop -- one page after the other
      const { issues, total_count: count } = await ask({ updated_on: `>=${place.at}`, ...paging });
      for (const issue of issues.filter(isFresh)) {
        // oxlint-disable-next-line no-await-in-loop -- as many at once would be more than a desk has to take
        const events = await eventsOf(issue, false);
        if (events.length > 0) yield step(events);
      }
      const last = issues.at(-1);
      if (last === undefined || place.skip + issues.length >= count) return undefined;
      place = placeAfter(place, issues, last);
    }
    return place;
  }

  async function learnOwners(page: number): Promise<void> {
    const { issues } = await ask({ sort: "updated_on:desc", limit: PAGE, offset: page * PAGE });
    owners.learn(issues.map(({ author, id }) => [String(id), author ? [String(author.id)] : []]));
  }

  /** Both come from one answer: otherwise an issue that is created in between is counted in only one of them. */
  async function snapshot(): Promise<void> {
    const { issues, total_count: count } = await ask({ sort: "id:desc", limit: 1 });
    [newestId, total] = [Math.max(newestId, issues[0]?.id ?? 0), count];
  }

  /** Redmine does not report deleted or moved issues: they are detected by their missing ids. */
  async function gone(): Promise<readonly PersonalEvent[]> {
    const [upTo, before] = [newestId, total];
    // Before the count: what is deleted in between is then missing twice, instead of never.
    await snapshot();
    let missing = before - (await ask({ issue_id: `<=${upTo}`, limit: 1 })).total_count;
    // Last ones first: deleted issues are mostly new.
    const known = owners.ids().toReversed();
    const isCreated = (id: string): boolean => Number(id) > upTo;
    const lost: string[] = [];
    // The last count did not include those that were created since.
    for (const ids of inChunks(known.filter(isCreated), PAGE)) {
      // oxlint-disable-next-line no-await-in-loop -- one page after the other
      lost.push(...(await absent(ids)));
    }
    const counted = known.filter((id) => !isCreated(id));
    for (const ids of inChunks(counted, PAGE)) {
      if (missing <= 0) break;
      // oxlint-disable-next-line no-await-in-loop -- as above
      const found = await absent(ids);
      missing -= found.length;
      lost.push(...found);
    }
    return (await Promise.all(lost.map(removalsOf))).flat();
  }

  async function absent(ids: readonly string[]): Promise<readonly string[]> {
    const there = new Set((await ask({ issue_id: ids.join(","), limit: PAGE })).issues.map(({ id }) => String(id)));
    return ids.filter((id) => !there.has(id));
  }

  async function removalsOf(ticketId: string): Promise<readonly PersonalEvent[]> {
    const customers = await Promise.all(owners.lose(ticketId).map(async (id) => await people.ofUser(Number(id))));
    const keys = customers.flatMap((customer) => customer?.member.id ?? []);
    return keys.map((key) => ({ key, event: { type: "removed", ticketId } }));
  }

  async function begin(): Promise<void> {
    const { at } = await newest();
    sinceAt = performance.now();
    await snapshot();
    if (cursor === undefined) {
      [since, floor] = [at, at];
      const { issues } = await ask({
        updated_on: `>=${new Date(at).toISOString().replace(".000Z", "Z")}`,
        limit: PAGE,
      });
      // oxlint-disable-next-line no-await-in-loop -- as many at once would be more than a desk has to take
      for (const issue of issues) await eventsOf(issue, true);
      return;
    }
    const { total_count: changed } = await ask({ updated_on: `>=${overlapping()}`, limit: 1 });
    if (changed > REACH) throw staleCursor(cursor);
  }

  /** Returns whether there is more to read. */
  async function* look(): AsyncGenerator<Changes, boolean> {
    const now = performance.now();
    const { at, count } = await newest();
    if (at === since && count === total && unread === undefined && lookedAt - sinceAt >= SETTLED_MS) return false;
    lookedAt = now;
    unread = yield* tellFrom(unread ?? { at: overlapping(), skip: 0 });
    const removals = await gone();
    if (removals.length > 0) yield step(removals);
    // Unread changes may be older than the newest.
    if (unread !== undefined) return true;
    if (at !== since) sinceAt = now;
    since = at;
    for (const [key, time] of told) if (time < since - OVERLAP_MS) told.delete(key);
    seen = new Map([...seen].filter(([, { updatedOn }]) => updatedOn >= overlapping()));
    yield step([]);
    return false;
  }

  await begin();
  yield step([]);
  for (let looks = 0; ; looks += 1) {
    const soon = yield* look();
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    if (looks % LEARN_LOOKS === 0 && looks < OWNED_PAGES * LEARN_LOOKS) await learnOwners(looks / LEARN_LOOKS);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await pause(soon ? Math.min(SOON_MS, pollMs) : pollMs);
  }
}

/** It disappeared meanwhile, which is reported separately. */
function noneThere(error: unknown): undefined {
  if (!isAdapterError(error) || (error.code !== "not-found" && error.code !== "forbidden")) throw error;
}

/** Continues within the last second that was read: many issues may have changed in it. */
function placeAfter({ at, skip }: Place, issues: readonly Issue[], last: Issue): Place {
  const same = issues.filter(({ updated_on: updatedOn }) => updatedOn === last.updated_on).length;
  const read = last.updated_on === at ? skip + issues.length : same;
  return { at: last.updated_on, skip: Math.max(0, read - PLACE_OVERLAP) };
}

/** Such as "sxk1c0.i7-j2s": the second, then the reported steps, in base 36. */
export function writeCursor(since: number, told: readonly string[]): string {
  const steps = told.slice(-TOLD_MOST).map((key) => `${key.charAt(0)}${Number(key.slice(1)).toString(36)}`);
  return `${(since / 1000).toString(36)}.${steps.join("-")}`;
}

export function readCursor(text: string): { readonly since: number; readonly told: readonly string[] } {
  const [, since, list = ""] = (text.length <= 9 * TOLD_MOST && /^([\da-z]{1,8})\.([ij\da-z-]*)$/.exec(text)) || [];
  const steps = list === "" ? [] : list.split("-");
  if (since === undefined || !steps.every((key) => /^[ij][\da-z]{1,7}$/.test(key))) throw badCursor(text);
  return {
    since: Number.parseInt(since, 36) * 1000,
    told: steps.map((key) => `${key.charAt(0)}${Number.parseInt(key.slice(1), 36)}`),
  };
}
