import type { Entry } from "./entry.ts";
import { threadOf, type Place, type Placed, type Thread } from "./thread.ts";

/** An index of the mailbox: the headers of threads' mails, in memory, read again after a start. */
export interface MailIndex {
  add(entry: Entry, place: Place): void;
  /** The mail was deleted or moved. */
  remove(threadId: string, key: string, place: Place): void;
  thread(threadId: string): Thread | undefined;
  /** The number of the last mail that was read; each later mail has a higher one. */
  newest(): number;
  /** In any order. */
  threadsOf(owners: readonly string[]): readonly Thread[];
  /** The threads that have changed since the previous call. */
  changed(): ReadonlySet<string>;
}

interface Known {
  readonly entry: Entry;
  readonly order: number;
  /** The last is the newest. */
  readonly places: Place[];
}

/** Mails in memory, some 3 kB each. Above that, the threads that changed last are kept. */
export const MAILS_MOST = 100_000;

export function createIndex(most = MAILS_MOST): MailIndex {
  /** By thread, then by key. A thread that changes moves to the end. */
  const mails = new Map<string, Map<string, Known>>();
  const threads = new Map<string, Thread | undefined>();
  const owned = new Map<string, Set<string>>();
  let changes = new Set<string>();
  let size = 0;
  let newest = 0;

  function touch(threadId: string): void {
    changes.add(threadId);
    threads.delete(threadId);
  }

  function disown({ record, thread: threadId }: Entry): void {
    if (record?.kind === "ticket") owned.get(record.owner)?.delete(threadId);
  }

  function forgetOldest(): void {
    const [oldest] = mails.keys();
    if (oldest === undefined) return;
    const known = mails.get(oldest);
    size -= known?.size ?? 0;
    for (const { entry } of known?.values() ?? []) disown(entry);
    mails.delete(oldest);
    touch(oldest);
  }

  function thread(threadId: string): Thread | undefined {
    if (threads.has(threadId)) return threads.get(threadId);
    const known = mails.get(threadId);
    const found = known && threadOf([...known.values()].flatMap(placed));
    if (known) threads.set(threadId, found);
    return found;
  }

  return {
    add(entry, place) {
      const known = mails.get(entry.thread) ?? new Map<string, Known>();
      mails.delete(entry.thread);
      mails.set(entry.thread, known);
      const before = known.get(entry.key);
      if (before) before.places.push(place);
      else {
        newest += 1;
        known.set(entry.key, { entry, order: newest, places: [place] });
        size += 1;
      }
      if (entry.record?.kind === "ticket") {
        const ids = owned.get(entry.record.owner) ?? new Set<string>();
        owned.set(entry.record.owner, ids.add(entry.thread));
      }
      touch(entry.thread);
      if (size > most) forgetOldest();
    },
    remove(threadId, key, place) {
      const known = mails.get(threadId);
      const mail = known?.get(key);
      if (!known || !mail) return;
      const at = mail.places.findIndex((one) => isSame(one, place));
      if (at === -1) return;
      mail.places.splice(at, 1);
      touch(threadId);
      if (mail.places.length > 0) return;
      known.delete(key);
      size -= 1;
      disown(mail.entry);
      if (known.size === 0) mails.delete(threadId);
    },
    thread,
    newest: () => newest,
    threadsOf: (owners) => owners.flatMap((owner) => [...(owned.get(owner) ?? [])].flatMap((id) => thread(id) ?? [])),
    changed() {
      const told = changes;
      changes = new Set();
      return told;
    },
  };
}

function placed({ places, ...mail }: Known): readonly Placed[] {
  const place = places.at(-1);
  return place ? [{ ...mail, place }] : [];
}

function isSame(left: Place, right: Place): boolean {
  return left.folder === right.folder && left.validity === right.validity && left.uid === right.uid;
}
