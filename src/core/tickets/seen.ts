import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals-core";
import type { Ticket } from "../contract/adapter.ts";
import { deskClock } from "../delivery/desk-clock.ts";
import { createDraft } from "../delivery/drafts.ts";
import type { Scope } from "../delivery/scope.ts";

/** What the member has read, on this device: desks know what they sent, not what was read. */
export interface Seen {
  /** When the previous visit ended, as ISO 8601; undefined on the first. */
  readonly lastVisit: ReadonlySignal<string | undefined>;
  isUnread(ticket: Ticket): boolean;
  /** Up to when the ticket was read. */
  readUpTo(ticketId: string): string | undefined;
  read(ticket: Ticket): void;
  /** The list is on the screen: a visit starts once the member can see it. */
  visit(): void;
}

/** After this absence a new visit starts. */
const visitMs = 30 * 60_000;
/** The read state is kept for this many tickets. */
const rememberedAtMost = 500;
const ticketKey = (id: string) => `ticket/${id}`;

/** Call it inside a model. */
export function createSeen({ platform, storage }: Scope): Seen {
  const clock = deskClock(platform);
  // One flat record: each tab writes its own keys, and removes none of the others'.
  const record = createDraft<Readonly<Record<string, string | undefined>>>(storage, "seen", {});
  const isExpected = signal(false);
  const now = () => new Date(clock.now()).toISOString();

  function visit() {
    isExpected.value = !platform.visible.peek();
    if (isExpected.peek()) return;
    // The record may load slowly: changes meanwhile are unread.
    const earliest = new Date(clock.earliest()).toISOString();
    void record.loaded.then(() => {
      const { first = earliest, active } = record.value.peek();
      const isNext = active !== undefined && clock.now() - Date.parse(active) > visitMs;
      record.set({ active: now(), first, ...(isNext && { before: active }) });
    });
  }
  effect(() => {
    if (platform.visible.value && isExpected.value) untracked(visit);
  });

  return {
    lastVisit: computed(() => record.value.value["before"]),
    isUnread(ticket) {
      const { [ticketKey(ticket.id)]: read, first } = record.value.value;
      // Messages from before the first visit of this device are not unread.
      const since = read ?? first;
      return ticket.updatedBy !== "member" && since !== undefined && Date.parse(ticket.updatedAt) > Date.parse(since);
    },
    readUpTo: (ticketId) => record.value.peek()[ticketKey(ticketId)],
    read({ id, updatedAt }) {
      if (record.value.peek()[ticketKey(id)] === updatedAt) return;
      record.set({
        [ticketKey(id)]: updatedAt,
        ...withoutOldest({ ...record.value.peek(), [ticketKey(id)]: updatedAt }),
      });
    },
    visit,
  };
}

/** Forgets the tickets that changed longest ago: older changes no longer count as unread. */
function withoutOldest(
  record: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  const tickets = Object.entries(record).filter(([key, read]) => key.startsWith("ticket/") && read !== undefined);
  if (tickets.length <= rememberedAtMost) return {};
  const byAge = tickets.toSorted(([, a = ""], [, b = ""]) => Date.parse(a) - Date.parse(b));
  const forgotten = byAge.slice(0, tickets.length - rememberedAtMost);
  const newest = forgotten.at(-1)?.[1] ?? "";
  const { first = "" } = record;
  return {
    ...Object.fromEntries(forgotten.map(([key]) => [key, undefined])),
    first: Date.parse(newest) > Date.parse(first) || first === "" ? newest : first,
  };
}
