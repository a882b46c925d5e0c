import ky, { type KyInstance } from "ky";
import * as v from "valibot";
import { AdapterError, isAdapterError } from "../../core/contract/errors.ts";
import { version } from "../../version.ts";
import { isShallow, readBytes, readText } from "./desk-answer.ts";
import { createDeskGuard, type DeskGuard, type Outcome } from "./desk-guard.ts";
import { limits } from "./desk-limits.ts";
import { refusalOf } from "./desk-refusal.ts";

export interface DeskClientOptions {
  /** For messages, such as "Request Tracker". */
  readonly desk: string;
  /** Without a slash at the end, such as "https://rt.example.org/REST/2.0". */
  readonly url: string;
  /** What every call shows, such as its token. */
  readonly headers: Readonly<Record<string, string>>;
  /** How long a call may take, its waiting for its turn included. @default 20 000 */
  readonly callMs?: number;
  /** What all clients of one desk share. @default one of its own */
  readonly guard?: DeskGuard;
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
  /** How long the answer may be. @default 16 MiB */
  readonly maxBytes?: number;
}

/**
 * A desk's HTTP API. Every failure is an AdapterError, but for an abort: that keeps its own reason. Only the configured
 * address is ever asked: a redirect is a failure. All calls go through the desk's guard, reading their answers included.
 */
export interface DeskClient {
  /** The answer, read by `schema`. Rejects with `unknown` when it does not fit, or is longer than `maxBytes`. */
  json<T>(call: DeskCall, schema: v.GenericSchema<unknown, T>, signal: AbortSignal): Promise<T>;
  /** For a call whose answer says nothing. */
  done(call: DeskCall, signal: AbortSignal): Promise<void>;
  /** The bytes of the answer, in pieces. Rejects with `too-large` when they are more than `maxBytes`. */
  bytes(call: DeskCall, signal: AbortSignal): Promise<readonly Uint8Array<ArrayBuffer>[]>;
}

/** The desk's own way, or that of a proxy before it, to say that it does not serve now. */
const AWAY = new Set([502, 503, 504]);

export function createDeskClient(options: DeskClientOptions): DeskClient {
  const { desk, url, callMs = limits.CALL_MS, guard = createDeskGuard(desk) } = options;
  const http: KyInstance = ky.create({
    headers: { Accept: "application/json", "User-Agent": `podpora/${version}`, ...options.headers },
    // What is repeated, and how long a call may take, is the guard's and `ask`'s to say.
    retry: 0,
    timeout: false,
    throwHttpErrors: false,
    // A redirect of an API leads to a page where people sign in, or to another server.
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
      return await guard.run(send, { signal, deadline, isRead: method === "GET" });
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

  /** What the call's answer is, as JSON. Rejects with what it is instead. */
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
      throw new AdapterError("unknown", `${desk} answered ${path} with what is not JSON`, { cause });
    }
  }

  return {
    async json(call, schema, signal) {
      const value = await ask(call, signal, async (response) => await readJson(call, response));
      const result = v.safeParse(schema, value);
      if (result.success) return result.output;
      const where = result.issues.map((issue) => `${v.getDotPath(issue) ?? "the answer"}: ${issue.message}`).join("; ");
      throw new AdapterError("unknown", `${desk} answered ${call.path} with what does not fit: ${where.slice(0, 500)}`);
    },
    done: async (call, signal) => await ask(call, signal, discard),
    async bytes(call, signal) {
      const { maxBytes = limits.ANSWER_BYTES } = call;
      return await ask(call, signal, async (response) => await readBytes(response, maxBytes));
    },
  };
}

/** What cannot stand in a header would be taken for a desk that cannot be reached. */
function headersOf(desk: string, { headers, path }: DeskCall): Headers {
  try {
    return new Headers(headers);
  } catch (cause) {
    const text = `${desk} cannot be asked for ${path}: a header holds what cannot be sent`;
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
