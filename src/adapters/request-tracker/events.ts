import type { StreamContext, TicketEvent } from "../../core/contract/adapter.ts";
import { abortable } from "../../core/contract/abortable.ts";
import { channel } from "../shared/channel.ts";
import { isOf, type Asker, type Desk } from "./desk.ts";
import type { Comparison } from "./doubts.ts";
import { createKnownTickets } from "./known-tickets.ts";
import { createProgress, readPlace, type Progress, type StreamPlace } from "./place.ts";
import type { Batch, Poller, Standing } from "./poller.ts";
import { createReplays } from "./replay.ts";
import { messagesOf } from "./thread.ts";
import { shown } from "./ticket.ts";

/** One member's stream. */
interface Stream {
  readonly desk: Desk;
  readonly asker: Asker;
  readonly signal: AbortSignal;
  /** Tickets that are the member's, as far as the stream has seen: the last changed ones, and what was told of. */
  readonly known: Set<string>;
  readonly progress: Progress;
}

type News = { readonly batch: Batch } | { readonly comparison: Comparison };
type Events = (cursor: string | undefined, ctx: StreamContext) => AsyncGenerator<TicketEvent, void, undefined>;

const KNOWN = 100;
const words = new Set(["Create", "Correspond", "Status"]);

export function createEvents(desk: Desk, poller: Poller): Events {
  const knownTickets = createKnownTickets(desk);
  const replayOf = createReplays(desk);

  async function* replay(stream: Stream, place: StreamPlace, standing: Standing): AsyncGenerator<TicketEvent> {
    const { asker, known, progress, signal } = stream;
    const { batch, owed, gone } = await replayOf(place, standing, asker.email, signal);
    for (const id of gone) known.add(id);
    if (owed !== undefined && isOf(owed, asker.email)) {
      const tickets = await shown(desk, [owed], signal);
      for (const ticket of tickets) yield { type: "ticket", ticket, ...progress.cursor() };
    }
    yield* await eventsFor(stream, batch);
  }

  return async function* events(cursor, ctx) {
    const asker = await desk.asker(ctx);
    const place = cursor === undefined ? undefined : readPlace(cursor);
    const over = new AbortController();
    const signal = AbortSignal.any([ctx.signal, desk.closed, over.signal]);
    const known = new Set<string>();
    const news = channel<News>(
      (sink) =>
        poller.subscribe({
          changed: (batch) => sink.push({ batch }),
          known: () => [...known].slice(-KNOWN),
          compared: (comparison) => sink.push({ comparison }),
          failed: (error) => sink.end(error),
        }),
      signal,
    );
    // It listens from here on: what happens while the past is read is not missed.
    let coming = news.next();
    try {
      // Before the look: what is lost after this, the look tells of.
      for (const id of await knownTickets(asker.email, signal)) known.add(id);
      const standing = await abortable(poller.fresh(), signal);
      const progress = createProgress(place ?? placeOf(standing, known));
      const stream: Stream = { desk, asker, signal, known, progress };
      ctx.onConnected?.();
      if (place !== undefined) yield* replay(stream, place, standing);
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other, as they come
        const { value, done } = await coming;
        if (done === true || value === undefined) return;
        coming = news.next();
        if ("comparison" in value) yield* left(stream, value.comparison);
        // What came before the stream stood is of the past.
        // oxlint-disable-next-line no-await-in-loop -- as above
        else if (value.batch.look > standing.look) yield* await eventsFor(stream, value.batch);
      }
    } finally {
      over.abort();
      coming.catch(() => undefined);
    }
  };
}

/** All that shows now is of the past. What is written already and shows later is not. */
function placeOf({ settled, history }: Standing, known: ReadonlySet<string>): StreamPlace {
  const recent = history.now().changes.filter(({ id, ObjectId }) => Number(id) > settled && known.has(ObjectId));
  return { settled, told: recent.map(({ id }) => Number(id)) };
}

async function eventsFor(stream: Stream, { changes: found, tickets, settled }: Batch): Promise<readonly TicketEvent[]> {
  const { desk, asker, signal, known, progress } = stream;
  const changes = found.filter(({ id }) => !progress.isTold(Number(id)));
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
    const { id, ObjectId: ticketId } = change;
    const ticket = now.get(ticketId);
    const isKnown = known.has(ticketId);
    if (ticket !== undefined || isKnown) progress.pass(Number(id));
    // Of those before it none is still to be told.
    progress.settle(Math.min(settled, Number(id)));
    if (ticket === undefined) return isKnown ? [removal(stream, ticketId, progress.cursor())] : [];
    known.add(ticketId);
    const message = messages.get(id);
    const isLast = !changes.some((other, at) => at > index && other.ObjectId === ticketId);
    return [
      ...(message === undefined
        ? []
        : [{ type: "message" as const, ticketId, message, ...progress.cursor(Number(id)) }]),
      ...(isLast ? [{ type: "ticket" as const, ticket, ...progress.cursor() }] : []),
    ];
  });
}

function removal({ known }: Stream, ticketId: string, cursor: { readonly cursor?: string }): TicketEvent {
  known.delete(ticketId);
  return { type: "removed", ticketId, ...cursor };
}

/** Those of the known tickets that are not the member's any more, or not there. */
function left(stream: Stream, { ids, tickets }: Comparison): readonly TicketEvent[] {
  const gone = [...stream.known].filter((id) => {
    const ticket = tickets.get(id);
    return ids.has(id) && (ticket === undefined || !isOf(ticket, stream.asker.email));
  });
  return gone.map((id) => removal(stream, id, {}));
}
