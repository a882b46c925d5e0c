import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { secureHeaders } from "hono/secure-headers";
import * as v from "valibot";
import { bodyOf } from "./agent-body.ts";
import { addChatRoutes } from "./agent-chat-routes.ts";
import type { AgentDesk } from "./agent-desk.ts";
import type { AgentEnvironment } from "./agent-environment.ts";
import { addFileRoutes } from "./agent-file-routes.ts";
import { streamEvents } from "./agent-stream.ts";
import { addTicketRoutes } from "./agent-ticket-routes.ts";
import { limits } from "./file-limits.ts";
import { problemOf } from "./problem.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";

const signIn = v.object({ username: v.string(), password: v.string() });
const availability = v.object({ available: v.boolean() });

const jsonLimit = atMost(1024 * 1024);
/** A file and its multipart form overhead. */
const fileLimit = atMost(limits.maxBytes + 64 * 1024);

/**
 * The agents' HTTP API. Uses a bearer token, not a cookie, so that other sites can't make the browser send it (CSRF).
 */
export function createAgentApi(desk: AgentDesk): Hono<AgentEnvironment> {
  const app = new Hono<AgentEnvironment>();

  app.onError((error) => problemOf(error));
  app.notFound(() => problemOf(new AdapterError("not-found", "There is no such address.")));
  app.use(secureHeaders());
  app.use(async (c, next) => {
    await next();
    c.header("Cache-Control", "no-store");
  });
  app.post("/sign-in", jsonLimit, async (c) => {
    const { username, password } = await bodyOf(c.req.raw, signIn);
    return c.json(await desk.signIn(username, password));
  });

  app.use(async (c, next) => {
    const token = /^Bearer ([\w-]{43})$/.exec(c.req.header("Authorization") ?? "")?.[1];
    const session = token === undefined ? undefined : desk.session(token);
    if (!session) throw new AdapterError("unauthorized", "Sign in first.");
    c.set("session", session);
    await next();
  });
  app.use(async (c, next) => await (c.req.path.endsWith("/files") ? fileLimit : jsonLimit)(c, next));

  app.post("/sign-out", (c) => {
    desk.signOut(c.var.session);
    return c.body(null, 204);
  });
  app.get("/me", (c) => c.json({ agent: c.var.session.agent, available: c.var.session.available }));
  app.put("/availability", async (c) => {
    desk.setAvailable(c.var.session, (await bodyOf(c.req.raw, availability)).available);
    return c.body(null, 204);
  });
  app.get("/events", (c) => streamEvents(c, desk));
  addTicketRoutes(app, desk);
  addChatRoutes(app, desk);
  addFileRoutes(app, desk);
  return app;
}

function atMost(maxSize: number) {
  return bodyLimit({
    maxSize,
    onError: () => problemOf(new AdapterError("too-large", `At most ${maxSize} bytes.`)),
  });
}
