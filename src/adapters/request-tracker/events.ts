import * as v from "valibot";
import type { StreamContext, TicketEvent } from "../../core/contract/adapter.ts";
import { abortable } from "../../core/contract/abortable.ts";
import { badCursor } from "../shared/bad-cursor.ts";
import { channel } from "../shared/channel.ts";
import { isOf, pathOf, ticketsById, lastChangedFirst, type Asker, type Desk } from "./desk.ts";
import { batchOf, changesIn, type Batch, type Poller } from "./poller.ts";
import { address, listOf, reference } from "./schemas.ts";
import { messagesOf } from "./thread.ts";
import { shown } from "./ticket.ts";
import { transactionsOf } from "./transactions.ts";

/** One member's stream. */
interface Stream {
  readonly desk: Desk;
  readonly asker: Asker;
  readonly signal: AbortSignal;
  /** Tickets that are the member's, as far as the stream has seen: the last changed ones, and what was told of. */
  readonly known: Set<string>;
  readonly removed: Set<string>;
}

type News = { readonly batch: Batch } | { readonly doubt: readonly string[] | undefined };

const PAGE = 100;
/** A cursor that lies further back is too old: the core reads everything anew then. */
const REPLAY_PAGES = 10;
const REPLAY_GONE = 20;
const record = v.object({
  id: v.pipe(v.union([v.string(), v.number()]), v.transform(String)),
  Requestor: v.array(reference),
});

export async function* eventsOf(
  desk: Desk,
  poller: Poller,
  cursor: string | undefined,
  ctx: StreamContext,
): AsyncGenerator<TicketEvent, void, undefined> {
  const asker = await desk.asker(ctx);
  if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) throw badCursor(cursor);
  const over = new AbortController();
  const signal = AbortSignal.any([ctx.signal, desk.closed, over.signal]);
  const news = channel<News>(
    (sink) =>
      poller.subscribe({
        changed: (batch) => sink.push({ batch }),
        doubt: (ids) => sink.push({ doubt: ids }),
        failed: (error) => sink.end(error),
      }),
    signal,
  );
  // It listens from here on: what happens while the past is read is not missed.
  let coming = news.next();
  try {
    const newest = await abortable(poller.newest(), signal);
    const stream: Stream = { desk, asker, signal, known: await knownTickets(desk, asker, signal), removed: new Set() };
    ctx.onConnected?.();
    let told = newest;
    if (cursor !== undefined) {
      for await (const [events, last] of replay(stream, Number(cursor))) {
        yield* events;
        told = last;
      }
      told = Math.max(told, newest);
    }
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as they come
      const { value, done } = await coming;
      if (done === true || value === undefined) return;
      coming = news.next();
      // oxlint-disable-next-line no-await-in-loop -- as above
      yield* "batch" in value ? await eventsFor(stream, after(value.batch, told)) : await left(stream, value.doubt);
    }
  } finally {
    over.abort();
    coming.catch(() => undefined);
  }
}

function after({ changes, tickets }: Batch, id: number): Batch {
  return { changes: changes.filter((change) => Number(change.id) > id), tickets };
}

async function knownTickets(desk: Desk, asker: Asker, signal: AbortSignal): Promise<Set<string>> {
  const path = pathOf("/tickets", [["query", desk.scope(asker)], ["per_page", PAGE], ...lastChangedFirst]);
  const { items } = await desk.client.json({ path }, listOf(reference), signal);
  return new Set(items.map(({ id }) => id));
}

async function eventsFor(stream: Stream, { changes, tickets }: Batch): Promise<readonly TicketEvent[]> {
  const { desk, asker, signal, known, removed } = stream;
  const ids = [...new Set(changes.map(({ ObjectId }) => ObjectId))];
  const mine = ids.flatMap((id) => tickets.get(id) ?? []).filter((ticket) => isOf(ticket, asker.email));
  const now = new Map((await shown(desk, mine, signal)).map((ticket) => [ticket.id, ticket]));
  const said = await Promise.all(
    mine.map(async (ticket) => {
      const own = changes.filter(({ ObjectId, Type }) => ObjectId === ticket.id && words.has(Type));
      return await messagesOf(desk, asker, ticket, own, signal);
    }),
  );
  const messages = new Map(said.flat().map((message) => [message.id, message]));
  return changes.flatMap((change, index): readonly TicketEvent[] => {
    const { id: cursor, ObjectId: ticketId } = change;
    const ticket = now.get(ticketId);
    if (ticket === undefined) return known.has(ticketId) ? [removal(stream, ticketId, cursor)] : [];
    known.add(ticketId);
    removed.delete(ticketId);
    const message = messages.get(cursor);
    const isLast = !changes.some((other, at) => at > index && other.ObjectId === ticketId);
    return [
      ...(message === undefined ? [] : [{ type: "message" as const, ticketId, message, cursor }]),
      ...(isLast ? [{ type: "ticket" as const, ticket, cursor }] : []),
    ];
  });
}

const words = new Set(["Create", "Correspond", "Status"]);

function removal({ known, removed }: Stream, ticketId: string, cursor?: string): TicketEvent {
  known.delete(ticketId);
  removed.add(ticketId);
  return { type: "removed", ticketId, ...(cursor === undefined ? {} : { cursor }) };
}

/** Those of the known tickets that are not the member's any more, or not there. */
async function left(stream: Stream, doubted: readonly string[] | undefined): Promise<readonly TicketEvent[]> {
  const { desk, asker, signal, known } = stream;
  const ids = [...known].filter((id) => doubted === undefined || doubted.includes(id)).slice(-PAGE);
  if (ids.length === 0) return [];
  const path = pathOf("/tickets", [
    ["query", `${ticketsById(ids)} AND ${desk.scope(asker)}`],
    ["per_page", PAGE],
  ]);
  const { items } = await desk.client.json({ path }, listOf(reference), signal);
  const there = new Set(items.map(({ id }) => id));
  return ids.filter((id) => !there.has(id)).map((id) => removal(stream, id));
}

/** What happened after the cursor, each page's events with the id of its last change. */
async function* replay(
  stream: Stream,
  cursor: number,
): AsyncGenerator<readonly [events: readonly TicketEvent[], last: number], void, undefined> {
  const { desk, signal } = stream;
  yield [await again(stream, cursor), cursor];
  let from = cursor;
  for (let page = 0; page < REPLAY_PAGES; page += 1) {
    const where = `${changesIn(desk)} AND id > ${from}`;
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const changes = await transactionsOf(desk, { where, limit: PAGE }, signal);
    const last = changes.at(-1);
    if (last === undefined) return;
    // oxlint-disable-next-line no-await-in-loop -- once, before the first page is told
    if (page === 0 && changes.length === PAGE) await requireRecent(desk, cursor, signal);
    from = Number(last.id);
    // oxlint-disable-next-line no-await-in-loop -- as above
    const batch = await batchOf(desk, changes, signal);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await addGone(stream, batch);
    // oxlint-disable-next-line no-await-in-loop -- as above
    yield [await eventsFor(stream, batch), from];
    if (changes.length < PAGE) return;
  }
  throw badCursor(String(cursor));
}

/** Rejects before anything is read for a cursor that is too old. */
async function requireRecent(desk: Desk, cursor: number, signal: AbortSignal): Promise<void> {
  const where = `${changesIn(desk)} AND id > ${cursor}`;
  const beyond = await transactionsOf(desk, { where, limit: 1, page: PAGE * REPLAY_PAGES + 1 }, signal);
  if (beyond.length > 0) throw badCursor(String(cursor));
}

/** A stream cut right after a message has not told of the ticket yet. */
async function again(stream: Stream, cursor: number): Promise<readonly TicketEvent[]> {
  const { desk, asker, signal } = stream;
  const where = `${changesIn(desk)} AND id = ${cursor}`;
  const batch = await batchOf(desk, await transactionsOf(desk, { where, limit: 1 }, signal), signal);
  const mine = [...batch.tickets.values()].filter((ticket) => isOf(ticket, asker.email));
  return (await shown(desk, mine, signal)).map((ticket) => ({ type: "ticket", ticket, cursor: String(cursor) }));
}

/** Deleted and merged tickets are in no search: whose they were is read one by one. */
async function addGone(stream: Stream, { changes, tickets }: Batch): Promise<void> {
  const { desk, asker, signal, known } = stream;
  const gone = [...new Set(changes.map(({ ObjectId }) => ObjectId))].filter((id) => !tickets.has(id));
  const wasMine = async (id: string): Promise<boolean> => {
    const { Requestor } = await desk.client.json({ path: `/ticket/${id}` }, record, signal);
    const people = Requestor.slice(0, PAGE).map(async ({ id: name }) => {
      const person = await desk.client.json({ path: `/user/${encodeURIComponent(name)}` }, address, signal);
      return person.EmailAddress.toLowerCase() === asker.email;
    });
    return (await Promise.all(people)).includes(true);
  };
  await Promise.all(
    gone.slice(-REPLAY_GONE).map(async (id) => {
      // One that the account may not look at any more is nothing that could be told of.
      const mine = await wasMine(id).catch(() => signal.throwIfAborted());
      if (mine === true) known.add(id);
    }),
  );
}
