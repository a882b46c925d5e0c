import type { Hono } from "hono";
import * as v from "valibot";
import { attachmentDisposition } from "../../src/gateway/file-names.ts";
import { parse } from "./agent-body.ts";
import type { AgentDesk } from "./agent-desk.ts";
import type { AgentEnvironment } from "./agent-environment.ts";

const upload = v.object({ clientId: v.pipe(v.string(), v.uuid()), file: v.file() });

export function addFileRoutes(app: Hono<AgentEnvironment>, desk: AgentDesk): void {
  app.post("/files", async (c) => {
    const { clientId, file } = parse(upload, await c.req.parseBody());
    return c.json(await desk.files.upload(c.var.session.agent, file, clientId, c.req.raw.signal), 201);
  });
  app.get("/files/:id", async (c) => {
    const { attachment, blob } = await desk.files.read(c.req.param("id"));
    return new Response(blob.stream(), {
      headers: {
        "Content-Type": attachment.type,
        "Content-Length": String(blob.size),
        // The page shows files from a blob; these headers keep them from running in this origin.
        "Content-Disposition": attachmentDisposition(attachment.name),
        "Content-Security-Policy": "default-src 'none'; sandbox",
      },
    });
  });
}
