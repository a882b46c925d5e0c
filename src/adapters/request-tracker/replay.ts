import * as v from "valibot";
import { createGather } from "../shared/gather.ts";
import { createKeptMap } from "../shared/kept-map.ts";
import { PAGE, ticketsOf } from "./changes.ts";
import type { Desk } from "./desk.ts";
import type { StreamPlace } from "./place.ts";
import type { Batch, Standing } from "./poller.ts";
import { address, reference, type RtTicket } from "./schemas.ts";

/** What a stream that comes back has missed. */
export interface Replay {
  readonly batch: Batch;
  /** The ticket of a change that was told by halves. */
  readonly owed: RtTicket | undefined;
  /** Tickets that are not in the queue any more, and were the member's. */
  readonly gone: readonly string[];
}

/** So many tickets that are gone are looked at, the last ones. */
const GONE = 20;
const KEPT = 1000;
const KEPT_MS = 60_000;
const record = v.object({
  id: v.pipe(v.union([v.string(), v.number()]), v.transform(String)),
  Requestor: v.array(reference),
});

/** What several streams ask in the same moment is asked once. */
export function createReplays(desk: Desk) {
  const { client, closed } = desk;
  const owners = createKeptMap<Promise<readonly string[]>>(KEPT, KEPT_MS);

  const ticketNow = createGather<string, RtTicket | undefined>(async (ids) => {
    const tickets = await ticketsOf(desk, ids, closed);
    return (id) => tickets.get(id);
  });

  /** Deleted and merged tickets are in no search: whose they were is read one by one. */
  async function ownersOf(id: string): Promise<readonly string[]> {
    const known = owners.get(id);
    if (known !== undefined) return await known;
    const asked = readOwners(id);
    owners.set(id, asked);
    asked.catch(() => owners.delete(id));
    return await asked;
  }

  async function readOwners(id: string): Promise<readonly string[]> {
    const { Requestor } = await client.json({ path: `/ticket/${id}` }, record, closed);
    return await Promise.all(
      Requestor.slice(0, PAGE).map(async ({ id: name }) => {
        const person = await client.json({ path: `/user/${encodeURIComponent(name)}` }, address, closed);
        return person.EmailAddress.toLowerCase();
      }),
    );
  }

  async function goneOf(ids: readonly string[], email: string, signal: AbortSignal): Promise<readonly string[]> {
    const gone = await Promise.all(
      ids.slice(-GONE).map(async (id) => {
        // One that the account may not look at any more is nothing that could be told of.
        const emails = await ownersOf(id).catch((): readonly string[] => []);
        return emails.includes(email) ? [id] : [];
      }),
    );
    signal.throwIfAborted();
    return gone.flat();
  }

  return async (place: StreamPlace, standing: Standing, email: string, signal: AbortSignal): Promise<Replay> => {
    const { settled, told, owed } = place;
    const { look, history } = standing;
    const { from, changes: recent } = history.now();
    // The change that is owed is read again.
    const after = owed === undefined ? settled : Math.min(settled, owed - 1);
    const older = await history.between(Math.max(0, after), from, signal);
    const all = [...older, ...recent].filter(({ id }) => Number(id) > after);
    const changes = all.filter(({ id }) => Number(id) > settled && !told.includes(Number(id)));
    const half = all.find(({ id }) => Number(id) === owed);
    const ids = [...new Set([...changes, ...(half === undefined ? [] : [half])].map(({ ObjectId }) => ObjectId))];
    const found = await Promise.all(ids.map(async (id) => [id, await ticketNow(id, signal)] as const));
    const tickets = new Map(found.flatMap(([id, ticket]) => (ticket === undefined ? [] : [[id, ticket] as const])));
    return {
      batch: { changes, tickets, settled: standing.settled, look },
      owed: half === undefined ? undefined : tickets.get(half.ObjectId),
      gone: await goneOf(
        ids.filter((id) => !tickets.has(id)),
        email,
        signal,
      ),
    };
  };
}
