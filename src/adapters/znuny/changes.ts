import {
  badCursor,
  createOwners,
  inChunks,
  staleCursor,
  type Changes,
  type FeedContext,
  type PersonalEvent,
} from "../../adapter/index.ts";
import { PAGE, type Desk } from "./desk.ts";
import { znunyTime } from "./list.ts";
import type { Requester } from "./people.ts";
import type { RawTicket } from "./schemas.ts";
import { readAll, type OwnTicket } from "./ticket.ts";

interface Seen {
  readonly changed: string;
  readonly at: number;
  /** Whether it was read after the second of its last change. */
  settled: boolean;
}

/** Znuny's times are whole seconds, and one change is several writes, so a part of it may appear later. */
const OVERLAP_MS = 5000;
const SETTLED_MS = 2000;
/** If more tickets than this have changed, the feed asks every widget to read its lists again. */
const MOST_CHANGED = 1000;
/** The number of tickets whose owner is remembered, the last changed first. */
const OWNED = 500;
/** Deleted tickets are searched for in every sixth poll, and after any other change. */
const POLLS_PER_REMOVAL_CHECK = 6;
/** The number of tickets read in one call, with articles. */
const CHUNK = 20;
const TOLD_MOST = 2000;

/** The changes of the queue. A poll without changes costs one small search. */
export async function* readChanges(
  desk: Desk,
  cursor: string | undefined,
  { pause, signal }: FeedContext,
): AsyncGenerator<Changes> {
  const begun = cursor === undefined ? { since: 0, told: [] } : readCursor(cursor);
  let { since } = begun;
  /** Changes before the feed began are not reported. */
  let floor = since - OVERLAP_MS;
  /** The time of each reported step, by its key. */
  const told = new Map<string, number>(begun.told.map((key) => [key, since]));
  const owners = createOwners(OWNED);
  let seen = new Map<string, Seen>();
  /** When `since` was first seen, and when all changes since then were last read. */
  let [sinceAt, readAt] = [0, 0];
  const step = (events: readonly PersonalEvent[]): Changes => ({
    cursor: writeCursor(since, [...told.keys()]),
    events,
  });

  /** The ids of tickets changed since a time, oldest change first. */
  async function changedFrom(at: number, limit: number): Promise<readonly string[]> {
    const from = at <= 0 ? {} : { TicketLastChangeTimeNewerDate: znunyTime(new Date(at).toISOString()) };
    return (await desk.search(from, limit, signal)).toReversed();
  }

  async function outlines(ids: readonly string[]): Promise<readonly RawTicket[]> {
    const all: RawTicket[] = [];
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    for (const some of inChunks(ids, PAGE)) all.push(...(await desk.read(some, { articles: false }, signal)));
    return all;
  }

  /** `quiet` marks the steps as reported, without reporting them. */
  function eventsOf({ raw, steps, ticket }: OwnTicket, quiet: boolean): readonly PersonalEvent[] {
    const key = keyOf(raw);
    const from = Math.max(since - OVERLAP_MS, floor);
    const recent = steps.filter(({ message }) => Date.parse(message.at) >= from);
    const fresh = recent.filter((each) => !told.has(each.key));
    // The time of a reported step may become known only now.
    for (const each of recent) told.set(each.key, Date.parse(each.message.at));
    const lost = removed(ticket.id, owners.set(ticket.id, [key]));
    if (fresh.length === 0 || quiet) return lost;
    const messages = fresh.map(({ message }) => ({ type: "message", ticketId: ticket.id, message }) as const);
    return [...lost, ...[...messages, { type: "ticket", ticket } as const].map((event) => ({ key, event }))];
  }

  function see({ Changed: changed, TicketID: id }: RawTicket): void {
    if (seen.get(id)?.changed !== changed) seen.set(id, { changed, at: performance.now(), settled: false });
  }

  async function* tell(ids: readonly string[], quiet: boolean): AsyncGenerator<Changes> {
    for (const some of inChunks(ids, CHUNK)) {
      // oxlint-disable-next-line no-await-in-loop -- all at once would overload the desk
      const all = await readAll(desk, some, readerOf, signal);
      for (const { raw } of all) see(raw);
      const events = all.flatMap((own) => eventsOf(own, quiet));
      if (events.length > 0) yield step(events);
    }
  }

  /** The tickets with possibly unread changes. Two changes in one second look the same, so each ticket is read again after it. */
  async function freshOf(ids: readonly string[]): Promise<readonly string[]> {
    const known = ids.filter((id) => seen.has(id));
    const changed = new Map((await outlines(known)).map(({ Changed, TicketID }) => [TicketID, Changed]));
    const now = performance.now();
    return ids.filter((id) => {
      const before = seen.get(id);
      if (before === undefined || before.changed !== changed.get(id)) return true;
      if (before.settled || now - before.at < SETTLED_MS) return false;
      before.settled = true;
      return true;
    });
  }

  /** Deleted, merged and moved tickets are in no search, so they are noticed by their absence. */
  async function missing(): Promise<readonly PersonalEvent[]> {
    const ids = owners.ids();
    if (ids.length === 0) return [];
    const there = new Set(await desk.search({ TicketID: ids }, ids.length, signal));
    return ids.flatMap((id) => (there.has(id) ? [] : removed(id, owners.lose(id))));
  }

  async function begin(): Promise<void> {
    const newest = await desk.search({}, OWNED, signal);
    const raws = await outlines(newest);
    owners.learn(raws.map((raw) => [raw.TicketID, raw.CustomerUserID === "" ? [] : [keyOf(raw)]]));
    sinceAt = performance.now();
    if (cursor !== undefined) {
      if ((await changedFrom(since - OVERLAP_MS, MOST_CHANGED + 1)).length > MOST_CHANGED) throw staleCursor(cursor);
      return;
    }
    since = Math.max(0, ...raws.map(({ Changed }) => Date.parse(Changed)));
    floor = since;
    const now = raws.filter(({ Changed }) => Date.parse(Changed) === since).map(({ TicketID }) => TicketID);
    // oxlint-disable-next-line no-empty -- `tell` marks them as reported
    for await (const _ of tell(now, true));
  }

  async function* poll(): AsyncGenerator<Changes, boolean> {
    const now = performance.now();
    const isQuiet = readAt - sinceAt >= OVERLAP_MS + SETTLED_MS;
    if (isQuiet && (await changedFrom(since + 1000, 1)).length === 0) return false;
    readAt = now;
    const ids = await changedFrom(since - OVERLAP_MS, MOST_CHANGED + 1);
    if (ids.length > MOST_CHANGED) throw staleCursor(writeCursor(since, []));
    const fresh = await freshOf(ids);
    yield* tell(fresh, false);
    const newest = Math.max(since, ...[...seen.values()].map(({ changed }) => Date.parse(changed)));
    if (newest > since) [since, sinceAt] = [newest, now];
    for (const [key, at] of told) if (at < since - OVERLAP_MS) told.delete(key);
    const kept = new Set(ids);
    seen = new Map([...seen].filter(([id]) => kept.has(id)));
    if (fresh.length > 0) yield step([]);
    return fresh.length > 0;
  }

  await begin();
  yield step([]);
  for (let polls = 1; ; polls += 1) {
    const isNew = yield* poll();
    // oxlint-disable-next-line no-await-in-loop -- one poll after the other
    const gone = isNew || polls % POLLS_PER_REMOVAL_CHECK === 0 ? await missing() : [];
    if (gone.length > 0) yield step(gone);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await pause(desk.settings.pollMs);
  }
}

/** The owner's key, as `people.key` returns it. */
function keyOf({ CustomerUserID }: RawTicket): string {
  return CustomerUserID.toLowerCase();
}

function readerOf(raw: RawTicket): Requester | undefined {
  const login = keyOf(raw);
  return login === "" ? undefined : { login, member: { id: login } };
}

function removed(ticketId: string, keys: readonly string[]): readonly PersonalEvent[] {
  return keys.map((key) => ({ key, event: { type: "removed", ticketId } }));
}

/** Such as "sxk1c0.a17-c4.1": the second in base 36, then the keys of reported steps. */
export function writeCursor(since: number, told: readonly string[]): string {
  return `${(since / 1000).toString(36)}.${told.slice(-TOLD_MOST).join("-")}`;
}

export function readCursor(text: string): { readonly since: number; readonly told: readonly string[] } {
  const [, since, list = ""] = (text.length <= 34 * TOLD_MOST && /^([\da-z]{1,7})\.([ac\d.-]*)$/.exec(text)) || [];
  const told = list === "" ? [] : list.split("-");
  if (since === undefined || !told.every((key) => /^(?:a\d{1,15}|c\d{1,15}\.\d{1,15})$/.test(key)))
    throw badCursor(text);
  return { since: Number.parseInt(since, 36) * 1000, told };
}
