import type { CallContext, Page, Ticket, TicketCounts, TicketQuery } from "../../core/contract/adapter.ts";
import { badCursor, fold, searchWords } from "../../adapter/index.ts";
import { askerOf, ticketOf, type Desk } from "./desk.ts";
import type { Thread } from "./thread.ts";

const PAGE = 20;
const PAGE_MOST = 100;

export function createList(desk: Desk) {
  async function ownThreads(ctx: CallContext): Promise<readonly Thread[]> {
    const owners = desk.seal.owners(askerOf(ctx).id);
    await desk.sync.run(ctx.signal);
    return desk.index.threadsOf(owners);
  }

  return {
    /** The cursor is the last ticket shown: a ticket that changes meanwhile moves to the top, and is shown there. */
    async list(query: TicketQuery, ctx: CallContext): Promise<Page<Ticket>> {
      const start = query.cursor === undefined ? undefined : placeOf(query.cursor);
      const words = searchWords(query.search);
      const threads = (await ownThreads(ctx)).filter(
        (thread) =>
          (query.filter === "all" || thread.status === query.filter) &&
          (start === undefined || isAfter(thread, start)) &&
          has(thread, words),
      );
      const size = Math.min(Math.max(query.limit ?? PAGE, 1), PAGE_MOST);
      const shown = threads.toSorted((left, right) => (isAfter(right, left) ? -1 : 1)).slice(0, size);
      const last = threads.length > size ? shown.at(-1) : undefined;
      return { items: shown.map(ticketOf), ...(last ? { next: `${last.updatedAt}-${last.id}` } : {}) };
    },

    async counts(ctx: CallContext): Promise<TicketCounts> {
      const statuses = (await ownThreads(ctx)).map(({ status }) => status);
      const count = (wanted: Thread["status"]) => statuses.filter((status) => status === wanted).length;
      return { open: count("open"), awaiting: count("awaiting"), all: statuses.length };
    },
  };
}

type Place = Pick<Thread, "updatedAt" | "id">;

/** Last changed first. */
function isAfter(thread: Place, place: Place): boolean {
  return thread.updatedAt === place.updatedAt ? thread.id < place.id : thread.updatedAt < place.updatedAt;
}

function placeOf(cursor: string): Place {
  const [, at, id] = /^(\d{1,16})-([0-9a-v]{10})$/.exec(cursor) ?? [];
  if (at === undefined || id === undefined) throw badCursor(cursor);
  return { updatedAt: Number(at), id };
}

/** Searches titles, and whole numbers: the text of all mails is not kept in memory. */
function has({ id, head }: Thread, words: readonly string[]): boolean {
  const title = fold(head.title ?? "");
  return words.every((word) => title.includes(word) || word.replace(/^#/, "") === id);
}
