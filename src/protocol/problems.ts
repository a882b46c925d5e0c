import * as v from "valibot";
import type { AdapterErrorCode } from "../core/contract/errors.ts";

/** RFC 9457. `type` is always `about:blank`; programs use `code`, which is a code of AdapterError. */
export const problemDocument = v.object({
  title: v.exactOptional(v.string()),
  status: v.exactOptional(v.number()),
  detail: v.exactOptional(v.string()),
  /** Any string, as a newer gateway may send other codes; clients then use the status. */
  code: v.exactOptional(v.string()),
  fields: v.exactOptional(v.record(v.string(), v.string())),
  /** In ms. Same as the `Retry-After` header, which an event in a stream can't have. */
  retryAfterMs: v.exactOptional(v.number()),
});
export const PROBLEM_TYPE = "application/problem+json";

/** The HTTP status for each code. */
export const statusByCode = {
  network: 502,
  timeout: 504,
  unauthorized: 401,
  forbidden: 403,
  "not-found": 404,
  invalid: 422,
  "too-large": 413,
  "rate-limited": 429,
  unavailable: 503,
  "stale-cursor": 412,
  unknown: 500,
} as const satisfies Record<AdapterErrorCode, number>;

const codeByStatus: Readonly<Record<number, AdapterErrorCode>> = {
  400: "invalid",
  401: "unauthorized",
  403: "forbidden",
  404: "not-found",
  405: "invalid",
  408: "timeout",
  // Another call with the same key is still running; a later retry gets its result.
  409: "unavailable",
  410: "not-found",
  412: "stale-cursor",
  413: "too-large",
  415: "invalid",
  422: "invalid",
  423: "unavailable",
  425: "unavailable",
  429: "rate-limited",
  502: "unavailable",
  503: "unavailable",
  504: "timeout",
  507: "unavailable",
};

/** The code for a status without a problem document, such as a proxy's error page. */
export function codeOfStatus(status: number): AdapterErrorCode {
  return codeByStatus[status] ?? "unknown";
}
