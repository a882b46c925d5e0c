import { createHash } from "node:crypto";
import { parseAccept } from "hono/utils/accept";
import type { Asset } from "./asset.ts";

/** One encoding of a file. */
interface Form {
  /** For `Content-Encoding`; undefined for identity. */
  readonly coding: "br" | "gzip" | undefined;
  readonly body: Uint8Array<ArrayBuffer>;
}

const digests = new WeakMap<Uint8Array, string>();

/** The file in an encoding that the request accepts, or 304 if the client has it already. */
export function assetAnswer(asset: Asset, request: Request, headers: Headers): Response {
  const { body, coding } = formFor(asset, request.headers.get("Accept-Encoding"));
  // Each encoding has its own tag, because its bytes differ (RFC 9110, section 8.8.3.3).
  const tag = `"${digestOf(asset.body)}${coding === undefined ? "" : `-${coding}`}"`;
  headers.set("Vary", "Accept-Encoding");
  headers.set("ETag", tag);
  if (isKnown(tag, request.headers.get("If-None-Match"))) return new Response(null, { status: 304, headers });
  headers.set("Content-Type", asset.type);
  headers.set("Content-Length", String(body.length));
  if (coding !== undefined) headers.set("Content-Encoding", coding);
  return new Response(body, { headers });
}

/**
 * RFC 9110, section 12.5.3: `q=0` is a refusal, `*` matches all that is not named; of equals the smallest is chosen.
 */
function formFor({ body, brotli, gzip }: Asset, accepted: string | null): Form {
  const forms: readonly Form[] = [
    ...(brotli === undefined ? [] : [{ coding: "br" as const, body: brotli }]),
    ...(gzip === undefined ? [] : [{ coding: "gzip" as const, body: gzip }]),
  ];
  const weights = new Map(parseAccept(accepted ?? "").map(({ type, q }) => [type.toLowerCase(), q]));
  const weightOf = (coding: string): number => weights.get(coding) ?? weights.get("*") ?? 0;
  const plain = weights.get("identity") ?? 0;
  const [best] = forms
    .filter(({ coding = "" }) => weightOf(coding) > 0 && weightOf(coding) >= plain)
    .toSorted((one, other) => weightOf(other.coding ?? "") - weightOf(one.coding ?? ""));
  // If the client accepts nothing, an answer is better than 406.
  return best ?? { coding: undefined, body };
}

/** RFC 9110, section 13.1.2: a list or `*`, compared weakly. */
function isKnown(tag: string, header: string | null): boolean {
  if (header === null) return false;
  if (header.trim() === "*") return true;
  return [...header.matchAll(/(?:W\/)?("[^"]*")/g)].some(([, each]) => each === tag);
}

function digestOf(body: Uint8Array): string {
  const known = digests.get(body);
  if (known !== undefined) return known;
  const digest = createHash("sha256").update(body).digest("base64url").slice(0, 22);
  digests.set(body, digest);
  return digest;
}
