/**
 * Which sessions have an open event stream. Kept in memory: after a restart, sessions are absent until they reconnect.
 */
export interface Presence {
  /** Adds a stream of this session; its signal aborts on sign-out. */
  join(sessionId: string): PresentStream;
  /** A stream is open, or was until a moment ago (such as during a reload). */
  here(sessionId: string): boolean;
  /** Ends all streams of the session. */
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
