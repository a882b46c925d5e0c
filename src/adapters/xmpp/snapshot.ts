import type { Entry } from "./entry.ts";
import type { Chat, Snapshot } from "./queue.ts";
import { snapshotRecordOf, type ChatSnapshot, type SnapshotRecord } from "./records.ts";

type Part = Required<Pick<SnapshotRecord, "chats" | "spent">>;

/** In as many records as needed, each of about this many bytes of JSON. */
export function partsOf(snapshot: Snapshot, partBytes: number): readonly SnapshotRecord[] {
  const lists: Part[] = [{ chats: [], spent: [] }];
  let bytes = 0;
  function partFor(item: unknown): Part | undefined {
    const size = new TextEncoder().encode(JSON.stringify(item)).length;
    if (bytes + size > partBytes && bytes > 0) {
      lists.push({ chats: [], spent: [] });
      bytes = 0;
    }
    bytes += size;
    return lists.at(-1);
  }
  for (const chat of snapshot.chats.map(pack)) partFor(chat)?.chats.push(chat);
  for (const [id, at] of snapshot.spent) partFor([id, at])?.spent.push([id, at]);
  const { after, waits } = snapshot;
  const id = crypto.randomUUID();
  return lists.map((list, part) => ({
    type: "snapshot",
    id,
    after,
    waits: [...waits],
    part,
    parts: lists.length,
    ...list,
  }));
}

/** The newest complete one, with the entries after its last one, in the order of the archive. */
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
    const spent = new Map(parts.flatMap((part) => part.spent ?? []));
    return { snapshot: { after: last.after, waits: last.waits, chats, spent }, later: entries.slice(place) };
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
