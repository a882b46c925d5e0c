import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import type { Field } from "../src/core/contract/adapter.ts";
import { assetsFrom, createGateway } from "../src/gateway/index.ts";
import { createAgentApi } from "./desk/agent-api.ts";
import { type DemoDesk, openDesk } from "./desk/desk.ts";
import type { OfficeHours } from "./desk/office-hours.ts";
import { seed } from "./desk/seed.ts";
import { pinTag } from "./pinned-tag.ts";
import { createSite } from "./site.ts";

export interface Demo {
  /** Such as "http://127.0.0.1:4180". */
  readonly origin: string;
  readonly desk: DemoDesk;
  close(): Promise<void>;
}

export interface DemoOptions {
  /** Contains all persistent data. */
  readonly directory: string;
  /** 0 selects any free port. */
  readonly port: number;
  /** The form's fields besides title and text. @default the demo's own */
  readonly fields?: readonly Field[];
  /** @default chat is open while an agent is available */
  readonly hours?: OfficeHours;
  /** The host pages take this build and no other. @default whatever is served as podpora.js */
  readonly pinned?: boolean;
}

const root = new URL("..", import.meta.url);
const agentPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/**
 * Serves the host page at `/`, the gateway at `/podpora` and the agent's page at `/agent`, on one port. Needs the built
 * files.
 */
export async function startDemo({ port, pinned = false, ...options }: DemoOptions): Promise<Demo> {
  const { directory } = options;
  mkdirSync(directory, { recursive: true });
  await seed({ directory });
  const desk = await openDesk(options);
  const siteSecret = secretIn(directory, "site-secret");
  const assets = assetsFrom(new URL("dist/", root));
  const gateway = createGateway({
    adapter: desk.adapter,
    basePath: "/podpora",
    secret: secretIn(directory, "gateway-secret"),
    identity: { secret: siteSecret, audience: "podpora" },
    agents: [{ name: "Nina" }, { name: "Oto" }],
    access: { ranks: ["Bronze", "Silver", "Gold"], tickets: { from: "Silver" } },
    assets,
    uploads: { directory: join(directory, "uploads") },
    store: desk.keyStore,
  });

  const app = new Hono();
  app.all("/podpora/*", (c) => gateway.fetch(c.req.raw, c.env));
  app.route("/agent/api", createAgentApi(desk.agents));
  app.use("/agent/*", async (c, next) => {
    await next();
    c.header("Content-Security-Policy", agentPolicy);
  });
  app.get("/agent", (c) => c.redirect("/agent/"));
  const agentFiles = fileURLToPath(new URL(".demo/agent/", root));
  app.use("/agent/*", serveStatic({ root: agentFiles, rewriteRequestPath: (path) => path.replace(/^\/agent/, "") }));
  app.route("/", createSite(desk.adapter.accounts, siteSecret, pinned ? await pinTag(assets) : undefined));

  const server = serve({ fetch: app.fetch, port, hostname: "127.0.0.1" });
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  });
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the server listens on no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    desk,
    async close() {
      // Event streams would keep the server open: cut them; widgets reconnect by themselves.
      if ("closeAllConnections" in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await gateway.dispose();
      desk.close();
    },
  };
}

/** Created once and stored with the data, so that sessions survive a restart. */
function secretIn(directory: string, name: string): string {
  const file = join(directory, name);
  try {
    return readFileSync(file, "utf8");
  } catch {
    const secret = randomBytes(32).toString("base64url");
    writeFileSync(file, secret, { mode: 0o600, flag: "wx" });
    return secret;
  }
}
