import { inChunks } from "../shared/gather.ts";
import { PAGE, ticketsOf } from "./changes.ts";
import type { Desk } from "./desk.ts";
import type { RtTicket } from "./schemas.ts";

/** Tickets that were looked for, and those of them that are in the queue, as they are now. */
export interface Comparison {
  readonly ids: ReadonlySet<string>;
  readonly tickets: ReadonlyMap<string, RtTicket>;
}

export interface Doubter {
  /** The tickets that are taken for the member's. */
  readonly known: () => readonly string[];
  compared(comparison: Comparison): void;
}

/** Holds what all listeners know against RT: what leaves the queue may leave no trace that the account could see. */
export interface Doubts {
  start(): void;
  stop(): void;
  /** Looks for these now, if anybody knows them. */
  compare(ids: readonly string[]): Promise<void>;
}

/** Every so many looks, each ticket is looked for once. */
const ROUND_LOOKS = 12;

export function createDoubts(desk: Desk, doubters: ReadonlySet<Doubter>): Doubts {
  const roundMs = ROUND_LOOKS * desk.settings.pollMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOn = false;

  const known = () => new Set([...doubters].flatMap((each) => each.known()));

  async function compare(ids: readonly string[]): Promise<void> {
    const all = known();
    const wanted = ids.filter((id) => all.has(id));
    if (wanted.length === 0) return;
    const tickets = await ticketsOf(desk, wanted, desk.closed);
    const comparison = { ids: new Set(wanted), tickets };
    for (const each of doubters) each.compared(comparison);
  }

  /** A call at a time, spread over the round, so that copies do not ask in the same moment. */
  function plan(chunks: readonly (readonly string[])[], everyMs: number): void {
    clearTimeout(timer);
    if (!isOn || desk.closed.aborted) return;
    const ms = everyMs * (0.8 + 0.2 * Math.random());
    timer = setTimeout(() => void next(chunks, everyMs), ms);
  }

  async function next(planned: readonly (readonly string[])[], everyMs: number): Promise<void> {
    const fresh = planned.length === 0;
    const [first = [], ...rest] = fresh ? inChunks([...known()], PAGE) : planned;
    // What fails is looked for again in the next round; that RT is away, the looks tell.
    await compare(first).catch(() => undefined);
    plan(rest, fresh ? roundMs / (rest.length + 1) : everyMs);
  }

  return {
    start() {
      isOn = true;
      plan([], roundMs);
    },
    stop() {
      isOn = false;
      clearTimeout(timer);
    },
    compare,
  };
}
