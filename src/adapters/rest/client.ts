import { abortable } from "../../core/contract/abortable.ts";
import { PROTOCOL_VERSION, VERSION_HEADER } from "../../protocol/version.ts";
import ky from "ky";
import type { GenericSchema } from "valibot";
import type { CallContext } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { fetchUntil } from "../../core/contract/fetch-until.ts";
import { toJson } from "../../core/contract/json.ts";
import { routes, type Route } from "../../protocol/routes.ts";
import type { TokenSource } from "../../core/contract/token-source.ts";
import { createAuthorization } from "./authorization.ts";
import { errorOf, misplaced, read, serverTimeOf, timed } from "./errors.ts";

const CALL_MS = 15_000;

export interface Ask {
  /** The `:id` of the path. */
  readonly id?: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
}

export interface RawAsk {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: BodyInit;
}

type Answering<T> = Route & { readonly answer: GenericSchema<unknown, T> };
/** Whether the call needs a token ("member"), sends one if there is one, or never sends one. */
export type As = "member" | "anyone" | "nobody";

export interface Client {
  readonly endpoint: string;
  call<T>(route: Answering<T>, ask: Ask, ctx: CallContext, as?: As): Promise<T>;
  /** For a route without an answer. */
  send(route: Route, ask: Ask, ctx: CallContext): Promise<void>;
  /** With the caller's token; rejects unless it succeeds. `ms` limits the whole call, including `use`. */
  raw<T>(ask: RawAsk, ctx: CallContext, ms: number, use: (response: Response) => T | Promise<T>): Promise<T>;
  /** Like `raw`, without a time limit once the answer has begun. `signal` ends the connection. */
  open(ask: RawAsk, ctx: CallContext, signal: AbortSignal): Promise<Response>;
}

export function createClient(endpoint: string, tokens: TokenSource): Client {
  const base = endpoint.replace(/\/+$/, "");
  const authorization = createAuthorization(tokens, async () => {
    const ctx: CallContext = { signal: new AbortController().signal, locale: "en" };
    return (await call(routes.guest, {}, ctx, "nobody")).token;
  });

  /** Time-outs and retries are implemented once, here and in the core: ky's own are off. */
  async function fetched(
    ask: RawAsk,
    ctx: CallContext,
    token: string | undefined,
    signal: AbortSignal,
  ): Promise<Response> {
    const response = await ky(`${base}${ask.path}`, {
      method: ask.method,
      headers: {
        ...ask.headers,
        "Accept-Language": ctx.locale,
        // A request with a token needs a preflight anyway, so the version header adds none.
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}`, [VERSION_HEADER]: PROTOCOL_VERSION }),
      },
      ...(ask.body === undefined ? {} : { body: ask.body }),
      signal,
      fetch: fetchUntil(signal),
      retry: 0,
      timeout: false,
      throwHttpErrors: false,
      credentials: "omit",
      cache: "no-store",
    });
    const serverTime = serverTimeOf(response);
    if (serverTime !== undefined) ctx.onServerTime?.(serverTime);
    if (!response.ok) throw await errorOf(response);
    return response;
  }

  async function perform<T>(
    ask: RawAsk,
    ctx: CallContext,
    as: As,
    ms: number,
    use: (response: Response) => T | Promise<T>,
  ) {
    ctx.signal.throwIfAborted();
    const attempt = async (token: string | undefined): Promise<T> =>
      await timed(ctx.signal, ms, async (signal) => {
        // Not left to `fetch`, which may miss the abort.
        return await abortable(fetched(ask, ctx, token, signal).then(use), signal);
      });
    if (as === "nobody") return await attempt(undefined);
    if (as === "anyone") return await authorization.withTokenIfAny(ctx.signal, attempt);
    return await authorization.withToken(ctx.signal, attempt);
  }

  async function call<T>(route: Answering<T>, ask: Ask, ctx: CallContext, as: As = "member"): Promise<T> {
    return await perform(asked(route, ask), ctx, as, CALL_MS, async (response) => await read(response, route.answer));
  }

  return {
    endpoint: base,
    call,
    async send(route, ask, ctx) {
      await perform(asked(route, ask), ctx, "member", CALL_MS, (response) => {
        if (response.status !== 204) throw misplaced(response);
      });
    },
    raw: async (ask, ctx, ms, use) => await perform(ask, ctx, "member", ms, use),
    async open(ask, ctx, signal) {
      return await authorization.withToken(ctx.signal, async (token) => {
        const both = AbortSignal.any([ctx.signal, signal]);
        return await timed(ctx.signal, CALL_MS, async (limited) => {
          // The limit is only for the headers, so it must not abort the connection afterwards.
          const head = new AbortController();
          const stop = (): void => head.abort(limited.reason);
          limited.addEventListener("abort", stop, { once: true });
          try {
            return await fetched(ask, ctx, token, AbortSignal.any([both, head.signal]));
          } finally {
            limited.removeEventListener("abort", stop);
          }
        });
      });
    },
  };
}

function asked(route: Route, { id, query, body }: Ask): RawAsk {
  const given = Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  const search = given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
  return {
    method: route.method,
    path: `${id === undefined ? route.path : route.path.replace(":id", () => segment(id))}${search}`,
    headers: {
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(route.once === true ? { "Idempotency-Key": clientIdOf(body) } : {}),
    },
    ...(body === undefined ? {} : { body: toJson(body) }),
  };
}

function clientIdOf(body: unknown): string {
  const id: unknown = typeof body === "object" && body !== null ? Reflect.get(body, "clientId") : undefined;
  return typeof id === "string" ? id : "";
}

/** An id as one segment of a path. Segments of dots would name another path, however they are encoded. */
export function segment(id: string): string {
  if (/^\.{0,2}$/.test(id) || /\p{Cs}/u.test(id)) throw new AdapterError("not-found", `there is no "${id}"`);
  return encodeURIComponent(id);
}
