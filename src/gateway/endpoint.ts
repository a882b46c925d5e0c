import type { Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import * as v from "valibot";
import { abortable } from "../core/contract/abortable.ts";
import type { Area, CallContext, Member } from "../core/contract/adapter.ts";
import { JSON_MAX_BYTES } from "../protocol/limits.ts";
import { PROBLEM_TYPE } from "../protocol/problems.ts";
import type { Route } from "../protocol/routes.ts";
import { accessTo, requireAccess, requireLook } from "./access.ts";
import { countedAddress } from "./client-address.ts";
import { CALL_MS } from "./bounds.ts";
import type { CallsUnderWay } from "./calls-under-way.ts";
import { hash } from "./hash.ts";
import { once, type Outcome } from "./idempotency.ts";
import { withOwnWords, withoutOwnWords } from "./own-words.ts";
import type { Identities } from "./identity.ts";
import { property } from "./property.ts";
import type { Settings } from "./settings.ts";
import { Problem } from "./problems.ts";
import type { LateWrites } from "./late-writes.ts";
import type { OpenStreams } from "./open-streams.ts";
import type { RateLimiter } from "./rate-limits.ts";
import { OUTCOME_PREFIX } from "./shared-store.ts";
import { eventStream } from "./server-sent-events.ts";
import type { Caller, Tokens } from "./tokens.ts";

/** What all routes share. */
export interface Gate {
  readonly settings: Settings;
  readonly tokens: Tokens;
  readonly identities: Identities;
  readonly limit: RateLimiter;
  readonly streams: OpenStreams;
  readonly lateWrites: LateWrites;
  /** Running writes of guests: a merge waits until they have reached the desk. */
  readonly guestWrites: CallsUnderWay;
}

export interface Call<B, Q> {
  readonly body: B;
  readonly query: Q;
  /** The `:id` of the path. */
  readonly id: string;
  /** With the caller as its member. */
  readonly ctx: CallContext;
  readonly caller: Caller | undefined;
  /** For rate limits. */
  readonly address: string;
}

export interface Endpoint<B, Q> {
  /** The area whose access rules apply. Absent: open to everyone, with or without a token. */
  readonly area?: Area;
  /** Also answered without a token, if the area is open to guests. */
  readonly look?: true;
  readonly body?: v.GenericSchema<unknown, B>;
  readonly query?: v.GenericSchema<unknown, Q>;
  handle(call: Call<B, Q>): Promise<unknown>;
}

export interface StreamEndpoint<Q> {
  readonly area: Area;
  readonly query: v.GenericSchema<unknown, Q>;
  events(call: Call<undefined, Q>): AsyncIterable<{ readonly type: string; readonly cursor?: string }>;
}

/** Identity, access, limits, validation and idempotency around one call of the adapter, as its route requires. */
export function addEndpoint<B, Q>(app: Hono, gate: Gate, route: Route, endpoint: Endpoint<B, Q>): void {
  const limitBody = bodyLimit({
    maxSize: JSON_MAX_BYTES,
    onError: () => {
      throw new Problem("too-large", `a body may have ${JSON_MAX_BYTES} bytes`);
    },
  });

  app.on(route.method, route.path, limitBody, async (context) => {
    const caller = await gate.identities.of(context.req.raw);
    requireRight(endpoint, caller, gate.settings);
    await (route.method === "GET" || endpoint.area === undefined
      ? gate.limit("reads", caller?.member.id)
      : limitWrite(gate, caller, addressOf(context, gate.settings)));
    const query = checked(endpoint.query, context.req.query(), "query");
    const text = endpoint.body === undefined ? "" : await readJson(context);
    const body = checked(endpoint.body, endpoint.body === undefined ? undefined : parseJson(text), "body");
    const call: Call<B, Q> = { ...callOf(context, gate, caller, callSignal(context.req.raw)), body, query };

    const location = (answer: unknown) => locationOf(route, answer, gate.settings);
    const run = async (): Promise<Outcome> => ({
      status: route.status,
      body: answerOf(route, await endpoint.handle(call)),
    });
    // Do not wait for an adapter that ignores its signal.
    const answered = async (work: Promise<Outcome>) => await abortable(work, call.ctx.signal);
    const isGuestsWrite = route.method !== "GET" && caller?.member.guest === true;
    if (route.once !== true || caller === undefined) {
      return respond(await answered(isGuestsWrite ? writeAsGuest(gate, caller, call.ctx, run) : run()), location);
    }
    const key = await idempotencyKey(context, body, caller.member);
    const fingerprint = hash(text);
    const write = async () =>
      await once({
        store: gate.settings.store,
        key,
        fingerprint,
        run,
        pack: (answer) => withoutOwnWords(answer, body),
        unpack: (answer) => withOwnWords(answer, body),
        onStoreError: gate.settings.onError,
      });
    return respond(
      await answered(caller.member.guest === true ? writeAsGuest(gate, caller, call.ctx, write) : write()),
      location,
    );
  });
}

function requireRight(
  { area, look }: Pick<Endpoint<unknown, unknown>, "area" | "look">,
  caller: Caller | undefined,
  settings: Settings,
): void {
  if (area === undefined) return;
  if (look) requireLook(area, caller, settings);
  else requireAccess(area, caller, settings);
}

/** One person can be any number of guests, so guests' writes are also limited by address. */
export async function limitWrite({ limit }: Gate, caller: Caller | undefined, address: string) {
  await limit("writes", caller?.member.id);
  if (caller?.member.guest === true) await limit("guestWrites", address);
}

/** From here on a merge waits for this write; if one has already begun, the write is refused. */
async function writeAsGuest<T>(gate: Gate, caller: Caller, ctx: CallContext, write: () => Promise<T>): Promise<T> {
  return await gate.guestWrites.run(caller.member.id, async () => {
    if (!(await gate.identities.stands(caller))) throw new Problem("unauthorized", "this guest's session has ended");
    try {
      return await write();
    } finally {
      // Another copy has merged the guest meanwhile, and could not wait for this write.
      if (!(await gate.identities.stands(caller).catch(() => true))) {
        await gate.lateWrites.handOn(caller.member.id, ctx).catch(gate.settings.onError);
      }
    }
  });
}

/** Like `addEndpoint`, for a route that answers with events. */
export function addStream<Q>(app: Hono, gate: Gate, route: Route, endpoint: StreamEndpoint<Q>): void {
  app.on(route.method, route.path, async (context) => {
    const caller = await gate.identities.of(context.req.raw);
    const { id: memberId } = requireAccess(endpoint.area, caller, gate.settings);
    await gate.limit("reads", memberId);
    // Hono answers HEAD with the GET route without reading the body: the stream would never be released.
    if (context.req.raw.method === "HEAD") return new Response(null);
    const lastEventId = context.req.header("Last-Event-ID");
    // A browser that has not received an id sends none, or an empty one.
    const params = { ...context.req.query(), ...(lastEventId ? { cursor: lastEventId } : {}) };
    const query = checked(endpoint.query, params, "query");
    const { signal } = context.req.raw;
    const call = { ...callOf(context, gate, caller, signal), body: undefined, query };
    const close = gate.streams.open(memberId);
    const revoked = new AbortController();
    const stopWatching = caller && gate.identities.onRevoked(caller, () => revoked.abort());
    return await eventStream({
      signal,
      over: revoked.signal,
      onEnd: () => {
        close();
        stopWatching?.();
      },
      expiresAt: caller?.expiresAt ?? 0,
      open: (open) => endpoint.events({ ...call, ctx: { ...call.ctx, signal: open } }),
      stillAllowed: async () =>
        caller !== undefined &&
        (await gate.identities.stands(caller)) &&
        accessTo(endpoint.area, caller, gate.settings).allowed,
      encode: (event) => JSON.stringify(answerOf(route, event)),
      onError: gate.settings.onError,
    });
  });
}

/**
 * The signal of a call that ends with its answer. A write continues after the client disconnects: it is recorded, and
 * the retry finds it.
 */
export function callSignal(request: Request): AbortSignal {
  const timeout = AbortSignal.timeout(CALL_MS);
  const isRead = request.method === "GET" || request.method === "HEAD";
  return isRead ? AbortSignal.any([timeout, request.signal]) : timeout;
}

export function callOf(context: Context, { settings }: Gate, caller: Caller | undefined, signal: AbortSignal) {
  const { raw } = context.req;
  const locale = /^[A-Za-z][A-Za-z0-9-]{0,34}/.exec(raw.headers.get("Accept-Language")?.trim() ?? "")?.[0] ?? "en";
  const ctx: CallContext = { signal, locale, ...(caller ? { member: caller.member } : {}) };
  return {
    ctx,
    caller,
    id: context.req.param("id") ?? "",
    address: addressOf(context, settings),
  };
}

/** Callers without a known address are counted as one. */
export function addressOf({ req, env }: Context, { clientAddress }: Settings): string {
  return countedAddress(clientAddress(req.raw, env)) ?? "unknown";
}

/** Throws 422 with the first fault of each field. */
function checked<T>(schema: v.GenericSchema<unknown, T> | undefined, value: unknown, what: string): T {
  // Without a schema nothing reads the value, and T is unknown.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  if (schema === undefined) return undefined as T;
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const fields: Record<string, string> = {};
  for (const issue of result.issues) fields[v.getDotPath(issue) ?? what] ??= issue.message;
  throw new Problem("invalid", `the ${what} is invalid`, { fields });
}

async function readJson(context: Context): Promise<string> {
  const type = context.req.header("Content-Type")?.split(";", 1)[0]?.trim().toLowerCase();
  // A form of another site can send any other type without a preflight request.
  if (type !== "application/json") {
    throw new Problem("invalid", "the body must be application/json", { status: 415 });
  }
  return await context.req.text().catch((cause: unknown) => {
    throw new Problem("invalid", "the body is incomplete", { status: 400, cause });
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem("invalid", "the body is not JSON", { status: 400, cause: error });
  }
}

async function idempotencyKey(context: Context, body: unknown, member: Member): Promise<string> {
  const header = context.req.header("Idempotency-Key");
  if (header === undefined) {
    throw new Problem("invalid", "an Idempotency-Key is required: the clientId of the body", { status: 400 });
  }
  const { clientId } = v.parse(v.object({ clientId: v.string() }), body);
  // In the draft standard the key is a string in quotes.
  if (header !== clientId && header !== `"${clientId}"`) {
    throw new Problem("invalid", "the Idempotency-Key is not the body's clientId", { status: 400 });
  }
  return `${OUTCOME_PREFIX}${hash(member.id, context.req.method, new URL(context.req.url).pathname, clientId)}`;
}

/** Only what the protocol defines: other properties of a desk's record are dropped. */
function answerOf(route: Route, value: unknown): unknown {
  if (route.answer === undefined) return undefined;
  // Through JSON first, so that properties that a desk sets to undefined are absent.
  return v.parse(route.answer, JSON.parse(JSON.stringify(value ?? null)));
}

/** The address of the created record (RFC 9110, section 15.3.2). */
function locationOf({ made }: Route, answer: unknown, { basePath }: Settings): string | undefined {
  const id = property(answer, "id");
  return made !== undefined && typeof id === "string"
    ? `${basePath}${made.replace(":id", encodeURIComponent(id))}`
    : undefined;
}

function respond({ status, body, isReplay }: Outcome, locate: (answer: unknown) => string | undefined): Response {
  if (status === 204) return new Response(null, { status });
  const headers = new Headers({ "Content-Type": status >= 400 ? PROBLEM_TYPE : "application/json" });
  const location = status === 201 ? locate(body) : undefined;
  if (location !== undefined) headers.set("Location", location);
  if (isReplay) headers.set("Idempotency-Replayed", "true");
  return new Response(JSON.stringify(body), { status, headers });
}
