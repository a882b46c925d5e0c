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
  listen(listener: Listener<T>): void;
}

const rememberedAtMost = 20;

export function createSuperseded<T extends OutboxItem, Result>(): Superseded<T, Result> {
  const last = new Map<string, { readonly record: OutboxRecord<T>; readonly result: Result }>();
  const listeners: Listener<T>[] = [];
  return {
    arrived(record, result) {
      last.set(record.item.clientId, { record, result });
      const [oldest] = last.keys();
      if (last.size > rememberedAtMost && oldest !== undefined) last.delete(oldest);
    },
    find: (id) => last.get(id),
    compare(mine, sent) {
      const files = mine.files.filter((id) => !sent.files.includes(id));
      if (isSame(mine.item, sent.item) && files.length === 0) return false;
      for (const listener of listeners) listener({ ...mine, files }, sent);
      return true;
    },
    listen: (listener) => void listeners.push(listener),
  };
}
