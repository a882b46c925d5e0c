import { ratingOf, type CallContext, type Ticket } from "../../adapter/index.ts";
import { read } from "./bodies.ts";
import { fieldOf, notFound, type Desk } from "./desk.ts";
import { requester, type Requester } from "./people.ts";
import type { RawTicket } from "./schemas.ts";
import { stepsOf, type Step } from "./thread.ts";

/** One of the member's own tickets. */
export interface OwnTicket {
  readonly raw: RawTicket;
  readonly steps: readonly Step[];
  readonly ticket: Ticket;
}

/** Rejects with `not-found` if the ticket is another member's, in another queue, or does not exist. */
export async function ownTicket(desk: Desk, ticketId: string, ctx: CallContext): Promise<OwnTicket> {
  return await readOwn(desk, ticketId, requester(ctx, desk.settings), ctx.signal);
}

/** `wordsOnly` leaves out changes of state, which need another call. */
export async function readOwn(
  desk: Desk,
  ticketId: string,
  who: Requester,
  signal: AbortSignal,
  wordsOnly = false,
): Promise<OwnTicket> {
  const isId = /^[1-9]\d{0,14}$/.test(ticketId);
  const [own] = isId ? await readAll(desk, [ticketId], () => who, signal, wordsOnly) : [];
  if (own === undefined || !isOf(desk, own.raw, who.login)) throw notFound(`ticket "${ticketId}"`);
  return own;
}

/** Reads the tickets that are in the queue, in two calls. `whose` returns the reader of a ticket, or undefined to leave it out. */
export async function readAll(
  desk: Desk,
  ids: readonly string[],
  whose: (raw: RawTicket) => Requester | undefined,
  signal: AbortSignal,
  wordsOnly = false,
): Promise<readonly OwnTicket[]> {
  const facts = await desk.facts(signal);
  // Histories come first: a change between the two calls is in the ticket, and its line in the next poll.
  const histories = wordsOnly ? undefined : await desk.histories(ids, signal);
  const raws = (await desk.read(ids, { articles: true }, signal)).filter((raw) => isThere(desk, raw));
  return raws.flatMap((raw) => {
    const who = whose(raw);
    if (who === undefined) return [];
    const history = histories?.get(raw.TicketID) ?? [];
    const steps = stepsOf(desk, facts, who, raw, history);
    return [{ raw, steps, ticket: ticketOf(desk, raw, steps) }];
  });
}

/** Checks every ticket that Znuny returns: it also returns tickets that were moved out of the queue. */
export function isOf(desk: Desk, raw: RawTicket, login: string): boolean {
  return isThere(desk, raw) && raw.CustomerUserID.toLowerCase() === login;
}

/** A merged ticket continues in the other one. */
function isThere({ settings }: Desk, { Queue, StateType }: RawTicket): boolean {
  return Queue === settings.queue && StateType !== "merged";
}

function ticketOf({ settings, statuses }: Desk, raw: RawTicket, steps: readonly Step[]): Ticket {
  const label = statuses.label(raw.State);
  const { rating: fields } = settings;
  const rating = fields && ratingOf(fieldOf(raw, fields.score), fieldOf(raw, fields.comment));
  const last = steps.at(-1)?.message;
  return {
    id: raw.TicketID,
    number: raw.TicketNumber,
    title: read(raw.Title),
    status: statuses.of(raw.State),
    ...(label === undefined ? {} : { statusLabel: label }),
    createdAt: raw.Created,
    updatedAt: last?.at ?? raw.Created,
    updatedBy: last?.author.role ?? "member",
    ...(rating ? { rating } : {}),
  };
}
