import { isAdapterError, type AdapterError, type AdapterErrorCode } from "../core/contract/errors.ts";
import { PROBLEM_TYPE, statusByCode } from "../protocol/problems.ts";

export interface ProblemOptions extends ErrorOptions {
  /** If it differs from the code's usual status. */
  readonly status?: number;
  readonly retryAfterMs?: number | undefined;
  readonly fields?: Readonly<Record<string, string>> | undefined;
  /** There was a token, and it is invalid (RFC 6750, section 3.1). */
  readonly isTokenBad?: true;
}

/** A refusal by the gateway itself. An AdapterError, in contrast, always comes from the desk's adapter. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: AdapterErrorCode;
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  readonly fields: Readonly<Record<string, string>> | undefined;
  readonly isTokenBad: boolean;

  constructor(code: AdapterErrorCode, message: string, options: ProblemOptions = {}) {
    super(message, options);
    this.code = code;
    this.status = options.status ?? statusByCode[code];
    this.retryAfterMs = options.retryAfterMs;
    this.fields = options.fields;
    this.isTokenBad = options.isTokenBad ?? false;
  }
}

export function isProblem(error: unknown): error is Problem {
  return error instanceof Problem;
}

/**
 * What the caller is told about an error. The message of a desk's adapter is only for the operator: it may quote
 * another person's record or an internal address. The adapter's `fields` say what the member has to correct.
 */
export function problemOf(error: unknown): Problem {
  if (isProblem(error)) return error;
  if (isAdapterError(error)) return problemOfDesk(error);
  if (error instanceof DOMException && (error.name === "TimeoutError" || error.name === "AbortError")) {
    return new Problem("timeout", "the desk did not answer in time", { cause: error });
  }
  return new Problem("unknown", "something went wrong", { cause: error });
}

/** The public code and message. */
const told: Readonly<Record<AdapterErrorCode, readonly [code: AdapterErrorCode, words: string]>> = {
  // The desk refuses the gateway's own token: the member cannot fix that by signing in.
  unauthorized: ["unavailable", "the desk cannot be reached"],
  network: ["unavailable", "the desk cannot be reached"],
  timeout: ["timeout", "the desk did not answer in time"],
  unavailable: ["unavailable", "the desk is not available"],
  "stale-cursor": ["stale-cursor", "this cursor is no longer valid: start without one"],
  unknown: ["unknown", "something went wrong at the desk"],
  // The reason may concern somebody's account at the desk.
  forbidden: ["forbidden", "the desk does not allow this"],
  "not-found": ["not-found", "there is no such record"],
  "rate-limited": ["rate-limited", "the desk accepts no more now: wait before the next request"],
  "too-large": ["too-large", "this is larger than the desk accepts"],
  invalid: ["invalid", "the desk does not accept this"],
};

function problemOfDesk(error: AdapterError): Problem {
  const [code, words] = told[error.code];
  const isUnreachable = error.code === "unauthorized" || error.code === "network";
  const isToBeMended = error.code === "invalid" || error.code === "too-large";
  return new Problem(code, words, {
    ...(isUnreachable && { status: 502 }),
    ...(isToBeMended && { fields: error.fields }),
    retryAfterMs: error.retryAfterMs,
    cause: error,
  });
}

/** RFC 9457. */
export function problemDocumentOf(problem: Problem): Readonly<Record<string, unknown>> {
  return {
    type: "about:blank",
    title: titles[problem.status] ?? "Error",
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    ...(problem.fields ? { fields: problem.fields } : {}),
    ...(problem.retryAfterMs === undefined ? {} : { retryAfterMs: problem.retryAfterMs }),
  };
}

export function problemResponse(problem: Problem): Response {
  const headers = new Headers({ "Content-Type": PROBLEM_TYPE, "Cache-Control": "no-store" });
  if (problem.retryAfterMs !== undefined) headers.set("Retry-After", String(Math.ceil(problem.retryAfterMs / 1000)));
  if (problem.status === 401)
    headers.set("WWW-Authenticate", problem.isTokenBad ? 'Bearer error="invalid_token"' : "Bearer");
  return new Response(JSON.stringify(problemDocumentOf(problem)), { status: problem.status, headers });
}

/** With `about:blank`, the title is the phrase of the status (RFC 9457, section 4.2.1). */
const titles: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  410: "Gone",
  412: "Precondition Failed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  423: "Locked",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
  507: "Insufficient Storage",
};
