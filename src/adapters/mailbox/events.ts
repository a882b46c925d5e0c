import type { StreamContext, TicketEvent, TicketsApi } from "../../core/contract/adapter.ts";
import { channel, type Sink } from "../../adapter/index.ts";
import { readStreamPlace, shortKey, writeStreamPlace } from "./cursor.ts";
import { askerOf, ticketOf, type Desk } from "./desk.ts";
import { messagesOf, type Bodies } from "./messages.ts";
import { createPoller } from "./poller.ts";
import type { Positions } from "./sync.ts";
import type { Step, Thread } from "./thread.ts";

/** The events for one member from one update. */
interface Batch {
  readonly threads: readonly { readonly thread: Thread; readonly steps: readonly Step[] }[];
  readonly removed: readonly string[];
  readonly before: Positions;
  /** Of an earlier stream, which ended within this batch. */
  readonly told: readonly string[];
  readonly after: Positions;
}

export function createEvents(desk: Desk, bodies: Bodies): NonNullable<TicketsApi["events"]> {
  const { index, sync, seal, closed } = desk;
  const poller = createPoller(desk);

  function listen(cursor: string | undefined, ctx: StreamContext, sink: Sink<TicketEvent>, signal: AbortSignal) {
    const member = askerOf(ctx);
    const owners = seal.owners(member.id);
    let own = new Set<string>();
    let positions: Positions = [];
    let order = 0;
    let isStanding = false;
    let work: Promise<void> = Promise.resolve();
    const fail = (error: unknown): void => sink.end(error);

    const isOwn = ({ owner }: Thread): boolean => owners.includes(owner);
    const newestFirst = (): readonly string[] =>
      index
        .threadsOf(owners)
        .toSorted((left, right) => right.updatedAt - left.updatedAt)
        .map(({ id }) => id);

    /** Computed at once, since the index changes; sent one after the other. */
    function tell(threadIds: Iterable<string>, isNew: (step: Step) => boolean, told: readonly string[] = []): void {
      const ids = [...threadIds];
      const threads = ids.flatMap((id) => {
        const thread = index.thread(id);
        return thread && isOwn(thread) ? [{ thread, steps: thread.steps.filter(isNew) }] : [];
      });
      const there = new Set(threads.map(({ thread }) => thread.id));
      const removed = ids.filter((id) => own.has(id) && !there.has(id));
      const before = positions;
      positions = sync.positions();
      order = index.newest();
      for (const id of removed) own.delete(id);
      for (const id of there) own.add(id);
      if (threads.length + removed.length === 0) return;
      const batch = { threads, removed, before, told, after: positions };
      const known = newestFirst();
      work = work.then(async () => await push(batch, known)).catch(fail);
    }

    async function push({ threads, removed, before, told, after }: Batch, known: readonly string[]): Promise<void> {
      const keys = [...told];
      const gone = [...removed];
      const send = (event: TicketEvent, isLast: boolean): void => {
        const place = isLast
          ? { positions: after, told: [], known }
          : { positions: before, told: keys, known: [...gone, ...known] };
        const text = writeStreamPlace(place);
        sink.push(text === undefined ? event : { ...event, cursor: text });
      };
      for (const { thread, steps } of threads) {
        for (const step of steps) {
          // oxlint-disable-next-line no-await-in-loop -- in their order
          const messages = await messagesOf(bodies, thread.id, [step], member, signal);
          for (const message of messages.filter(({ id }) => !told.includes(shortKey(id)))) {
            keys.push(shortKey(message.id));
            send({ type: "message", ticketId: thread.id, message }, false);
          }
        }
        const isLast = removed.length === 0 && thread === threads.at(-1)?.thread;
        send({ type: "ticket", ticket: ticketOf(thread) }, isLast);
      }
      for (const ticketId of removed) {
        gone.shift();
        send({ type: "removed", ticketId }, gone.length === 0);
      }
    }

    function begin(): void {
      own = new Set(newestFirst());
      positions = sync.positions();
      order = index.newest();
      isStanding = true;
      if (cursor === undefined) return;
      const start = readStreamPlace(cursor, positions);
      const ids = new Set([...own, ...start.known]);
      for (const id of start.known) own.add(id);
      positions = start.positions;
      const reached = new Map(start.positions.map(({ folder, uid }) => [folder, uid]));
      const isNew = ({ place }: Step): boolean => place.uid > (reached.get(place.folder) ?? 0);
      const changed = [...ids].filter((id) => {
        const thread = index.thread(id);
        return !(thread && isOwn(thread)) || thread.steps.some(isNew);
      });
      tell(changed, isNew, start.told);
    }

    const unlisten = sync.listen((threads) => {
      const since = order;
      if (isStanding) tell([...threads], (step) => step.order > since);
    });
    const following = poller.follow(fail);
    sync
      .run(signal)
      .then(begin)
      .then(() => ctx.onConnected?.())
      .catch(fail);
    return () => {
      unlisten();
      following.stop();
    };
  }

  return async function* events(cursor, ctx): AsyncIterable<TicketEvent> {
    if (ctx.signal.aborted) return;
    // Access is refused before anything is opened.
    askerOf(ctx);
    const signal = AbortSignal.any([ctx.signal, closed]);
    yield* channel<TicketEvent>((sink) => listen(cursor, ctx, sink, signal), signal);
  };
}
