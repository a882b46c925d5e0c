import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { secureHeaders } from "hono/secure-headers";
import * as v from "valibot";
import type { AgentDesk } from "./agent-desk.ts";
import type { AgentEnvironment } from "./agent-environment.ts";
import { streamEvents } from "./agent-stream.ts";
import { problemOf } from "./problem.ts";
import { AdapterError } from "../../src/core/errors.ts";

const bodyMaxBytes = 256 * 1024;
const signIn = v.object({ username: v.string(), password: v.string() });
const availability = v.object({ available: v.boolean() });
const draft = v.object({ clientId: v.pipe(v.string(), v.uuid()), text: v.string() });
const ticketDraft = v.object({ ...draft.entries, kind: v.picklist(["reply", "question", "note"]) });
const typing = v.object({ typing: v.boolean() });
const read = v.object({ messageId: v.string() });
const ticketQuery = v.object({
  status: v.optional(v.picklist(["open", "awaiting", "resolved"])),
  search: v.optional(v.pipe(v.string(), v.maxLength(200))),
});

/** The agents' HTTP side. A bearer token in a header, never a cookie: no page can make a browser send it. */
export function createAgentApi(desk: AgentDesk): Hono<AgentEnvironment> {
  const app = new Hono<AgentEnvironment>();

  app.onError((error) => problemOf(error));
  app.notFound(() => problemOf(new AdapterError("not-found", "There is no such address.")));
  app.use(secureHeaders(), bodyLimit({ maxSize: bodyMaxBytes, onError: tooLarge }));
  app.use(async (c, next) => {
    await next();
    c.header("Cache-Control", "no-store");
  });

  app.post("/sign-in", async (c) => {
    const { username, password } = parse(signIn, await json(c.req.raw));
    return c.json(await desk.signIn(username, password));
  });

  app.use(async (c, next) => {
    const token = /^Bearer ([\w-]{43})$/.exec(c.req.header("Authorization") ?? "")?.[1];
    const session = token === undefined ? undefined : desk.session(token);
    if (!session) throw new AdapterError("unauthorized", "Sign in first.");
    c.set("session", session);
    await next();
  });

  app.post("/sign-out", (c) => {
    desk.signOut(c.var.session);
    return c.body(null, 204);
  });
  app.get("/me", (c) => c.json({ agent: c.var.session.agent, available: c.var.session.available }));
  app.put("/availability", async (c) => {
    desk.setAvailable(c.var.session, parse(availability, await json(c.req.raw)).available);
    return c.body(null, 204);
  });
  app.get("/events", (c) => streamEvents(c, desk));

  app.get("/tickets", (c) => {
    const { status, search } = parse(ticketQuery, c.req.query());
    return c.json(desk.tickets.list(status, search));
  });
  app.get("/tickets/:id", (c) => c.json(desk.tickets.thread(c.req.param("id"))));
  app.post("/tickets/:id/messages", async (c) => {
    const { kind, ...message } = parse(ticketDraft, await json(c.req.raw));
    return c.json(desk.tickets.write(c.var.session.agent, c.req.param("id"), message, kind));
  });
  app.post("/tickets/:id/resolve", (c) => c.json(desk.tickets.resolve(c.req.param("id"))));

  app.get("/conversations", (c) => c.json(desk.chat.list(c.var.session.agent)));
  app.get("/conversations/:id", (c) => c.json(desk.chat.transcript(c.req.param("id"))));
  app.post("/conversations/:id/take", (c) => c.json(desk.chat.take(c.var.session.agent, c.req.param("id"))));
  app.post("/conversations/:id/messages", async (c) => {
    const message = parse(draft, await json(c.req.raw));
    return c.json(desk.chat.say(c.var.session.agent, c.req.param("id"), message));
  });
  app.post("/conversations/:id/typing", async (c) => {
    desk.chat.setTyping(c.var.session.agent, c.req.param("id"), parse(typing, await json(c.req.raw)).typing);
    return c.body(null, 204);
  });
  app.post("/conversations/:id/read", async (c) => {
    desk.chat.markRead(c.var.session.agent, c.req.param("id"), parse(read, await json(c.req.raw)).messageId);
    return c.body(null, 204);
  });
  app.post("/conversations/:id/request-ticket", (c) => {
    desk.chat.requestTicket(c.var.session.agent, c.req.param("id"));
    return c.body(null, 204);
  });
  app.post("/conversations/:id/end", (c) => {
    desk.chat.end(c.var.session.agent, c.req.param("id"));
    return c.body(null, 204);
  });

  app.get("/files/:id", async (c) => {
    const { attachment, blob } = await desk.file(c.req.param("id"));
    return new Response(blob.stream(), {
      headers: {
        "Content-Type": attachment.type,
        "Content-Length": String(blob.size),
        // RFC 6266; the page shows it from a blob, so nothing of it ever runs in this origin.
        "Content-Disposition": `attachment; filename*=UTF-8''${encodeURIComponent(attachment.name).replaceAll("'", "%27")}`,
        "Content-Security-Policy": "default-src 'none'; sandbox",
      },
    });
  });

  return app;
}

async function json(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch (cause) {
    throw new AdapterError("invalid", "The body has to be JSON.", { cause });
  }
}

function parse<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const fields = Object.fromEntries(result.issues.map((issue) => [v.getDotPath(issue) ?? "body", issue.message]));
  throw new AdapterError("invalid", `Not accepted: ${Object.keys(fields).join(", ")}.`, { fields });
}

function tooLarge(): Response {
  return problemOf(new AdapterError("too-large", `At most ${bodyMaxBytes} bytes.`));
}
