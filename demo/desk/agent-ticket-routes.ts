import type { Hono } from "hono";
import * as v from "valibot";
import { markupFromHtml } from "../../src/adapter/markup/html-to-markup.ts";
import { bodyOf, parse } from "./agent-body.ts";
import type { AgentDesk } from "./agent-desk.ts";
import type { AgentDraft } from "./agent-tickets.ts";
import type { AgentEnvironment } from "./agent-environment.ts";

const draft = v.object({
  clientId: v.pipe(v.string(), v.uuid()),
  kind: v.picklist(["reply", "question", "note"]),
  attachments: v.exactOptional(v.array(v.string())),
});
const textDraft = v.object({ ...draft.entries, text: v.string() });
/** HTML copied from an e-mail or a document. */
const htmlDraft = v.object({ ...draft.entries, html: v.string() });
const html = v.object({ html: v.string() });
const change = v.object({ status: v.picklist(["open", "resolved", "closed"]) });
const query = v.object({
  status: v.optional(v.picklist(["open", "awaiting", "resolved"])),
  search: v.optional(v.pipe(v.string(), v.maxLength(200))),
});

export function addTicketRoutes(app: Hono<AgentEnvironment>, desk: AgentDesk): void {
  app.get("/tickets", (c) => {
    const { status, search } = parse(query, c.req.query());
    return c.json(desk.tickets.list(status, search));
  });
  app.get("/tickets/:id", (c) => c.json(desk.tickets.thread(c.req.param("id"))));
  app.delete("/tickets/:id", async (c) => {
    await desk.tickets.remove(c.req.param("id"));
    return c.body(null, 204);
  });
  app.post("/tickets/:id/messages", async (c) => {
    const { kind, ...written } = await bodyOf(c.req.raw, v.union([textDraft, htmlDraft]));
    const message = "html" in written ? fromHtml(written) : written;
    return c.json(desk.tickets.write(c.var.session.agent, c.req.param("id"), message, kind));
  });
  app.post("/markup", async (c) => c.json({ text: markupFromHtml((await bodyOf(c.req.raw, html)).html) }));
  app.put("/tickets/:id/status", async (c) => {
    const { status } = await bodyOf(c.req.raw, change);
    return c.json(desk.tickets.setStatus(c.var.session.agent, c.req.param("id"), status));
  });
}

function fromHtml({ html: source, ...rest }: Omit<v.InferOutput<typeof htmlDraft>, "kind">): AgentDraft {
  const pictures = new Map(rest.attachments?.map((id) => [`attachment:${id}`, id]));
  return { ...rest, text: markupFromHtml(source, pictures) };
}
