/** Who holds the live event stream open. Kept in memory: after a restart nobody is here until they come back. */
export interface Presence {
  /** One more stream of this session; its signal aborts when the session is signed out. */
  join(sessionId: string): PresentStream;
  /** A stream is open, or was so short a time ago that it may be a reload. */
  here(sessionId: string): boolean;
  /** Ends every stream of the session. */
  dismiss(sessionId: string): void;
}

export interface PresentStream {
  readonly signal: AbortSignal;
  leave(): void;
}

const graceMs = 10_000;

export function createPresence(now: () => number): Presence {
  const streams = new Map<string, Set<AbortController>>();
  const left = new Map<string, number>();

  return {
    join(sessionId) {
      const stream = new AbortController();
      const own = streams.get(sessionId) ?? new Set();
      streams.set(sessionId, own.add(stream));
      left.delete(sessionId);
      return {
        signal: stream.signal,
        leave() {
          if (!own.delete(stream) || own.size > 0) return;
          streams.delete(sessionId);
          left.set(sessionId, now());
        },
      };
    },
    here(sessionId) {
      if (streams.has(sessionId)) return true;
      const at = left.get(sessionId);
      if (at === undefined) return false;
      if (now() - at < graceMs) return true;
      left.delete(sessionId);
      return false;
    },
    dismiss(sessionId) {
      const own = streams.get(sessionId);
      streams.delete(sessionId);
      left.delete(sessionId);
      for (const stream of own ?? []) stream.abort(new Error("signed out"));
      own?.clear();
    },
  };
}
