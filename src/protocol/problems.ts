import * as v from "valibot";
import type { AdapterErrorCode } from "../core/contract/errors.ts";

/**
 * RFC 9457. `type` is always `about:blank`: what a program decides by is `code`, one of AdapterError's.
 */
export const problemDocument = v.object({
  title: v.exactOptional(v.string()),
  status: v.exactOptional(v.number()),
  detail: v.exactOptional(v.string()),
  /** Any string: a newer gateway may know more codes, and the status says the rest. */
  code: v.exactOptional(v.string()),
  fields: v.exactOptional(v.record(v.string(), v.string())),
  /** As the header `Retry-After`, which an event in a stream does not have. In ms. */
  retryAfterMs: v.exactOptional(v.number()),
});
export const PROBLEM_TYPE = "application/problem+json";

/** The status that a code is told with. */
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
  unknown: 500,
} as const satisfies Record<AdapterErrorCode, number>;

const codeByStatus: Readonly<Record<number, AdapterErrorCode>> = {
  400: "invalid",
  401: "unauthorized",
  403: "forbidden",
  404: "not-found",
  405: "invalid",
  408: "timeout",
  // Another call with the same key still runs: the same call later finds its answer.
  409: "unavailable",
  410: "not-found",
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

/** What a status means when its body does not say: an error page of a proxy. */
export function codeOfStatus(status: number): AdapterErrorCode {
  return codeByStatus[status] ?? "unknown";
}
