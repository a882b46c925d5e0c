import { createHash } from "node:crypto";
import { parseAccept } from "hono/utils/accept";
import type { Asset } from "./asset.ts";

/** One way of sending a file. */
interface Form {
  /** For `Content-Encoding`; undefined for the bytes as they are. */
  readonly coding: "br" | "gzip" | undefined;
  readonly body: Uint8Array<ArrayBuffer>;
}

const digests = new WeakMap<Uint8Array, string>();

/** The file in the form that the request takes, or 304 when the client has that form already. */
export function assetAnswer(asset: Asset, request: Request, headers: Headers): Response {
  const { body, coding } = formFor(asset, request.headers.get("Accept-Encoding"));
  // The tag differs by the form: its bytes do (RFC 9110, section 8.8.3.3).
  const tag = `"${digestOf(asset.body)}${coding === undefined ? "" : `-${coding}`}"`;
  headers.set("Vary", "Accept-Encoding");
  headers.set("ETag", tag);
  if (isKnown(tag, request.headers.get("If-None-Match"))) return new Response(null, { status: 304, headers });
  headers.set("Content-Type", asset.type);
  headers.set("Content-Length", String(body.length));
  if (coding !== undefined) headers.set("Content-Encoding", coding);
  return new Response(body, { headers });
}

/** RFC 9110, section 12.5.3: `q=0` is a refusal, `*` stands for what is not named; of equals the smallest. */
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
  // Who takes nothing at all is better served with something than with 406.
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
