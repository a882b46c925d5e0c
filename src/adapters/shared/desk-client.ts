import ky, { type KyInstance } from "ky";
import * as v from "valibot";
import { AdapterError, isAdapterError, type AdapterErrorCode } from "../../core/contract/errors.ts";
import { version } from "../../version.ts";

export interface DeskClientOptions {
  /** For messages, such as "Request Tracker". */
  readonly desk: string;
  /** Without a slash at the end, such as "https://rt.example.org/REST/2.0". */
  readonly url: string;
  /** What every call shows, such as its token. */
  readonly headers: Readonly<Record<string, string>>;
  /** How long a call may take. @default 20 000 */
  readonly callMs?: number;
}

export interface DeskCall {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  /** From the client's address, with a leading slash; each part of it already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly json?: unknown;
  readonly body?: BodyInit;
  /** Beside the client's own; the same name takes its place. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A desk's HTTP API. Every failure is an AdapterError, but for an abort: that keeps its own reason. */
export interface DeskClient {
  /** The answer, read by `schema`. Rejects with `unknown` when it does not fit. */
  json<T>(call: DeskCall, schema: v.GenericSchema<unknown, T>, signal: AbortSignal): Promise<T>;
  /** For a call whose answer says nothing. */
  done(call: DeskCall, signal: AbortSignal): Promise<void>;
  /** Any answer that is not a refusal, its body unread. */
  raw(call: DeskCall, signal: AbortSignal): Promise<Response>;
}

/** What a desk answered instead of what was asked for: the `cause` of the AdapterError. */
interface Refusal {
  readonly status: number;
  readonly body: string;
}

const CALL_MS = 20_000;

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

export function createDeskClient(options: DeskClientOptions): DeskClient {
  const { desk, url, callMs = CALL_MS } = options;
  const http: KyInstance = ky.create({
    headers: { Accept: "application/json", "User-Agent": `podpora/${version}`, ...options.headers },
    // A write that was lost on its way may have been done: what to do then is the adapter's to know.
    retry: { limit: 1, methods: ["get"], statusCodes: [502, 503, 504], backoffLimit: 500 },
    timeout: false,
    throwHttpErrors: false,
    // A redirect of an API leads to a page where people sign in.
    redirect: "manual",
  });

  async function raw(call: DeskCall, signal: AbortSignal): Promise<Response> {
    const timeout = AbortSignal.timeout(callMs);
    try {
      const response = await http(`${url}${call.path}${search(call.query)}`, {
        method: call.method ?? "GET",
        ...(call.json === undefined ? {} : { json: call.json }),
        ...(call.body === undefined ? {} : { body: call.body }),
        ...(call.headers === undefined ? {} : { headers: call.headers }),
        signal: AbortSignal.any([signal, timeout]),
      });
      if (!response.ok) throw await refusal(desk, call, response);
      return response;
    } catch (cause) {
      throw failure(cause, signal, timeout);
    }
  }

  /** What is known of a failure on the way there, or while the answer came. */
  function failure(cause: unknown, signal: AbortSignal, timeout?: AbortSignal): unknown {
    if (signal.aborted) return signal.reason;
    if (isAdapterError(cause)) return cause;
    const slow = timeout?.aborted === true || (cause instanceof Error && cause.name === "TimeoutError");
    if (slow) return new AdapterError("timeout", `${desk} gave no answer within ${callMs} ms`, { cause });
    return new AdapterError("unavailable", `${desk} cannot be reached at ${url}`, { cause, retryAfterMs: 5000 });
  }

  return {
    raw,
    async json(call, schema, signal) {
      const response = await raw(call, signal);
      if (!/\bjson\b/i.test(response.headers.get("Content-Type") ?? "")) {
        throw new AdapterError("unavailable", `${desk} answered ${call.path} with a page: is ${url} its API?`);
      }
      const value: unknown = await response.json().catch((cause: unknown) => {
        if (!(cause instanceof SyntaxError)) throw failure(cause, signal);
        throw new AdapterError("unknown", `${desk} answered ${call.path} with what is not JSON`, { cause });
      });
      const result = v.safeParse(schema, value);
      if (result.success) return result.output;
      const where = result.issues.map((issue) => `${v.getDotPath(issue) ?? "the answer"}: ${issue.message}`).join("; ");
      throw new AdapterError("unknown", `${desk} answered ${call.path} with what does not fit: ${where}`);
    },
    async done(call, signal) {
      const response = await raw(call, signal);
      await response.body?.cancel();
    },
  };
}

/** The status that the desk refused with, if that is what went wrong. */
export function statusOf(error: unknown): number | undefined {
  return isAdapterError(error) && isRefusal(error.cause) ? error.cause.status : undefined;
}

/** What the desk said with it. */
export function answerOf(error: unknown): string {
  return isAdapterError(error) && isRefusal(error.cause) ? error.cause.body : "";
}

function isRefusal(cause: unknown): cause is Refusal {
  return typeof cause === "object" && cause !== null && "status" in cause && "body" in cause;
}

async function refusal(desk: string, call: DeskCall, response: Response): Promise<AdapterError> {
  const { status, headers } = response;
  const cause: Refusal = { status, body: await response.text().catch(() => "") };
  const asked = `${call.method ?? "GET"} ${call.path}`;
  if (status >= 300 && status < 400) {
    return new AdapterError("unavailable", `${desk} sent ${asked} elsewhere: is its API on, and the address right?`, {
      cause,
    });
  }
  if (status === 401) return new AdapterError("unavailable", `${desk} does not take the gateway's token`, { cause });
  const seconds = Number(headers.get("Retry-After") ?? Number.NaN);
  return new AdapterError(codes[status] ?? "unavailable", `${desk} answered ${asked} with ${status}`, {
    cause,
    ...(Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {}),
  });
}

function search(query: DeskCall["query"] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}
