/**
 * The owners of the tickets that a feed has reported last: the former owners are notified when a ticket disappears from
 * the desk.
 */
export interface Owners {
  /** These people have it now. Returns those who had it before, and no longer do. */
  set(ticketId: string, keys: readonly string[]): readonly string[];
  /** It is gone. Returns its former owners. */
  lose(ticketId: string): readonly string[];
  has(ticketId: string): boolean;
  readonly ids: () => readonly string[];
}

/** For at most this many tickets. */
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
    lose(ticketId) {
      const before = known.get(ticketId) ?? [];
      known.delete(ticketId);
      return before;
    },
    has: (ticketId) => known.has(ticketId),
    ids: () => [...known.keys()],
  };
}
