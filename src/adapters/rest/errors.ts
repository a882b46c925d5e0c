import * as v from "valibot";
import { AdapterError, adapterErrorCodes, isAdapterError, type AdapterErrorCode } from "../../core/contract/errors.ts";
import { codeOfStatus, problemDocument } from "../../protocol/problems.ts";
import { retryAfterMs } from "../../core/contract/retry-after.ts";

/** The AdapterError for an unsuccessful answer from the gateway or from a proxy with a page of its own. */
export async function errorOf(response: Response): Promise<AdapterError> {
  const { status, headers } = response;
  const text = await response.text();
  const problem = isJson(response) ? readProblem(text) : {};
  // A date of the server is compared with the server's time: this device's clock may be wrong.
  const wait = retryAfterMs(headers.get("Retry-After"), serverTimeOf(response) ?? Date.now());
  return new AdapterError(codeOf(problem.code, status), problem.detail ?? `${response.url} answered ${status}`, {
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(problem.fields === undefined ? {} : { fields: problem.fields }),
    cause: { ...problem, status },
  });
}

/** The status of the answer that caused the error. */
export function statusOf(error: unknown): number | undefined {
  const cause = isAdapterError(error) ? error.cause : undefined;
  const status: unknown = typeof cause === "object" && cause !== null ? Reflect.get(cause, "status") : undefined;
  return typeof status === "number" ? status : undefined;
}

/** The AdapterError for a problem in the middle of a stream. */
export function errorOfProblem(text: string): AdapterError {
  const problem = readProblem(text);
  const options = problem.retryAfterMs === undefined ? {} : { retryAfterMs: problem.retryAfterMs };
  return new AdapterError(
    codeOf(problem.code, problem.status ?? 500),
    problem.detail ?? "the stream ended with a problem",
    options,
  );
}

/** From its `Date` header, which a page of another origin sees if the gateway exposes it. */
export function serverTimeOf({ headers }: Response): number | undefined {
  const at = Date.parse(headers.get("Date") ?? "");
  return Number.isNaN(at) ? undefined : at;
}

function codeOf(code: string | undefined, status: number): AdapterErrorCode {
  return adapterErrorCodes.find((known) => known === code) ?? codeOfStatus(status);
}

function readProblem(text: string): v.InferOutput<typeof problemDocument> {
  try {
    const result = v.safeParse(problemDocument, JSON.parse(text));
    return result.success ? result.output : {};
  } catch {
    return {};
  }
}

/** A page in place of the gateway: a captive portal, or a misconfigured proxy. Later it may be gone. */
export function misplaced(response: Response): AdapterError {
  const type = response.headers.get("Content-Type") ?? "no type";
  return new AdapterError("network", `${response.url} answered with ${type}: this is not the gateway`);
}

function isJson(response: Response): boolean {
  return /^application\/(\w+\+)?json\b/i.test(response.headers.get("Content-Type") ?? "");
}

/** The answer's data. Rejects with `network` for another server's page, with `unknown` for an unreadable answer. */
export async function read<T>(response: Response, schema: v.GenericSchema<unknown, T>): Promise<T> {
  if (!isJson(response)) throw misplaced(response);
  const text = await response.text();
  return check(text, schema, response.url);
}

export function check<T>(text: string, schema: v.GenericSchema<unknown, T>, from: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AdapterError("unknown", `${from} answered without JSON`, { cause });
  }
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const cause = new v.ValiError(result.issues);
  throw new AdapterError("unknown", `${from} answered unexpectedly: ${cause.message}`, { cause });
}

/** Runs with a signal that also aborts after `ms`, and maps every failure to a code. An abort keeps its own reason. */
export async function timed<T>(outer: AbortSignal, ms: number, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  outer.throwIfAborted();
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), ms);
  try {
    return await run(AbortSignal.any([outer, timeout.signal]));
  } catch (cause) {
    if (outer.aborted) throw outer.reason;
    if (isAdapterError(cause)) throw cause;
    if (timeout.signal.aborted) throw new AdapterError("timeout", `no answer within ${ms} ms`, { cause });
    throw new AdapterError("network", "the gateway cannot be reached", { cause });
  } finally {
    clearTimeout(timer);
  }
}
