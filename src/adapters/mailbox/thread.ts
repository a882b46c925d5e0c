import type { Author, Rating, TicketStatus } from "../../core/contract/adapter.ts";
import type { Entry } from "./entry.ts";
import type { SentRecord } from "./record.ts";

/** Where a mail is now: a UID means something within one folder, as long as its UIDVALIDITY stays. */
export interface Place {
  readonly folder: string;
  readonly validity: string;
  readonly uid: number;
}

export interface Placed {
  readonly entry: Entry;
  /** In which order the mails were read. */
  readonly order: number;
  readonly place: Place;
}

/** One mail of a thread, at its place in it. */
export interface Step extends Placed {
  readonly at: number;
  readonly by: Author["role"];
  /** The state that it brought about, where that is another than before. */
  readonly change?: TicketStatus;
}

/** A ticket, as its mails say. */
export interface Thread {
  readonly id: string;
  readonly owner: string;
  readonly head: SentRecord;
  /** The oldest first. */
  readonly steps: readonly Step[];
  readonly status: TicketStatus;
  readonly rating?: Rating;
  readonly updatedAt: number;
  readonly updatedBy: Author["role"];
}

/** Undefined while the mail that it began with is not there. What another member's record says is left out. */
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

/** Whose word is last, unless the desk's mail says otherwise. A program's mail changes nothing unless it does. */
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

/** An answer comes after what it answers, whatever the clocks say; mail servers tell the second. */
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
