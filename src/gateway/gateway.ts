import { Hono } from "hono";
import { cors } from "hono/cors";
import { secureHeaders } from "hono/secure-headers";
import type { UploadsApi } from "../core/contract/adapter.ts";
import { isAdapterError } from "../core/contract/errors.ts";
import { UPLOADS_PATH } from "../protocol/routes.ts";
import { PROTOCOL_VERSION, VERSION_HEADER } from "../protocol/version.ts";
import { allowedMethods } from "./allowed-methods.ts";
import { addAssetRoutes } from "./asset-routes.ts";
import { chatPage, chatPagePolicy } from "./chat-page.ts";
import { addArticleRoutes } from "./article-routes.ts";
import { addChatRoutes } from "./chat-routes.ts";
import { addressOf, type Gate } from "./endpoint.ts";
import { addFileRoutes } from "./file-routes.ts";
import { addHookRoute } from "./hook-route.ts";
import { createCallsUnderWay } from "./calls-under-way.ts";
import { createIdentities } from "./identity.ts";
import { hasFeed } from "./feed/feed-adapter.ts";
import { createFeed } from "./feed/feed.ts";
import { openApi } from "./openapi.ts";
import { createLateWrites } from "./late-writes.ts";
import { createOpenStreams } from "./open-streams.ts";
import type { GatewayOptions } from "./options.ts";
import { property } from "./property.ts";
import { settingsOf, type Settings } from "./settings.ts";
import { isProblem, Problem, problemOf, problemResponse } from "./problems.ts";
import { createRateLimiter } from "./rate-limits.ts";
import { noted, refusalOf } from "./refusal.ts";
import { createRevocations } from "./revocations.ts";
import { servedAdapter } from "./served-adapter.ts";
import { addSessionRoutes } from "./session-routes.ts";
import { addTicketRoutes } from "./ticket-routes.ts";
import { createTokens } from "./tokens.ts";
import { tusOffer } from "./tus.ts";

export interface Gateway {
  /** Answers a request; never rejects. `env` is what the server passes with it, for `clientAddress`. */
  readonly fetch: (request: Request, env?: unknown) => Promise<Response>;
  /** Every path that it answers, below its base path; `:id` is a path parameter. */
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  /** Also disposes of the adapter. A second call does nothing. */
  readonly dispose: () => Promise<void>;
}

/** Serves an adapter over Podpora's protocol. Throws a TypeError that names the invalid option. */
export function createGateway(options: GatewayOptions): Gateway {
  const given = settingsOf(options);
  const { basePath, store, rates } = given;
  const feed = hasFeed(given.adapter)
    ? createFeed({ adapter: given.adapter, store, onError: given.onError })
    : undefined;
  const settings = { ...given, adapter: servedAdapter(given.adapter, feed) };
  const { adapter } = settings;
  const tokens = createTokens(settings.secrets);
  const revocations = createRevocations(store);
  const identities = createIdentities(tokens, revocations, settings.identity);
  const { limit, limitOf } = noted(createRateLimiter(store, rates));
  const gate: Gate = {
    settings,
    tokens,
    identities,
    limit,
    streams: createOpenStreams(),
    lateWrites: createLateWrites(store, adapter),
    guestWrites: createCallsUnderWay(),
  };

  const app = new Hono().basePath(basePath);
  addHeaders(app);
  if (adapter.uploads !== undefined) offerUploads(app, adapter.uploads);
  if (settings.assets !== undefined) addAssetRoutes(app, settings.assets);
  addChatPage(app, settings);
  allowOrigins(app, settings.origins);
  requireVersion(app);

  app.use(async (context, next) => {
    await gate.limit("requests", addressOf(context, settings));
    await next();
  });
  app.get("/openapi.json", (context) => {
    context.header("Cache-Control", "public, max-age=300");
    return context.json(openApi({ basePath, routes: served() }));
  });
  addSessionRoutes(app, gate, feed !== undefined);
  if (adapter.tickets !== undefined) addTicketRoutes(app, gate, adapter.tickets, feed);
  if (adapter.articles !== undefined) addArticleRoutes(app, gate, adapter.articles);
  if (adapter.chat !== undefined) addChatRoutes(app, gate, adapter.chat);
  const stopFiles =
    adapter.uploads !== undefined && settings.uploadDirectory !== undefined
      ? addFileRoutes(app, gate, adapter.uploads, settings.uploadDirectory)
      : undefined;

  const stopHooks = Object.entries(adapter.hooks ?? {}).map(([name, hook]) =>
    addHookRoute(app, name, hook, store, feed),
  );

  app.notFound(({ req }) => {
    const allowed = allowedMethods(app, req.path);
    if (allowed.length === 0) return problemResponse(new Problem("not-found", "there is nothing at this address"));
    const response = problemResponse(new Problem("invalid", `this address has no ${req.method}`, { status: 405 }));
    response.headers.set("Allow", allowed.join(", "));
    return response;
  });
  app.onError((error, { req }) => {
    const problem = problemOf(error);
    const refusal = refusalOf(problem, limitOf(problem), req.header("Authorization") !== undefined);
    if (refusal !== undefined) settings.onRefused(req.raw, refusal);
    // Only the operator learns why the desk refuses: a permission or an account may be missing.
    const { cause } = problem;
    const isMembersOwn = problem.code === "not-found" || problem.code === "unauthorized";
    if (problem.status >= 500 || (isAdapterError(cause) && !isMembersOwn)) {
      settings.onError(isProblem(error) ? (error.cause ?? error) : error);
    }
    return problemResponse(problem);
  });

  const served = () =>
    app.routes.flatMap(({ method, path }) => (method === "ALL" ? [] : [{ method, path: path.slice(basePath.length) }]));
  let disposing: Promise<void> | undefined;
  return {
    async fetch(request, env = {}) {
      const response = await app.fetch(request, env);
      // The unread rest of a refused body blocks the next request on the same connection.
      const unread = response.status === 413 || (response.status >= 400 && request.body !== null && !request.bodyUsed);
      // HTTP/2 has no such header (RFC 9113, section 8.2.2): only the stream ends.
      if (unread && isHttp1(env)) response.headers.set("Connection", "close");
      return isStream(response) ? slim(response) : response;
    },
    routes: served(),
    dispose: () => (disposing ??= stop()),
  };

  async function stop(): Promise<void> {
    stopFiles?.();
    for (const stopHook of stopHooks) stopHook();
    revocations.dispose();
    feed?.dispose();
    await adapter.dispose?.();
  }
}

/** Passed by @hono/node-server. */
function isHttp1(env: unknown): boolean {
  return property(property(env, "incoming"), "httpVersionMajor") === 1;
}

function isStream({ headers }: Response): boolean {
  return headers.get("Content-Type")?.startsWith("text/event-stream") === true;
}

/** The same answer without references to its request: a server holds it while the stream is open. */
function slim({ body, headers, status }: Response): Response {
  return new Response(body, { status, headers: Object.fromEntries(headers) });
}

function addHeaders(app: Hono): void {
  app.use(
    secureHeaders({
      // The proxy that terminates TLS sends it, for its whole domain or not.
      strictTransportSecurity: false,
      // Answers that are not for every page need a token, which no page sends automatically.
      crossOriginResourcePolicy: "cross-origin",
      // The page that opened the chat page takes the chat back by closing it.
      crossOriginOpenerPolicy: false,
      xFrameOptions: "DENY",
    }),
  );
  app.use(async (context, next) => {
    await next();
    if (!context.res.headers.has("Cache-Control")) context.res.headers.set("Cache-Control", "no-store");
    context.res.headers.set(VERSION_HEADER, PROTOCOL_VERSION);
    // Hono's `cors` answers OPTIONS for CORS; other OPTIONS requests are answered here.
    if (context.req.method !== "OPTIONS") return;
    const allowed = allowedMethods(app, context.req.path);
    if (allowed.length > 0) context.res.headers.set("Allow", allowed.join(", "));
  });
}

function addChatPage(app: Hono, { adapter, welcome, assets }: Settings): void {
  if (adapter.chat === undefined || assets === undefined) return;
  app.get("/chat", async (context) => {
    context.header("Content-Security-Policy", chatPagePolicy(welcome.agents));
    return context.html(await chatPage(welcome.team, context.req.query("locale")));
  });
}

function offerUploads(app: Hono, { limits = {} }: UploadsApi): void {
  const offer = Object.entries(tusOffer(limits));
  app.use(`${UPLOADS_PATH}/*`, async (context, next) => {
    await next();
    if (context.req.method === "OPTIONS") for (const [name, value] of offer) context.res.headers.set(name, value);
  });
}

/** After `allowOrigins`: a page of another origin must be able to read the refusal. */
function requireVersion(app: Hono): void {
  app.use(async ({ req }, next) => {
    const told = req.header(VERSION_HEADER);
    // A header that was sent twice arrives as a list.
    if (told?.split(",").some((each) => each.trim() !== PROTOCOL_VERSION)) {
      const sentence = `this gateway speaks version ${PROTOCOL_VERSION} of the protocol, the caller ${told}`;
      throw new Problem("unavailable", `${sentence}: bring both to the same release`, { status: 410 });
    }
    await next();
  });
}

function allowOrigins(app: Hono, origins: readonly string[]): void {
  app.use(
    cors({
      origin: (origin) => (origins.includes(origin) ? origin : null),
      allowMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
      allowHeaders: [
        "Authorization",
        "Content-Type",
        "Idempotency-Key",
        "Last-Event-ID",
        VERSION_HEADER,
        "Tus-Resumable",
        "Upload-Length",
        "Upload-Metadata",
        "Upload-Offset",
        "X-HTTP-Method-Override",
      ],
      exposeHeaders: [
        "Date",
        "Idempotency-Replayed",
        "Location",
        "Retry-After",
        "Tus-Extension",
        "Tus-Max-Size",
        "Tus-Resumable",
        "Tus-Version",
        "Upload-Expires",
        "Upload-Length",
        "Upload-Offset",
        VERSION_HEADER,
        "X-Request-Id",
      ],
      maxAge: 7200,
    }),
  );
}
