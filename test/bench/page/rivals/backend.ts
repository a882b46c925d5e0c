import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Hono } from "hono";
import { build } from "vite";

/** A project with conversations and nothing else. */
const postHog = {
  conversations: { enabled: true, widgetEnabled: true, token: "bench", domains: [] },
  supportedCompression: [],
};

/** What each rival's page asks for: its files as npm has them, and the least answers of its backend with which it opens. */
export async function rivalsBackend(directory: string, file: (path: string) => Response): Promise<Hono> {
  await buildSentry(directory);
  const app = new Hono();
  const inPackage = (...path: readonly string[]) => file(join(directory, "node_modules", ...path));

  const inPostHog = (name: string) => inPackage("posthog-js/dist", name);
  app.get("/posthog/static/:name", (c) => inPostHog(c.req.param("name")));
  app.get("/posthog/static/:version/:name", (c) => inPostHog(c.req.param("name")));
  app.get("/posthog/array/bench/config.js", (c) =>
    c.body(
      `(window._POSTHOG_REMOTE_CONFIG ??= {}).bench = { config: ${JSON.stringify(postHog)}, siteApps: [] };`,
      200,
      {
        "Content-Type": "text/javascript",
      },
    ),
  );
  app.all("/posthog/api/conversations/*", (c) =>
    c.json({ results: [], messages: [], count: 0, has_more: false, unread_count: 0 }),
  );
  app.all("/posthog/*", (c) => c.json({ status: 1 }));

  app.get("/typebot/web.js", () => inPackage("@typebot.io/js/dist/web.js"));
  app.post("/typebot/api/v1/typebots/bench/startChat", (c) =>
    c.json({
      sessionId: "bench",
      typebot: { id: "bench", version: "6.1", theme: {}, settings: {} },
      messages: [{ id: "m1", type: "text", content: { type: "markdown", markdown: "How can we help?" } }],
      input: { id: "i1", type: "text input", options: {} },
    }),
  );

  app.get("/n8n/:name{.+\\.(m?js|css)}", (c) => inPackage("@n8n/chat/dist", c.req.param("name")));
  app.all("/n8n/webhook", (c) => c.json({ data: [] }));

  app.get("/sentry/sentry.js", () => file(join(directory, "sentry/sentry.js")));
  return app;
}

/** Sentry has no script on npm that a page can load: it is bundled, as a site does it. */
async function buildSentry(directory: string) {
  const entry = join(directory, "sentry.js");
  await copyFile(fileURLToPath(new URL("sentry.js", import.meta.url)), entry);
  await build({
    configFile: false,
    logLevel: "warn",
    define: { "process.env.NODE_ENV": '"production"' },
    build: {
      target: "es2023",
      minify: "terser",
      outDir: join(directory, "sentry"),
      lib: { entry, formats: ["iife"], name: "sentry", fileName: () => "sentry.js" },
    },
  });
}
