import type { Entry } from "./entry.ts";
import type { Chat } from "./queue.ts";
import { snapshotRecordOf, type ChatSnapshot, type SnapshotRecord } from "./records.ts";

/** The chats that are open, as the lobby's archive has them up to the entry `after`. */
export interface Snapshot {
  readonly after: string;
  readonly waits: readonly number[];
  readonly chats: readonly Chat[];
}

/** In as many records as it takes, each of about so many bytes of JSON. */
export function partsOf(snapshot: Snapshot, partBytes: number): readonly SnapshotRecord[] {
  const lists: ChatSnapshot[][] = [[]];
  let bytes = 0;
  for (const chat of snapshot.chats) {
    const packed = pack(chat);
    const size = new TextEncoder().encode(JSON.stringify(packed)).length;
    if (bytes + size > partBytes && bytes > 0) {
      lists.push([]);
      bytes = 0;
    }
    bytes += size;
    lists.at(-1)?.push(packed);
  }
  const { after, waits } = snapshot;
  const id = crypto.randomUUID();
  return lists.map((chats, part) => ({
    type: "snapshot",
    id,
    after,
    waits: [...waits],
    part,
    parts: lists.length,
    chats,
  }));
}

/** The newest one that is whole, with what came from its last entry on: the entries are in the order of the archive. */
export function snapshotIn(
  entries: readonly Entry[],
): { readonly snapshot: Snapshot; readonly later: readonly Entry[] } | undefined {
  const records = entries.flatMap(({ record }) => snapshotRecordOf(record) ?? []);
  const places = new Map(entries.map(({ id }, index) => [id, index]));
  for (const last of records.toReversed()) {
    const place = places.get(last.after);
    const parts = records.filter(({ id }) => id === last.id).toSorted((a, b) => a.part - b.part);
    const isWhole = parts.length === last.parts && parts.every(({ part }, index) => part === index);
    if (place === undefined || !isWhole) continue;
    const chats = parts.flatMap((part) => part.chats.map(unpack));
    return { snapshot: { after: last.after, waits: last.waits, chats }, later: entries.slice(place) };
  }
  return undefined;
}

export function isSnapshot({ record }: Entry): boolean {
  return snapshotRecordOf(record) !== undefined;
}

function pack(chat: Chat): ChatSnapshot {
  const { agent, askedBy, guest, records, status, takenAt, ticket, ticketId, ...others } = chat;
  return {
    ...others,
    status: status === "queued" ? status : "active",
    records: [...records],
    ...(guest === undefined ? {} : { guest }),
    ...(ticketId === undefined ? {} : { ticketId }),
    ...(takenAt === undefined ? {} : { takenAt }),
    ...(agent === undefined ? {} : { agent }),
    ...(askedBy === undefined ? {} : { askedBy }),
    ...(ticket === undefined ? {} : { ticket }),
  };
}

function unpack({ agent, askedBy, records, takenAt, ticket, ticketId, ...others }: ChatSnapshot): Chat {
  return { ...others, ticketId, takenAt, agent, askedBy, ticket, records: new Set(records) };
}
