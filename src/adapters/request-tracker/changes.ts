import {
  createOwners,
  createSettling,
  inChunks,
  isAdapterError,
  isDeskAway,
  SETTLES_MS,
  staleCursor,
  type Changes,
  type FeedContext,
  type PersonalEvent,
  type Settling,
} from "../../adapter/index.ts";
import { bodiesOf } from "./bodies.ts";
import { addressesOf, anyOf, lastChangedFirst, ownFields, PAGE, pathOf, quoted, valueOf, type Desk } from "./desk.ts";
import { addressed, former, listOf, owned, type RtTransaction } from "./schemas.ts";
import { isSaid, messagesOf } from "./thread.ts";
import { latestOf, ticketOf } from "./ticket.ts";

/** The reported changes. A change of queue appears in the new queue. */
const TYPES = [
  "Type = 'Create'",
  "Type = 'Correspond'",
  "Type = 'Status'",
  "(Type = 'Set' AND (Field = 'Subject' OR Field = 'Queue'))",
  "(Type = 'AddLink' AND Field = 'MergedInto')",
  "((Type = 'AddWatcher' OR Type = 'DelWatcher') AND Field = 'Requestor')",
].join(" OR ");

/** Per poll; the rest is read by the next one, which follows soon. */
const PAGES = 20;
const SOON_MS = 300;
/** A cursor with more changes after it is too old. */
const REACH = 1000;
/** The owners of this many tickets, the last changed ones, are known; each is checked once in this many polls. */
const OWNED_PAGES = 5;
const ROUND_LOOKS = 12;

/** All changes of the queue. `asked`: tickets named by the web hook, which are checked at once. */
export async function* readChanges(
  desk: Desk,
  asked: Set<string>,
  cursor: string | undefined,
  { pause, signal }: FeedContext,
): AsyncGenerator<Changes> {
  const { accountId, pollMs, queue } = desk.settings;
  const scope = `TicketQueue = ${quoted(queue)} AND (${TYPES})`;
  const owners = createOwners(OWNED_PAGES * PAGE);
  /** The gateway's own replies that were seen before RT had written their author. */
  const unfinished = new Set<string>();
  let round: readonly (readonly string[])[] = [];

  /** Existing changes are not reported. But recent ones may not be visible yet. */
  async function begin(): Promise<Settling> {
    const rows: RtTransaction[] = [];
    for (let page = 1; page <= 2; page += 1) {
      // oxlint-disable-next-line no-await-in-loop -- until one is old enough
      rows.push(...(await desk.transactions({ where: scope, limit: PAGE, order: "DESC", page }, signal)));
      // RT times have one-second precision.
      const before = Date.parse(rows[0]?.Created ?? "") - SETTLES_MS - 1000;
      const settled = rows.find(({ Created }) => Date.parse(Created) < before);
      if (settled !== undefined) return beginAt(settled.id, rows);
      if (rows.length < page * PAGE) return beginAt("0", rows);
    }
    return beginAt(rows.at(-1)?.id ?? "0", rows);
  }

  async function resume(at: string): Promise<Settling> {
    const settling = createSettling(at);
    const query = { where: `${scope} AND id > ${settling.settled()}`, limit: 1, page: REACH + 1 };
    if ((await desk.transactions(query, signal)).length > 0) throw staleCursor(at);
    return settling;
  }

  /** The owners of the queue's tickets, last changed first. */
  async function ownersOf(where: string, page = 1): Promise<ReadonlyMap<string, readonly string[]>> {
    const query = [
      ["query", `Queue = ${quoted(queue)}${where}`],
      ["per_page", PAGE],
      ["page", page],
    ] as const;
    const fields = [
      ["fields", "Requestor"],
      ["fields[Requestor]", "id,EmailAddress"],
    ] as const;
    const path = pathOf("/tickets", [...query, ...fields, ...lastChangedFirst]);
    const { items } = await desk.client.json({ path }, listOf(owned), signal);
    return new Map(items.map((ticket) => [ticket.id, addressesOf(ticket)]));
  }

  /** Without addresses that several users have: these get no events. */
  async function single(addresses: readonly string[]): Promise<readonly string[]> {
    const checked = await Promise.all(
      addresses.map(async (email) => {
        return await desk.people.requireSingle(email, signal).then(
          () => [email],
          (error: unknown) => {
            signal.throwIfAborted();
            if (isAdapterError(error) && error.code === "forbidden") return [];
            throw error;
          },
        );
      }),
    );
    return checked.flat();
  }

  async function removals(ticketId: string, keys: readonly string[]): Promise<readonly PersonalEvent[]> {
    return (await single(keys)).map((key) => ({ key, event: { type: "removed", ticketId } }));
  }

  async function eventsOf(changes: readonly RtTransaction[]): Promise<readonly PersonalEvent[]> {
    const ids = [...new Set(changes.map(({ ObjectId }) => ObjectId))];
    const tickets = await desk.ticketsById(ids, signal);
    const latest = await latestOf(desk, [...tickets.values()], signal);
    const bodies = await bodiesOf(
      desk,
      changes.filter((each) => isSaid(each) && tickets.has(each.ObjectId)),
      signal,
    );
    const events: PersonalEvent[] = [];
    for (const id of ids) {
      const raw = tickets.get(id);
      if (raw === undefined) {
        // oxlint-disable-next-line no-await-in-loop -- seldom
        events.push(...(await removals(id, owners.has(id) ? owners.lose(id) : await formerOwners(desk, id, signal))));
        continue;
      }
      // oxlint-disable-next-line no-await-in-loop -- kept for a minute
      const keys = await single(addressesOf(raw));
      // oxlint-disable-next-line no-await-in-loop -- seldom
      events.push(...(await removals(id, owners.set(id, keys))));
      const said = changes.filter((each) => each.ObjectId === id && (isSaid(each) || each.Type === "Status"));
      for (const key of keys) {
        const messages = messagesOf(desk, { email: key, id: key, name: undefined }, raw, said, bodies);
        for (const message of messages) events.push({ key, event: { type: "message", ticketId: id, message } });
        events.push({ key, event: { type: "ticket", ticket: ticketOf(desk, raw, key, latest.get(id)) } });
      }
    }
    return events;
  }

  const learn = async (page: number): Promise<void> => owners.learn(await ownersOf("", page));

  /** A ticket that leaves the queue may leave no trace that the account can see. */
  async function missing(looks: number): Promise<readonly PersonalEvent[]> {
    if (looks < OWNED_PAGES) await learn(looks + 1);
    else if (looks % ROUND_LOOKS === 0) round = inChunks(owners.ids(), PAGE);
    const ids = new Set([...(round[looks % ROUND_LOOKS] ?? []), ...[...asked].filter((id) => owners.has(id))]);
    asked.clear();
    const events: PersonalEvent[] = [];
    for (const some of inChunks([...ids], PAGE)) {
      const now = await ownersOf(` AND ${anyOf(some.map((id) => `id = ${id}`))}`);
      for (const id of some) {
        events.push(...(await removals(id, owners.check(id, now.get(id) ?? []))));
      }
    }
    return events;
  }

  /** Without a reply whose key is not written yet, and later changes: it is awaited, once. */
  function finished(rows: readonly RtTransaction[]): readonly RtTransaction[] {
    const waits = rows.filter(({ CustomFields, Creator, Type, id }) => {
      const lacksKey = Type === "Correspond" && valueOf({ CustomFields }, ownFields.ref) === undefined;
      return lacksKey && Creator.id === accountId && !settling.isTold(Number(id)) && !unfinished.has(id);
    });
    for (const { id } of waits) unfinished.add(id);
    return waits[0] === undefined ? rows : rows.slice(0, rows.indexOf(waits[0]));
  }

  const settling = cursor === undefined ? await begin() : await resume(cursor);

  /** Returns whether there is more to read soon. */
  async function* look(): AsyncGenerator<Changes, boolean> {
    const now = performance.now();
    // After very many changes at once, late ones are read once they can no longer appear.
    const isMuch = settling.size() >= PAGE * PAGES && !settling.isDue(now);
    let last = isMuch ? settling.reached() : settling.settled();
    for (let page = 0; page < PAGES; page += 1) {
      // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
      const rows = await desk.transactions({ where: `${scope} AND id > ${last}`, limit: PAGE }, signal);
      const ready = finished(rows);
      const ids = ready.map(({ id }) => Number(id));
      const fresh = ready.filter(({ id }) => !settling.isTold(Number(id)));
      // oxlint-disable-next-line no-await-in-loop -- as above
      const events = await eventsOf(fresh);
      for (const { id } of fresh) {
        settling.tell(Number(id), performance.now());
        unfinished.delete(id);
      }
      const before = settling.settled();
      if (last === before) settling.settle(ids, now);
      if (fresh.length > 0 || settling.settled() > before) yield { cursor: settling.cursor(), events };
      if (ready.length < rows.length) return true;
      if (rows.length < PAGE) return false;
      last = ids.at(-1) ?? last;
    }
    return true;
  }

  // Tickets that leave from now on are known; the other pages follow, one per poll.
  await learn(1);
  yield { cursor: settling.cursor(), events: [] };
  for (let looks = 1; ; looks += 1) {
    const soon = yield* look();
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    const events = await missing(looks);
    if (events.length > 0) yield { cursor: settling.cursor(), events };
    // oxlint-disable-next-line no-await-in-loop -- as above
    await pause(soon ? Math.min(SOON_MS, pollMs) : pollMs);
  }
}

function beginAt(settled: string, rows: readonly RtTransaction[]): Settling {
  const told = rows.map(({ id }) => Number(id)).filter((id) => id > Number(settled));
  return createSettling({ settled: Number(settled), told });
}

/** Deleted and merged tickets are in no search. A ticket that the account can no longer see cannot be reported. */
async function formerOwners({ client }: Desk, id: string, signal: AbortSignal): Promise<readonly string[]> {
  try {
    const { Requestor } = await client.json({ path: `/ticket/${id}` }, former, signal);
    const people = Requestor.map(async ({ id: name }) => {
      return await client.json({ path: `/user/${encodeURIComponent(name)}` }, addressed, signal);
    });
    return addressesOf({ Requestor: await Promise.all(people) });
  } catch (error) {
    if (isDeskAway(error)) throw error;
    return [];
  }
}
