import { createGather } from "../shared/gather.ts";
import { badCursor } from "../shared/bad-cursor.ts";
import { changesIn, PAGE } from "./changes.ts";
import type { Desk } from "./desk.ts";
import type { RtTransaction } from "./schemas.ts";
import { transactionsOf } from "./transactions.ts";

/** A cursor that lies further back is too old: the core reads everything anew then. */
const REACH = 1000;

/** The newest changes, the oldest first: read once for all streams that come back. */
export interface History {
  add(changes: readonly RtTransaction[]): void;
  /** What is known now. It holds all changes that were told and have an id over `from`. */
  readonly now: () => { readonly from: number; readonly changes: readonly RtTransaction[] };
  /** The changes after `after`, up to `until` included. Rejects with `invalid` for what is too far back. */
  between(after: number, until: number, signal: AbortSignal): Promise<readonly RtTransaction[]>;
}

/** `from` has to be so old that no change up to it is still to be seen. */
export function createHistory(desk: Desk, start: number): History {
  let from = start;
  let changes: readonly RtTransaction[] = [];
  let turn: Promise<void> = Promise.resolve();

  const reach = createGather<number, boolean>(async (ids) => {
    turn = turn.then(
      () => extend(ids),
      () => extend(ids),
    );
    await turn;
    return (id) => id >= from;
  });

  async function read(after: number): Promise<readonly RtTransaction[]> {
    return await transactionsOf(desk, { where: `${changesIn(desk)} AND id > ${after}`, limit: PAGE }, desk.closed);
  }

  /** Down to the lowest of these that is not too far back. */
  async function extend(ids: readonly number[]): Promise<void> {
    let after = Math.min(...ids);
    if (after >= from) return;
    let page = await read(after);
    if (page.length === PAGE) {
      const oldest = await tooFar();
      after = Math.min(...ids.filter((id) => id >= oldest));
      if (after >= from) return;
      if (after !== Math.min(...ids)) page = await read(after);
    }
    const found = [...page];
    while (page.length === PAGE && idOf(page.at(-1)) < from && found.length <= REACH) {
      // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
      page = await read(idOf(page.at(-1)));
      found.push(...page);
    }
    changes = [...found.filter((change) => idOf(change) <= from), ...changes];
    from = after;
  }

  /** The highest id after which there are more changes than a stream is told. */
  async function tooFar(): Promise<number> {
    const query = { where: changesIn(desk), limit: 1, order: "DESC", page: REACH + 1 } as const;
    const [change] = await transactionsOf(desk, query, desk.closed);
    return change === undefined ? 0 : idOf(change);
  }

  return {
    add(more) {
      changes = [...changes, ...more].toSorted((left, right) => idOf(left) - idOf(right));
      if (changes.length <= 2 * REACH) return;
      from = idOf(changes.at(-REACH - 1));
      changes = changes.slice(-REACH);
    },
    now: () => ({ from, changes }),
    async between(after, until, signal) {
      if (after < until && after < from && !(await reach(after, signal))) throw badCursor(String(after));
      return changes.filter((change) => idOf(change) > after && idOf(change) <= until);
    },
  };
}

function idOf(change: RtTransaction | undefined): number {
  return Number(change?.id ?? 0);
}
