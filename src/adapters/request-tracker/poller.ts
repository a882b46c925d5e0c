import { changesIn, lacksKey, PAGE, ticketsOf } from "./changes.ts";
import type { Desk } from "./desk.ts";
import { createDoubts, type Doubter } from "./doubts.ts";
import { createHistory, type History } from "./history.ts";
import type { RtTicket, RtTransaction } from "./schemas.ts";
import { createSeen, SETTLES_MS, type Seen } from "./seen.ts";
import { transactionsOf } from "./transactions.ts";

/** What has changed in the queue, the lowest id first, and the tickets of it as they are now; those that left it are not there. */
export interface Batch {
  readonly changes: readonly RtTransaction[];
  readonly tickets: ReadonlyMap<string, RtTicket>;
  /** Every change up to this id was in an earlier batch. */
  readonly settled: number;
  /** The number of the look that found it. */
  readonly look: number;
}

export interface Listener extends Doubter {
  changed(batch: Batch): void;
  failed(error: unknown): void;
}

/** Where the poller stands after a look. Batches of a later look hold what is not in `history` at that moment. */
export interface Standing {
  readonly look: number;
  readonly settled: number;
  readonly history: History;
}

/** Asks RT for changes, for all listeners together, from the first one to the last. */
export interface Poller {
  /** Gives its undo. */
  subscribe(listener: Listener): () => void;
  /** Looks now, while somebody listens. */
  wake(): void;
  heard(ticketId: string): void;
  /** After a look that begins after this call. */
  fresh(): Promise<Standing>;
}

interface State {
  readonly seen: Seen;
  readonly history: History;
  /** The gateway's own replies that were seen before RT had written whose they are. */
  readonly unfinished: Set<string>;
  /** Up to which id was read. */
  reached: number;
  failures: number;
  look: number;
}

interface Read {
  readonly last: number;
  /** Whether all that there is was read. */
  readonly isEnd: boolean;
  /** Whether there is something to come back for. */
  readonly soon: boolean;
}

/** In one look; what is left is for the next, which comes soon. */
const PAGES = 20;
/** How many of the newest changes are looked through at the beginning, for one that is old enough. */
const BEGIN_PAGES = 2;
const SOON_MS = 300;
const FAILURES = 2;
/** RT's times are whole seconds. */
const SECOND_MS = 1000;
/** A web hook is sent while RT still writes: what it tells of may be seen only a little later. */
const HEARD_MS = 4_000;
const HEARD_POLL_MS = 500;
/** However often the web hook comes. */
const HEARD_GAP_MS = 200;

export function createPoller(desk: Desk): Poller {
  const { settings, closed } = desk;
  const listeners = new Set<Listener>();
  const doubts = createDoubts(desk, listeners);
  let state: State | undefined;
  let running: Promise<Standing> | undefined;
  let next: Promise<Standing> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looks = 0;
  let lookedAt = Number.NEGATIVE_INFINITY;
  /** Tickets that the web hook named, each until when it is looked for. */
  const heard = new Map<string, number>();

  function schedule(ms: number): void {
    clearTimeout(timer);
    const soon = heard.size === 0 ? ms : Math.min(ms, HEARD_POLL_MS);
    if (listeners.size > 0 && !closed.aborted) timer = setTimeout(wake, soon);
  }

  function wake(): void {
    // Listeners hear of a failure by themselves.
    if (listeners.size > 0 && !closed.aborted) fresh().catch(() => undefined);
  }

  async function fresh(): Promise<Standing> {
    // The look that is under way may have asked before.
    next ??= (running ?? Promise.resolve())
      .catch(() => undefined)
      .then(async () => {
        next = undefined;
        running = look();
        return await running;
      });
    return await next;
  }

  async function look(): Promise<Standing> {
    const known = state;
    let ms = settings.pollMs;
    lookedAt = performance.now();
    try {
      if (known === undefined) {
        const begun = await begin();
        if (listeners.size > 0) state = begun;
        return standingOf(begun);
      }
      if (await proceed(known)) ms = Math.min(ms, SOON_MS);
      return standingOf(known);
    } catch (error) {
      if (known !== undefined) known.failures += 1;
      if (known === undefined || known.failures >= FAILURES) for (const each of listeners) each.failed(error);
      throw error;
    } finally {
      schedule(ms);
    }
  }

  /** What is there already was before: no listener is told of it. But of what was written just now, not all may show. */
  async function begin(): Promise<State> {
    const rows: RtTransaction[] = [];
    let settled: RtTransaction | undefined;
    for (let page = 1; page <= BEGIN_PAGES && settled === undefined; page += 1) {
      const query = { where: changesIn(desk), limit: PAGE, order: "DESC", page } as const;
      // oxlint-disable-next-line no-await-in-loop -- until one is old enough
      const found = await transactionsOf(desk, query, closed);
      rows.push(...found);
      const before = Date.parse(rows[0]?.Created ?? "") - SETTLES_MS - SECOND_MS;
      settled = rows.find(({ Created }) => Date.parse(Created) < before);
      if (found.length < PAGE) break;
      if (page === BEGIN_PAGES) settled ??= rows.at(-1);
    }
    const from = Number(settled?.id ?? 0);
    const [seen, history, now] = [createSeen(from), createHistory(desk, from), performance.now()];
    looks += 1;
    const recent = rows.filter(({ id }) => Number(id) > from);
    for (const { id } of recent) seen.add(Number(id), now);
    history.add(recent);
    return { seen, history, unfinished: new Set(), reached: Number(rows[0]?.id ?? 0), failures: 0, look: looks };
  }

  /** Whether there is something to come back for soon. */
  async function proceed(known: State): Promise<boolean> {
    const now = performance.now();
    looks += 1;
    known.look = looks;
    // After very many changes at once, those that may come late are looked for when they cannot any more.
    const isMuch = known.seen.size() >= PAGE * PAGES && !known.seen.isDue(now);
    let read: Read = { last: known.reached, isEnd: false, soon: true };
    if (!isMuch) read = await readFrom(known, known.seen.settled(), now);
    if (!read.isEnd) read = await readFrom(known, Math.max(known.reached, read.last), undefined);
    known.failures = 0;
    if (heard.size > 0) await doubts.compare([...heard.keys()]);
    for (const [ticketId, until] of heard) if (until < Date.now()) heard.delete(ticketId);
    return read.soon;
  }

  /** Reads on from an id, and tells what is new. `settlesAt`: when the look began, if it begins at what is settled. */
  async function readFrom(known: State, from: number, settlesAt: number | undefined): Promise<Read> {
    let last = from;
    for (let page = 0; page < PAGES; page += 1) {
      const where = `${changesIn(desk)} AND id > ${last}`;
      // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
      const rows = await transactionsOf(desk, { where, limit: PAGE }, closed);
      const ready = finished(desk, known, rows);
      // oxlint-disable-next-line no-await-in-loop -- as above
      await tell(known, ready);
      const ids = ready.map(({ id }) => Number(id));
      if (settlesAt !== undefined) known.seen.settle(ids, settlesAt);
      last = ids.at(-1) ?? last;
      known.reached = Math.max(known.reached, last);
      if (ready.length < rows.length) return { last, isEnd: true, soon: true };
      if (rows.length < PAGE) return { last, isEnd: true, soon: false };
    }
    return { last, isEnd: false, soon: true };
  }

  async function tell(
    { seen, history, unfinished, look: number }: State,
    rows: readonly RtTransaction[],
  ): Promise<void> {
    const changes = rows.filter(({ id }) => !seen.has(Number(id)));
    if (changes.length === 0) return;
    const ids = changes.map(({ ObjectId }) => ObjectId);
    const tickets = await ticketsOf(desk, ids, closed);
    const now = performance.now();
    for (const { id } of changes) {
      seen.add(Number(id), now);
      unfinished.delete(id);
    }
    history.add(changes);
    for (const each of listeners) each.changed({ changes, tickets, settled: seen.settled(), look: number });
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) doubts.start();
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return;
        clearTimeout(timer);
        doubts.stop();
        heard.clear();
        state = undefined;
      };
    },
    wake,
    heard(ticketId) {
      if (listeners.size === 0) return;
      heard.set(ticketId, Date.now() + HEARD_MS);
      const wait = lookedAt + HEARD_GAP_MS - performance.now();
      if (wait <= 0) wake();
      else schedule(wait);
    },
    fresh,
  };
}

function standingOf({ look, seen, history }: State): Standing {
  return { look, settled: seen.settled(), history };
}

/** Without a reply that lacks its key yet, and what comes after it: it is waited for, once. */
function finished(desk: Desk, known: State, rows: readonly RtTransaction[]): readonly RtTransaction[] {
  const waits = rows.filter(
    (row) => lacksKey(desk, row) && !known.seen.has(Number(row.id)) && !known.unfinished.has(row.id),
  );
  for (const { id } of waits) known.unfinished.add(id);
  const [first] = waits;
  return first === undefined ? rows : rows.slice(0, rows.indexOf(first));
}
