import { createHash } from "node:crypto";
import type { Assets } from "../src/gateway/index.ts";

/**
 * Gives the host page with the tag that a site uses for one build and no other: its address never changes, and the browser
 * refuses any other bytes (Subresource Integrity).
 */
export async function pinTag(assets: Assets): Promise<(html: string) => string> {
  const { version } = assets;
  const loader = await assets("podpora.js", version);
  if (version === undefined || loader === undefined) throw new Error("the build has no version");
  const digest = createHash("sha384").update(loader.body).digest("base64");
  const pinned = `src="/podpora/${version}/podpora.js" integrity="sha384-${digest}"`;
  return (html) => html.replaceAll('src="/podpora/podpora.js"', pinned);
}
