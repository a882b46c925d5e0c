import type { OutboxEntry, OutboxItem, OutboxRecord } from "./outbox-entry.ts";
import { isSame } from "./rebase.ts";

type Listener<T> = (mine: OutboxEntry<T>, sent: OutboxRecord<T>) => void;

/** Items that two tabs sent at the same moment with one id, since they share a draft: the first one counts. */
export interface Superseded<T extends OutboxItem, Result> {
  /** This has arrived. A tab that reads the storage late may still add it. */
  arrived(record: OutboxRecord<T>, result: Result): void;
  /** The item that arrived with this id, if it is one of the last. */
  find(id: string): { readonly record: OutboxRecord<T>; readonly result: Result } | undefined;
  /** Calls the listeners if this entry differs from the sent one. Returns whether it does. */
  compare(mine: OutboxEntry<T>, sent: OutboxRecord<T>): boolean;
  /**
   * The first of each id. A guest's entry that was transferred to a member may have the id of one of theirs: both came
   * from the shared draft. The listeners are called once for each of the others.
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
