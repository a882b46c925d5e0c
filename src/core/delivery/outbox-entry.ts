import type { AdapterErrorCode } from "../contract/errors.ts";

export interface OutboxItem {
  /** A UUID that the item keeps until the desk has accepted or refused it. */
  readonly clientId: string;
}

/** Refused permanently: only the member can correct it. `file` names the file that the desk does not accept. */
export interface Refused {
  readonly status: "refused";
  readonly code: AdapterErrorCode;
  readonly fields?: Readonly<Record<string, string>>;
  readonly file?: string;
}

export type EntryState =
  /** An earlier entry of its lane is sent first. */
  | { readonly status: "waiting" }
  /** Its files are uploading. */
  | { readonly status: "uploading" }
  | { readonly status: "sending" }
  /** Not arrived yet; the outbox retries automatically. */
  | { readonly status: "retrying"; readonly code: AdapterErrorCode }
  | Refused;

export interface OutboxEntry<T> {
  readonly item: T;
  /** Ids of the attached files. */
  readonly files: readonly string[];
  readonly state: EntryState;
}

/** The stored part of an entry. */
export interface OutboxRecord<T> {
  readonly item: T;
  readonly files: readonly string[];
  /** The tab where it was written. */
  readonly tab: string;
  readonly refused?: Refused;
  /** The subject of the token with which it was last sent: it may have arrived. */
  readonly tried?: string;
}

/** Those of `pending` that are not among `messages` yet: the stream may be faster than the answer to the request. */
export function notArrived<Entry extends OutboxEntry<OutboxItem>>(
  pending: readonly Entry[],
  messages: readonly { readonly clientId?: string }[],
): readonly Entry[] {
  const arrived = new Set(messages.map((message) => message.clientId));
  return pending.filter((entry) => !arrived.has(entry.item.clientId));
}

/**
 * The stored entries in order, with the states that this tab knows; an unstored entry comes before later local ones.
 */
export function mergeEntries<T extends OutboxItem>(
  stored: readonly OutboxRecord<T>[],
  here: readonly OutboxEntry<T>[],
  wasStored: (id: string) => boolean,
): readonly OutboxEntry<T>[] {
  const known = new Map(here.map((entry) => [entry.item.clientId, entry]));
  const ids = new Set(stored.map(({ item }) => item.clientId));
  const entries = stored.map(({ item, files, refused }): OutboxEntry<T> => {
    const entry = known.get(item.clientId) ?? { item, files, state: { status: "waiting" } };
    return refused ? { ...entry, state: refused } : entry;
  });
  // Another tab has sent or removed an entry that is no longer stored.
  const rest = here.filter(({ item }) => !ids.has(item.clientId) && !wasStored(item.clientId));
  const placeOf = ({ item }: OutboxEntry<T>) => here.findIndex((entry) => entry.item.clientId === item.clientId);
  const merged = entries.flatMap((entry) => {
    const later = rest.findIndex((each) => placeOf(each) > placeOf(entry));
    return [...rest.splice(0, later < 0 ? rest.length : later), entry];
  });
  return [...merged, ...rest];
}
