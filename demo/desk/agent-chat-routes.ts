import type { Hono } from "hono";
import * as v from "valibot";
import { bodyOf } from "./agent-body.ts";
import { cannedFor } from "./canned.ts";
import type { AgentDesk } from "./agent-desk.ts";
import type { AgentEnvironment } from "./agent-environment.ts";

const draft = v.object({
  clientId: v.pipe(v.string(), v.uuid()),
  text: v.string(),
  attachments: v.exactOptional(v.array(v.string())),
});
/** Without `to`: back to the queue. */
const transfer = v.object({ to: v.exactOptional(v.string()) });
const typing = v.object({ typing: v.boolean() });
const read = v.object({ messageId: v.string() });

export function addChatRoutes(app: Hono<AgentEnvironment>, desk: AgentDesk): void {
  app.get("/conversations", (c) => c.json(desk.chat.list(c.var.session.agent)));
  app.get("/conversations/:id", (c) => c.json(desk.chat.transcript(c.req.param("id"))));
  app.post("/conversations/:id/take", (c) => c.json(desk.chat.take(c.var.session.agent, c.req.param("id"))));
  app.post("/conversations/:id/messages", async (c) => {
    const message = await bodyOf(c.req.raw, draft);
    return c.json(desk.chat.say(c.var.session.agent, c.req.param("id"), message));
  });
  app.post("/conversations/:id/typing", async (c) => {
    desk.chat.setTyping(c.var.session.agent, c.req.param("id"), (await bodyOf(c.req.raw, typing)).typing);
    return c.body(null, 204);
  });
  app.post("/conversations/:id/read", async (c) => {
    desk.chat.markRead(c.var.session.agent, c.req.param("id"), (await bodyOf(c.req.raw, read)).messageId);
    return c.body(null, 204);
  });
  app.post("/conversations/:id/delivered", async (c) => {
    desk.chat.markDelivered(c.var.session.agent, c.req.param("id"), (await bodyOf(c.req.raw, read)).messageId);
    return c.body(null, 204);
  });
  app.get("/colleagues", (c) => c.json(desk.chat.colleagues(c.var.session.agent)));
  app.get("/canned", (c) => c.json(cannedFor(c.req.query("locale") ?? "en")));
  app.post("/conversations/:id/transfer", async (c) => {
    desk.chat.transfer(c.var.session.agent, c.req.param("id"), (await bodyOf(c.req.raw, transfer)).to);
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
}
