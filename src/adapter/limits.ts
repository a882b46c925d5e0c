/** The limits for calls to one desk and for its answers. docs/operate.md has the list. */
export const limits = {
  /** How long a call may take, including its wait, unless the option `callMs` says otherwise. */
  CALL_MS: 20_000,
  CALLS_AT_ONCE: 16,
  CALLS_WAITING: 256,
  /** The retry delay when the queue is full. */
  BUSY_RETRY_MS: 2000,
  /** After this many consecutive calls without an answer the breaker opens. */
  FAILURES_IN_A_ROW: 5,
  /** How long an open breaker makes no calls; then one trial call is made. */
  AWAY_MS: 3000,
  /** How long the trial call may take: with `AWAY_MS`, a desk that is back is used within ten seconds. */
  TRY_MS: 6000,
  /** A failed read is retried once, after a random time up to this. */
  REPEAT_MOST_MS: 500,
  /** Of an answer in JSON. */
  ANSWER_BYTES: 16 * 1024 * 1024,
  /** The maximum nesting of an answer in JSON. */
  ANSWER_DEPTH: 64,
  /** Of the answer to a refused call; the rest is not read. */
  REFUSAL_BYTES: 64 * 1024,
  /** Of one file that a member downloads, unless the option `maxFileBytes` is higher. */
  FILE_BYTES: 32 * 1024 * 1024,
} as const;
