import { AdapterError, isAdapterError, isRetryable, type AdapterErrorCode } from "../../core/contract/errors.ts";
import { retryAfterMs } from "../../core/contract/retry-after.ts";
import { readRefusal } from "./desk-answer.ts";

/** What a desk answered instead of what was asked for: the `cause` of the AdapterError. */
interface Refusal {
  readonly status: number;
  readonly body: string;
}

const codes: Readonly<Record<number, AdapterErrorCode>> = {
  // The desk refuses the gateway's own token: nothing that the member could mend by signing in.
  401: "unavailable",
  403: "forbidden",
  404: "not-found",
  408: "timeout",
  413: "too-large",
  400: "invalid",
  415: "invalid",
  422: "invalid",
  429: "rate-limited",
};

/** `asked` is for the message, such as "GET /issues.json". */
export async function refusalOf(desk: string, asked: string, response: Response): Promise<AdapterError> {
  const { status, headers } = response;
  const cause: Refusal = { status, body: await readRefusal(response) };
  if (status >= 300 && status < 400) {
    return new AdapterError("unavailable", `${desk} sent ${asked} elsewhere: is its API on, and the address right?`, {
      cause,
    });
  }
  if (status === 401) return new AdapterError("unavailable", `${desk} does not take the gateway's token`, { cause });
  const after = retryAfterMs(headers.get("Retry-After"), Date.now());
  return new AdapterError(codes[status] ?? "unavailable", `${desk} answered ${asked} with ${status}`, {
    cause,
    ...(after === undefined ? {} : { retryAfterMs: after }),
  });
}

/** The status that the desk refused with, if that is what went wrong. */
export function statusOf(error: unknown): number | undefined {
  return isAdapterError(error) && isRefusal(error.cause) ? error.cause.status : undefined;
}

/** What the desk said with it. */
export function answerOf(error: unknown): string {
  return isAdapterError(error) && isRefusal(error.cause) ? error.cause.body : "";
}

/** Whether the desk is not well, or asked for too much: not what it says to this one call. */
export function isDeskAway(error: unknown): boolean {
  const status = statusOf(error);
  return isRetryable(error) && (status === undefined || status >= 500 || status === 429);
}

function isRefusal(cause: unknown): cause is Refusal {
  return typeof cause === "object" && cause !== null && "status" in cause && "body" in cause;
}
