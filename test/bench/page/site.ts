import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { build } from "vite";
import { memory } from "../../../src/adapters/memory/index.ts";
import { assetsFrom, createGateway } from "../../../src/gateway/index.ts";
import { rivalsBackend } from "./rivals/backend.ts";
import type { Contestant } from "./contestants.ts";

const root = new URL("../../../", import.meta.url);
const here = fileURLToPath(new URL("./", import.meta.url));
/** Nothing in it is committed. */
const workshop = fileURLToPath(new URL(".bench/", root));

/** The limit and both floors, built as the widget is. */
async function buildFloors(): Promise<void> {
  const common = { target: "es2023", minify: "terser", emptyOutDir: false, outDir: join(workshop, "floors") } as const;
  for (const name of ["limit", "one-file", "split"]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await build({
      configFile: false,
      logLevel: "warn",
      base: "./",
      build: {
        ...common,
        modulePreload: false,
        rolldownOptions: {
          input: join(here, "floors", `${name}.js`),
          output: { entryFileNames: "[name].js", chunkFileNames: "[name].js" },
        },
      },
    });
  }
}

/** Where `fetchPackages` puts them. */
export const rivalsFolder = join(workshop, "rivals");

export interface Site {
  readonly origin: string;
  addressOf(contestant: Contestant | undefined): string;
  close(): Promise<void>;
}

/** A blank page, one for each contestant, their files under brotli 11, and a gateway over a desk in memory. */
export async function startSite(contestants: readonly Contestant[], withRivals: boolean): Promise<Site> {
  await buildFloors();
  const gateway = createGateway({
    adapter: memory(),
    basePath: "/podpora",
    secret: "only-for-measuring-only-for-measuring",
    assets: assetsFrom(new URL("dist/", root)),
    uploads: { directory: join(workshop, "uploads") },
  });
  const app = new Hono();
  const html = (tag: string) =>
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title><link rel="icon" href="data:,"></head><body><main><h1>A page</h1></main>${tag}</body></html>`;
  app.all("/podpora/*", (c) => gateway.fetch(c.req.raw, c.env));
  app.get("/blank", (c) => c.html(html("")));
  contestants.forEach(({ tag }, index) => app.get(`/page/${index}`, (c) => c.html(html(tag))));

  function file(path: string) {
    const body = readFileSync(path);
    const packed = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    return new Response(new Uint8Array(packed), {
      headers: {
        "Content-Type": path.endsWith(".css") ? "text/css" : "text/javascript",
        "Content-Encoding": "br",
        "Access-Control-Allow-Origin": "*",
      },
    });
  }
  const packedFiles = new Map<string, Response>();
  function cached(path: string): Response {
    const known = packedFiles.get(path) ?? file(path);
    packedFiles.set(path, known);
    return known.clone();
  }
  if (withRivals) app.route("/rivals", await rivalsBackend(rivalsFolder, cached));
  // What a rival reports of its page.
  app.post("/api/*", (c) => c.json({}));
  app.get("/floors/:name", (c) => cached(join(workshop, "floors", c.req.param("name"))));

  const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
  await new Promise<void>((resolve) => server.once("listening", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server listens on no port");
  const origin = `http://127.0.0.1:${address.port}`;
  return {
    origin,
    addressOf: (contestant) => `${origin}/${contestant ? `page/${contestants.indexOf(contestant)}` : "blank"}`,
    async close() {
      if ("closeAllConnections" in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await gateway.dispose();
    },
  };
}
