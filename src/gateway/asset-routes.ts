import type { Context, Hono } from "hono";
import { assetAnswer } from "./asset-answer.ts";
import { hashed, type Assets } from "./assets.ts";
import { Problem } from "./problems.ts";

const FRESH = "public, max-age=300";
const FOR_EVER = "public, max-age=31536000, immutable";

/** Any page may load these: they are the same for everyone. */
export function addAssetRoutes(app: Hono, assets: Assets): void {
  async function serve(context: Context, name: string, version?: string): Promise<Response> {
    const asset = await assets(name, version);
    if (asset === undefined) throw new Problem("not-found", `there is no ${name}`);
    const isLasting = version !== undefined || hashed.test(name);
    const headers = new Headers({
      "Cache-Control": isLasting ? FOR_EVER : FRESH,
      "Access-Control-Allow-Origin": "*",
    });
    return assetAnswer(asset, context.req.raw, headers);
  }

  app.get("/:file{[\\w.-]+\\.js}", async (context) => await serve(context, context.req.param("file")));
  if (assets.version === undefined) return;
  app.get("/:version{[0-9a-f]{16}}/:file{[\\w.-]+\\.js}", async (context) => {
    const { file, version } = context.req.param();
    return await serve(context, file, version);
  });
}
