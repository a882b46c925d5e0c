/**
 * The owners of the tickets that a feed has reported last: the former owners are notified when a ticket disappears from
 * the desk.
 */
export interface Owners {
  /** It has changed, and these people have it now. Returns those who had it before, and no longer do. */
  set(ticketId: string, keys: readonly string[]): readonly string[];
  /** A check has found that these people have it now. Its place stays, and no other ticket is forgotten. */
  check(ticketId: string, keys: readonly string[]): readonly string[];
  /**
   * Tickets that changed before all that are known, the last changed first. Known tickets keep their place and their
   * owners; the oldest ones are left out if there are too many.
   */
  learn(tickets: Iterable<readonly [ticketId: string, keys: readonly string[]]>): void;
  /** It is gone. Returns its former owners. */
  lose(ticketId: string): readonly string[];
  has(ticketId: string): boolean;
  readonly ids: () => readonly string[];
}

/** For at most this many tickets: the one that was set first is forgotten first. */
export function createOwners(most: number): Owners {
  const known = new Map<string, readonly string[]>();
  return {
    set(ticketId, keys) {
      const before = known.get(ticketId) ?? [];
      known.delete(ticketId);
      if (keys.length > 0) known.set(ticketId, keys);
      const [oldest] = known.keys();
      if (known.size > most && oldest !== undefined) known.delete(oldest);
      return before.filter((key) => !keys.includes(key));
    },
    check(ticketId, keys) {
      const before = known.get(ticketId);
      if (before === undefined) return [];
      if (keys.length > 0) known.set(ticketId, keys);
      else known.delete(ticketId);
      return before.filter((key) => !keys.includes(key));
    },
    learn(tickets) {
      const unknown = [...tickets].filter(([id, keys]) => keys.length > 0 && !known.has(id));
      const all = [...unknown.slice(0, Math.max(0, most - known.size)).toReversed(), ...known];
      known.clear();
      for (const [id, keys] of all) known.set(id, keys);
    },
    lose(ticketId) {
      const before = known.get(ticketId) ?? [];
      known.delete(ticketId);
      return before;
    },
    has: (ticketId) => known.has(ticketId),
    ids: () => [...known.keys()],
  };
}
