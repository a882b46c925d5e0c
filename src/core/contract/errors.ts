/** The closed list of failures between the widget and a desk. The member reads the locale's text for the code. */
export const adapterErrorCodes = [
  "network",
  "timeout",
  "unauthorized",
  "forbidden",
  "not-found",
  "invalid",
  "too-large",
  "rate-limited",
  "unavailable",
  /** The desk no longer accepts this cursor: read everything from the beginning. */
  "stale-cursor",
  "unknown",
] as const;

export type AdapterErrorCode = (typeof adapterErrorCodes)[number];

export interface AdapterErrorOptions extends ErrorOptions {
  /** For `rate-limited` and `unavailable`: how long to wait before retrying. */
  readonly retryAfterMs?: number;
  /** For `invalid`: a developer's message by the draft's field (`title`, `text`, or a key of `fields()`). */
  readonly fields?: Readonly<Record<string, string>>;
}

// Two copies of this module may be on one page, so errors are recognised by a registered symbol, not by `instanceof`.
const brand = Symbol.for("podpora.AdapterError");

/**
 * The only error an adapter throws, besides the reason of an aborted signal. `message` is for a developer and says what
 * to do; it never reaches the member.
 */
export class AdapterError extends Error {
  override readonly name = "AdapterError";
  readonly code: AdapterErrorCode;
  readonly retryAfterMs: number | undefined;
  readonly fields: Readonly<Record<string, string>> | undefined;
  readonly [brand] = true;

  constructor(code: AdapterErrorCode, message: string, options: AdapterErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.fields = options.fields;
  }
}

export function isAdapterError(error: unknown): error is AdapterError {
  return typeof error === "object" && error !== null && brand in error;
}

/** The code of the member's text: `unknown` for any other error than an `AdapterError`. */
export function codeOf(error: unknown): AdapterErrorCode {
  return isAdapterError(error) ? error.code : "unknown";
}

/** The same call may succeed later, unchanged. */
export function isRetryable(error: unknown): boolean {
  return (
    isAdapterError(error) &&
    (error.code === "network" ||
      error.code === "timeout" ||
      error.code === "rate-limited" ||
      error.code === "unavailable")
  );
}
