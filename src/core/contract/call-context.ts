/** The person who needs help. */
export interface Member {
  /** The desk's own stable id. */
  readonly id: string;
  readonly name?: string;
  readonly email?: string;
  /** One of the site's ranks, such as "Silver". A guest has none. */
  readonly rank?: string;
  readonly locale?: string;
  /** Known only to this browser: unverified by the site and the desk. */
  readonly guest?: boolean;
}

/** Passed to every call. `signal` aborts on time-out, on closing, on destroy; the call rejects with its reason. */
export interface CallContext {
  readonly signal: AbortSignal;
  readonly locale: string;
  /** The caller. On the server: verified by the gateway, never guessed by the adapter. */
  readonly member?: Member;
  /**
   * Reports the server's time, in milliseconds since the epoch: an adapter over a network calls it with each answer.
   */
  onServerTime?(ms: number): void;
}

/** Passed to `events`. */
export interface StreamContext extends CallContext {
  /** Call this once the connection is open, so that the "connection lost" notice goes away before the first event. */
  onConnected?(): void;
  /**
   * Reports where a stream opened without a cursor starts, if it can resume from there: its first event may come much
   * later.
   */
  onPosition?(cursor: string): void;
}
