import type { OutboxEntry, OutboxItem, OutboxRecord } from "./outbox-entry.ts";
import { isSame } from "./rebase.ts";

type Listener<T> = (mine: OutboxEntry<T>, sent: OutboxRecord<T>) => void;

/** What two tabs sent at the same moment under one id, as they share what is being written: the first one's words count. */
export interface Superseded<T extends OutboxItem, Result> {
  /** This has arrived. A tab that reads the storage late may still add it. */
  arrived(record: OutboxRecord<T>, result: Result): void;
  /** What arrived under this id, if it was among the last. */
  find(id: string): { readonly record: OutboxRecord<T>; readonly result: Result } | undefined;
  /** Calls the listeners when this entry is not what was sent. Gives whether it did. */
  compare(mine: OutboxEntry<T>, sent: OutboxRecord<T>): boolean;
  /**
   * The first of each id. A guest's entry that went over to a member may have the id of one of theirs: both were made of
   * what the tabs shared. Of each other one the listeners hear once.
   */
  withoutDoubles(records: readonly OutboxRecord<T>[]): readonly OutboxRecord<T>[];
  listen(listener: Listener<T>): void;
}

const rememberedAtMost = 20;

export function createSuperseded<T extends OutboxItem, Result>(): Superseded<T, Result> {
  const last = new Map<string, { readonly record: OutboxRecord<T>; readonly result: Result }>();
  const listeners: Listener<T>[] = [];
  const doubles = new Set<string>();

  function compare(mine: OutboxEntry<T>, sent: OutboxRecord<T>): boolean {
    const files = mine.files.filter((id) => !sent.files.includes(id));
    if (isSame(mine.item, sent.item) && files.length === 0) return false;
    for (const listener of listeners) listener({ ...mine, files }, sent);
    return true;
  }
  return {
    arrived(record, result) {
      doubles.delete(record.item.clientId);
      last.set(record.item.clientId, { record, result });
      const [oldest] = last.keys();
      if (last.size > rememberedAtMost && oldest !== undefined) last.delete(oldest);
    },
    find: (id) => last.get(id),
    compare,
    withoutDoubles: (records) =>
      records.filter((record, index) => {
        const { clientId } = record.item;
        const first = records.find(({ item }) => item.clientId === clientId);
        if (!first || records.indexOf(first) === index) return true;
        if (!doubles.has(clientId)) compare({ ...record, state: { status: "waiting" } }, first);
        doubles.add(clientId);
        return false;
      }),
    listen: (listener) => void listeners.push(listener),
  };
}
