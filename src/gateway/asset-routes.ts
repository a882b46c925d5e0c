import type { Context, Hono } from "hono";
import type { Assets } from "./assets.ts";
import { Problem } from "./problems.ts";

const FRESH = "public, max-age=300";
const FOR_EVER = "public, max-age=31536000, immutable";

/** Any page may load these: they are the same for everybody. */
export function addAssetRoutes(app: Hono, assets: Assets): void {
  const { version } = assets;

  async function serve(context: Context, name: string, cache: string): Promise<Response> {
    const asset = await assets(name);
    if (asset === undefined) throw new Problem("not-found", `there is no ${name}`);
    const headers = new Headers({
      "Content-Type": asset.type,
      "Cache-Control": cache,
      "Access-Control-Allow-Origin": "*",
      Vary: "Accept-Encoding",
    });
    if (version !== undefined) headers.set("ETag", `"${version}"`);
    if (version !== undefined && context.req.header("If-None-Match") === `"${version}"`) {
      return new Response(null, { status: 304, headers });
    }
    const packed = /(^|[\s,])br($|[\s,;])/.test(context.req.header("Accept-Encoding") ?? "") ? asset.brotli : undefined;
    if (packed !== undefined) headers.set("Content-Encoding", "br");
    return new Response(packed ?? asset.body, { headers });
  }

  app.get("/:file{[\\w-]+\\.js}", async (context) => await serve(context, context.req.param("file"), FRESH));
  app.get("/locales/:file", async (context) => await serve(context, `locales/${context.req.param("file")}`, FRESH));
  if (version === undefined) return;
  app.get(
    `/${version}/:file{[\\w-]+\\.js}`,
    async (context) => await serve(context, context.req.param("file"), FOR_EVER),
  );
  app.get(`/${version}/locales/:file`, async (context) => {
    return await serve(context, `locales/${context.req.param("file")}`, FOR_EVER);
  });
}
