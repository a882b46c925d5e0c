import type { Author, Rating, TicketStatus } from "../../core/contract/adapter.ts";
import type { Entry } from "./entry.ts";
import type { SentRecord } from "./record.ts";

/** The location of a mail: a UID is valid within one folder, as long as its UIDVALIDITY stays the same. */
export interface Place {
  readonly folder: string;
  readonly validity: string;
  readonly uid: number;
}

export interface Placed {
  readonly entry: Entry;
  /** The order in which the mails were read. */
  readonly order: number;
  readonly place: Place;
}

/** One mail of a thread, at its position. */
export interface Step extends Placed {
  readonly at: number;
  readonly by: Author["role"];
  /** The status that it caused, if it differs from the previous one. */
  readonly change?: TicketStatus;
}

/** A ticket, derived from its mails. */
export interface Thread {
  readonly id: string;
  readonly owner: string;
  readonly head: SentRecord;
  /** Oldest first. */
  readonly steps: readonly Step[];
  readonly status: TicketStatus;
  readonly rating?: Rating;
  readonly updatedAt: number;
  readonly updatedBy: Author["role"];
}

/** Undefined while the mail that started it is missing. Records of another member are ignored. */
export function threadOf(mails: readonly Placed[]): Thread | undefined {
  const head = mails.find(({ entry }) => entry.kind === "ticket")?.entry.record;
  if (head === undefined) return undefined;
  const own = mails.filter(({ entry }) => entry.record === undefined || entry.record.owner === head.owner);
  let status: TicketStatus = "open";
  let rating: Rating | undefined;
  const steps = inOrder(own).map(({ at, ...mail }): Step => {
    const before = status;
    status = statusAfter(mail.entry, before);
    rating = ratingOf(mail.entry.record) ?? rating;
    const change = status === before ? {} : { change: status };
    return { ...mail, at, by: roleOf(mail.entry), ...change };
  });
  const last = steps.at(-1);
  return {
    id: head.thread,
    owner: head.owner,
    head,
    steps,
    status,
    ...(rating === undefined ? {} : { rating }),
    updatedAt: last?.at ?? head.at,
    updatedBy: last?.by ?? "member",
  };
}

/**
 * The last author decides, unless the desk's mail names a status. An automatic mail changes nothing unless it names
 * one.
 */
function statusAfter({ kind, status }: Entry, before: TicketStatus): TicketStatus {
  if (kind === "ticket" || kind === "reply") return "open";
  return status ?? (kind === "answer" ? "awaiting" : before);
}

function roleOf({ kind, record }: Entry): Author["role"] {
  if (record !== undefined) return "member";
  return kind === "answer" ? "agent" : "system";
}

function ratingOf(record: SentRecord | undefined): Rating | undefined {
  if (record?.score === undefined) return undefined;
  return { score: record.score, ...(record.comment === undefined ? {} : { comment: record.comment }) };
}

/** A reply is placed after the mail that it answers, whatever the clocks say; mail times have one-second precision. */
function inOrder(mails: readonly Placed[]): readonly (Placed & { readonly at: number })[] {
  const times = new Map(mails.flatMap(({ entry }) => (entry.record ? [[entry.messageId, entry.at] as const] : [])));
  const begun = Math.min(...times.values());
  const byPlace = mails.toSorted((left, right) => left.entry.at - right.entry.at || left.place.uid - right.place.uid);
  const timed = byPlace.map((mail) => {
    if (mail.entry.record !== undefined) return { ...mail, at: mail.entry.at };
    const at = Math.max(mail.entry.at, begun + 1, ...mail.entry.answers.map((id) => (times.get(id) ?? 0) + 1));
    times.set(mail.entry.messageId, at);
    return { ...mail, at };
  });
  return timed.toSorted((left, right) => left.at - right.at);
}
