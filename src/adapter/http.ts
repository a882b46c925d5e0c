import ky, { type KyInstance } from "ky";
import * as v from "valibot";
import { AdapterError, isAdapterError } from "../core/contract/errors.ts";
import { fetchUntil } from "../core/contract/fetch-until.ts";
import { version } from "../version.ts";
import { isShallow, readBytes, readText, refusalError, refusalOf, type Refusal } from "./answers.ts";
import { createBreaker, type Breaker, type Outcome } from "./breaker.ts";
import { limits } from "./limits.ts";

export interface DeskClientOptions {
  /** For messages, such as "Request Tracker". */
  readonly desk: string;
  /** Without a trailing slash, such as "https://rt.example.org/REST/2.0". */
  readonly url: string;
  /** The headers of every call, such as its token. */
  readonly headers: Readonly<Record<string, string>>;
  /** How long a call may take, including its wait. @default 20 000 */
  readonly callMs?: number;
  /** Shared by all clients of one desk. @default one of its own */
  readonly guard?: Breaker;
  /** For a desk that refuses with 200: the refusal in an answer, with the status that says the same in HTTP. */
  refusalIn?(answer: unknown): Refusal | undefined;
}

export interface DeskCall {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  /** From the client's address, with a leading slash; each segment already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly json?: unknown;
  readonly body?: BodyInit;
  /** In addition to the client's own; the same name replaces one of them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The maximum length of the answer. @default 16 MiB */
  readonly maxBytes?: number;
  /** It writes nothing, so it is repeated once when the desk is away. @default whether `method` is GET */
  readonly isRead?: boolean;
}

/**
 * A desk's HTTP API. Every failure is an AdapterError, except an abort, which keeps its own reason. Only the configured
 * address is called: a redirect is a failure. All calls go through the desk's guard, including the reading of their
 * answers.
 */
export interface DeskClient {
  /** The answer, parsed by `schema`. Rejects with `unknown` if it does not match, or is longer than `maxBytes`. */
  json<T>(call: DeskCall, schema: v.GenericSchema<unknown, T>, signal: AbortSignal): Promise<T>;
  /** For a call whose answer is not needed. */
  done(call: DeskCall, signal: AbortSignal): Promise<void>;
  /** The bytes of the answer, in chunks. Rejects with `too-large` if there are more than `maxBytes`. */
  bytes(call: DeskCall, signal: AbortSignal): Promise<readonly Uint8Array<ArrayBuffer>[]>;
}

/** Statuses by which the desk, or a proxy before it, says that it is temporarily unavailable. */
const AWAY = new Set([502, 503, 504]);

export function createDeskClient(options: DeskClientOptions): DeskClient {
  const { desk, url, callMs = limits.CALL_MS, guard = createBreaker(desk) } = options;
  const http: KyInstance = ky.create({
    headers: { Accept: "application/json", "User-Agent": `podpora/${version}`, ...options.headers },
    // The guard and `ask` decide about retries and time-outs.
    retry: 0,
    timeout: false,
    throwHttpErrors: false,
    // An API that redirects leads to a sign-in page, or to another server.
    redirect: "manual",
  });

  async function ask<T>(call: DeskCall, signal: AbortSignal, read: (answer: Response) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const headers = headersOf(desk, call);
    const deadline = AbortSignal.timeout(callMs);
    const both = AbortSignal.any([signal, deadline]);
    const method = call.method ?? "GET";
    const asked = `${method} ${call.path}`;

    async function send(isTry: boolean): Promise<Outcome<T>> {
      const until = isTry ? AbortSignal.timeout(Math.min(callMs, limits.TRY_MS)) : both;
      try {
        const response = await http(`${url}${call.path}${search(call.query)}`, {
          method,
          ...(call.json === undefined ? {} : { json: call.json }),
          ...(call.body === undefined ? {} : { body: call.body }),
          headers,
          signal: until,
          fetch: fetchUntil(until),
        });
        if (response.ok) return { value: await read(response) };
        const error = await refusalOf(desk, asked, response);
        const isAway = AWAY.has(response.status);
        return { error, isAway, mayRepeat: isAway && error.retryAfterMs === undefined };
      } catch (cause) {
        if (!isTry && signal.aborted) throw signal.reason;
        if (isAdapterError(cause)) return { error: cause, isAway: false, mayRepeat: false };
        const error = until.aborted ? late(cause) : away(cause);
        return { error, isAway: true, mayRepeat: !until.aborted };
      }
    }
    try {
      return await guard.run(send, { signal, deadline, isRead: call.isRead ?? method === "GET" });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw isAdapterError(error) ? error : late(error);
    }
  }

  function late(cause: unknown): AdapterError {
    return new AdapterError("timeout", `${desk} gave no answer within ${callMs} ms`, { cause });
  }

  function away(cause: unknown): AdapterError {
    return new AdapterError("unavailable", `${desk} cannot be reached at ${url}`, {
      cause,
      retryAfterMs: limits.AWAY_MS,
    });
  }

  /** The call's answer as JSON. Rejects with a description of anything else. */
  async function readJson({ path, maxBytes = limits.ANSWER_BYTES }: DeskCall, response: Response): Promise<unknown> {
    if (!/\bjson\b/i.test(response.headers.get("Content-Type") ?? "")) {
      await discard(response);
      throw new AdapterError("unavailable", `${desk} answered ${path} with a page: is ${url} its API?`);
    }
    const text = await readText(response, maxBytes).catch((cause: unknown) => {
      if (!isAdapterError(cause)) throw cause;
      throw new AdapterError("unknown", `${desk} answered ${path} with more than ${maxBytes} bytes`, { cause });
    });
    if (!isShallow(text)) throw new AdapterError("unknown", `${desk} answered ${path} with JSON that is too deep`);
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new AdapterError("unknown", `${desk} answered ${path} without JSON`, { cause });
    }
  }

  return {
    async json(call, schema, signal) {
      const value = await ask(call, signal, async (response) => await readJson(call, response));
      const refusal = options.refusalIn?.(value);
      if (refusal !== undefined) throw refusalError(desk, `${call.method ?? "GET"} ${call.path}`, refusal);
      const result = v.safeParse(schema, value);
      if (result.success) return result.output;
      const where = result.issues.map((issue) => `${v.getDotPath(issue) ?? "the answer"}: ${issue.message}`).join("; ");
      throw new AdapterError("unknown", `${desk} answered ${call.path} unexpectedly: ${where.slice(0, 500)}`);
    },
    done: async (call, signal) => await ask(call, signal, discard),
    async bytes(call, signal) {
      const { maxBytes = limits.ANSWER_BYTES } = call;
      return await ask(call, signal, async (response) => await readBytes(response, maxBytes));
    },
  };
}

/** Otherwise an invalid header would be reported as a desk that cannot be reached. */
function headersOf(desk: string, { headers, path }: DeskCall): Headers {
  try {
    return new Headers(headers);
  } catch (cause) {
    const text = `${desk} cannot be called at ${path}: a header contains invalid characters`;
    throw new AdapterError("unknown", text, { cause });
  }
}

async function discard(response: Response): Promise<void> {
  await response.body?.cancel();
}

function search(query: DeskCall["query"] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}
