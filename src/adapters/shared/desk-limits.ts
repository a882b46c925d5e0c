/** What one desk is asked for at most, and what is read of its answers. docs/operate.md has the list. */
export const limits = {
  /** How long a call may take, its waiting included, unless the option `callMs` says otherwise. */
  CALL_MS: 20_000,
  CALLS_AT_ONCE: 16,
  CALLS_WAITING: 256,
  /** When the queue is full: how long to wait before the next try. */
  BUSY_RETRY_MS: 2000,
  /** After so many calls in a row without an answer the desk counts as away. */
  FAILURES_IN_A_ROW: 5,
  /** How long a desk that is away is not asked; then one call tries. */
  AWAY_MS: 3000,
  /** How long that call may take: with `AWAY_MS`, a desk that is back is used within ten seconds. */
  TRY_MS: 6000,
  /** A read that failed is repeated once, after a random time up to this. */
  REPEAT_MOST_MS: 500,
  /** Of an answer in JSON. */
  ANSWER_BYTES: 16 * 1024 * 1024,
  /** How deep an answer in JSON may be nested. */
  ANSWER_DEPTH: 64,
  /** Of what a desk says with a refusal; the rest is left unread. */
  REFUSAL_BYTES: 64 * 1024,
  /** Of one file that a member downloads, unless the option `maxFileBytes` is higher. */
  FILE_BYTES: 32 * 1024 * 1024,
} as const;
