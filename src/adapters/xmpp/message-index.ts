import type { Entry } from "./entry.ts";

/**
 * The position of a message, by each of its ids. The archive's own id has precedence over senders' ids, and a sender's
 * id is only valid for that sender: nobody can take over another person's message by using its id.
 */
export interface MessageIndex {
  add(entry: Entry, index: number): void;
  /** The message to which the gateway or an agent's client refers by this id in a mark. */
  find(id: string): number | undefined;
  /** The message to which the author of `by` refers by this id. */
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
