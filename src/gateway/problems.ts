import { isAdapterError, type AdapterErrorCode } from "../core/contract/errors.ts";
import { PROBLEM_TYPE, statusByCode } from "../protocol/problems.ts";

export interface ProblemOptions extends ErrorOptions {
  /** Where it is not the code's usual one. */
  readonly status?: number;
  readonly retryAfterMs?: number | undefined;
  readonly fields?: Readonly<Record<string, string>> | undefined;
}

/** What the gateway itself refuses with. An AdapterError, on the other hand, always comes from the desk's adapter. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: AdapterErrorCode;
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  readonly fields: Readonly<Record<string, string>> | undefined;

  constructor(code: AdapterErrorCode, message: string, options: ProblemOptions = {}) {
    super(message, options);
    this.code = code;
    this.status = options.status ?? statusByCode[code];
    this.retryAfterMs = options.retryAfterMs;
    this.fields = options.fields;
  }
}

export function isProblem(error: unknown): error is Problem {
  return error instanceof Problem;
}

/**
 * What is told of an error. The message of a desk's adapter is for the operator: it may quote another person's record or
 * an internal address. What the member has to mend is in its `fields`, by the adapter's contract.
 */
export function problemOf(error: unknown): Problem {
  if (isProblem(error)) return error;
  if (isAdapterError(error)) {
    const { code, retryAfterMs, fields } = error;
    switch (code) {
      // The desk does not take the gateway's own token: nothing that the member could sign in for.
      case "unauthorized":
      case "network":
        return new Problem("unavailable", "the desk cannot be reached", { status: 502, retryAfterMs, cause: error });
      case "timeout":
        return new Problem("timeout", "the desk did not answer in time", { retryAfterMs, cause: error });
      case "unavailable":
        return new Problem("unavailable", "the desk is not available", { retryAfterMs, cause: error });
      case "unknown":
        return new Problem("unknown", "something went wrong at the desk", { cause: error });
      // Why may be a fact of somebody's account at the desk.
      case "forbidden":
        return new Problem("forbidden", "the desk does not allow this", { cause: error });
      case "not-found":
        return new Problem("not-found", "there is no such record", { cause: error });
      case "rate-limited":
        return new Problem("rate-limited", "the desk takes no more now: wait before the next", {
          retryAfterMs,
          cause: error,
        });
      case "too-large":
        return new Problem("too-large", "this is larger than the desk takes", { fields, cause: error });
      case "invalid":
        return new Problem("invalid", "the desk does not take it like this", { fields, cause: error });
    }
  }
  if (error instanceof DOMException && (error.name === "TimeoutError" || error.name === "AbortError")) {
    return new Problem("timeout", "the desk did not answer in time", { cause: error });
  }
  return new Problem("unknown", "something went wrong", { cause: error });
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
  if (problem.status === 401) headers.set("WWW-Authenticate", "Bearer");
  return new Response(JSON.stringify(problemDocumentOf(problem)), { status: problem.status, headers });
}

/** With `about:blank`, the title is the status's own phrase (RFC 9457, section 4.2.1). */
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
