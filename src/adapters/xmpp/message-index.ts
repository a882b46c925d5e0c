import type { Entry } from "./entry.ts";

/**
 * Where a message stands, by each of its names. The archive's own name of it comes before what senders call theirs, and of
 * a sender's names each belongs to that sender alone: nobody takes over another one's message by using its id.
 */
export interface MessageIndex {
  add(entry: Entry, index: number): void;
  /** Of what the gateway or an agent's client calls by this id, when it marks it. */
  find(id: string): number | undefined;
  /** Of what the author of `by` calls by this id. */
  findOwn(id: string, by: Entry): number | undefined;
}

export function createMessageIndex(): MessageIndex {
  const archived = new Map<string, number>();
  const sent = new Map<string, number>();
  const own = new Map<string, number>();
  const ownKey = (id: string, { nick, record }: Entry) => JSON.stringify([record === undefined ? nick : "", id]);

  return {
    add(entry, index) {
      archived.set(entry.id, index);
      for (const id of [entry.sentId, entry.originId]) {
        if (id === undefined) continue;
        own.set(ownKey(id, entry), index);
        if (!sent.has(id)) sent.set(id, index);
      }
    },
    find: (id) => archived.get(id) ?? sent.get(id),
    findOwn: (id, by) => archived.get(id) ?? own.get(ownKey(id, by)),
  };
}
