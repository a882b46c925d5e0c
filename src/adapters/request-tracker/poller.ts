import type { Desk } from "./desk.ts";
import { ticketsById, ownFields, valueOf } from "./desk.ts";
import type { RtTicket, RtTransaction } from "./schemas.ts";
import { quoted } from "./sql.ts";
import { transactionsOf } from "./transactions.ts";

/** What has changed in the queue, the oldest first, and the tickets of it as they are now; those that left it are not there. */
export interface Batch {
  readonly changes: readonly RtTransaction[];
  readonly tickets: ReadonlyMap<string, RtTicket>;
}

export interface Listener {
  changed(batch: Batch): void;
  /** Tickets may have left the queue without a trace that the account could see: these, or whichever one knows. */
  doubt(ticketIds?: readonly string[]): void;
  failed(error: unknown): void;
}

/** Asks RT for changes, for all listeners together, from the first one to the last. */
export interface Poller {
  /** Gives its undo. */
  subscribe(listener: Listener): () => void;
  /** Looks now, while somebody listens. */
  wake(): void;
  heard(ticketId: string): void;
  /** The id of the newest change, by a look that begins after this call. */
  newest(): Promise<number>;
}

interface State {
  /** Everything up to it was told. */
  settled: number;
  newest: number;
  /** Ids above `settled` that were told. */
  readonly told: Set<string>;
  /** The gateway's own replies that were seen before RT had written whose they are. */
  readonly unfinished: Set<string>;
  failures: number;
  looks: number;
}

const PAGE = 100;
const PAGES = 20;
/** Databases may show a change after one with a higher id. */
const SETTLES_MS = 10_000;
const UNFINISHED_MS = 300;
const FAILURES = 2;
/** A web hook is sent while RT still writes: what it tells of may be seen only a little later. */
const HEARD_MS = 4_000;
const HEARD_POLL_MS = 500;
/** Every so many looks, listeners hold what they know against RT. */
const DOUBTS = 12;

const types = [
  "Type = 'Create'",
  "Type = 'Correspond'",
  "Type = 'Status'",
  "(Type = 'Set' AND (Field = 'Subject' OR Field = 'Queue'))",
  "(Type = 'AddLink' AND Field = 'MergedInto')",
  "((Type = 'AddWatcher' OR Type = 'DelWatcher') AND Field = 'Requestor')",
].join(" OR ");

/** TransactionSQL for what a poller hears of. */
export function changesIn(desk: Desk): string {
  return `TicketQueue = ${quoted(desk.settings.queue)} AND (${types})`;
}

export async function batchOf(desk: Desk, changes: readonly RtTransaction[], signal: AbortSignal): Promise<Batch> {
  const ids = [...new Set(changes.map(({ ObjectId }) => ObjectId))];
  const tickets = new Map<string, RtTicket>();
  for (let from = 0; from < ids.length; from += PAGE) {
    const where = `Queue = ${quoted(desk.settings.queue)} AND ${ticketsById(ids.slice(from, from + PAGE))}`;
    // oxlint-disable-next-line no-await-in-loop -- one after the other is kind enough
    const { items } = await desk.tickets({ where }, signal);
    for (const item of items) tickets.set(item.id, item);
  }
  return { changes, tickets };
}

export function createPoller(desk: Desk): Poller {
  const { settings, closed } = desk;
  const listeners = new Set<Listener>();
  let state: State | undefined;
  let running: Promise<number> | undefined;
  let next: Promise<number> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Tickets that the web hook named, each until when it is looked for. */
  const heard = new Map<string, number>();

  function schedule(ms: number): void {
    clearTimeout(timer);
    const soon = heard.size === 0 ? ms : Math.min(ms, HEARD_POLL_MS);
    if (listeners.size > 0 && !closed.aborted) timer = setTimeout(wake, soon);
  }

  function wake(): void {
    // Listeners hear of a failure by themselves.
    if (listeners.size > 0 && !closed.aborted) newest().catch(() => undefined);
  }

  async function newest(): Promise<number> {
    // The look that is under way may have asked before.
    next ??= (running ?? Promise.resolve(0))
      .catch(() => undefined)
      .then(async () => {
        next = undefined;
        running = look();
        return await running;
      });
    return await next;
  }

  async function look(): Promise<number> {
    const known = state;
    let ms = settings.pollMs;
    try {
      if (known === undefined) return await begin();
      if (await proceed(known)) ms = Math.min(ms, UNFINISHED_MS);
      return known.newest;
    } catch (error) {
      if (known !== undefined) known.failures += 1;
      if (known === undefined || known.failures >= FAILURES) for (const each of listeners) each.failed(error);
      throw error;
    } finally {
      schedule(ms);
    }
  }

  async function begin(): Promise<number> {
    const [last] = await transactionsOf(desk, { where: changesIn(desk), limit: 1, order: "DESC" }, closed);
    const id = Number(last?.id ?? 0);
    if (listeners.size > 0) {
      state = { settled: id, newest: id, told: new Set(), unfinished: new Set(), failures: 0, looks: 0 };
    }
    return id;
  }

  /** Whether there is something to come back for soon. */
  async function proceed(known: State): Promise<boolean> {
    const rows = await rowsAfter(desk, known.settled);
    const [ready, waits] = finished(desk, known, rows);
    const changes = ready.filter(({ id }) => !known.told.has(id));
    const batch = changes.length === 0 ? undefined : await batchOf(desk, changes, closed);
    note(known, ready);
    if (batch !== undefined) for (const each of listeners) each.changed(batch);
    if (heard.size > 0) for (const each of listeners) each.doubt([...heard.keys()]);
    if (known.looks % DOUBTS === 0) for (const each of listeners) each.doubt();
    for (const [ticketId, until] of heard) if (until < Date.now()) heard.delete(ticketId);
    return waits;
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return;
        clearTimeout(timer);
        heard.clear();
        state = undefined;
      };
    },
    wake,
    heard(ticketId) {
      if (listeners.size === 0) return;
      heard.set(ticketId, Date.now() + HEARD_MS);
      wake();
    },
    newest,
  };
}

async function rowsAfter(desk: Desk, id: number): Promise<readonly RtTransaction[]> {
  const rows: RtTransaction[] = [];
  for (let page = 0; page < PAGES; page += 1) {
    const where = `${changesIn(desk)} AND id > ${rows.at(-1)?.id ?? id}`;
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const found = await transactionsOf(desk, { where, limit: PAGE }, desk.closed);
    rows.push(...found);
    if (found.length < PAGE) break;
  }
  return rows;
}

/** RT writes a reply's key just after the reply: one without it is waited for, once. */
function finished(
  desk: Desk,
  known: State,
  rows: readonly RtTransaction[],
): readonly [readonly RtTransaction[], boolean] {
  const index = rows.findIndex(
    (row) =>
      row.Type === "Correspond" &&
      row.Creator.id === desk.settings.accountId &&
      valueOf(row, ownFields.ref) === undefined &&
      !known.told.has(row.id) &&
      !known.unfinished.has(row.id),
  );
  const first = rows[index];
  if (first === undefined) return [rows, false];
  known.unfinished.add(first.id);
  return [rows.slice(0, index), true];
}

function note(known: State, rows: readonly RtTransaction[]): void {
  known.failures = 0;
  known.looks += 1;
  for (const { id } of rows) known.told.add(id);
  const last = rows.at(-1);
  if (last === undefined) return;
  known.newest = Math.max(known.newest, Number(last.id));
  const before = Date.parse(last.Created) - SETTLES_MS;
  const settled = rows.findLast(({ Created }) => Date.parse(Created) < before);
  if (settled === undefined) return;
  known.settled = Number(settled.id);
  for (const id of known.told) if (Number(id) <= known.settled) known.told.delete(id);
  for (const id of known.unfinished) if (Number(id) <= known.settled) known.unfinished.delete(id);
}
