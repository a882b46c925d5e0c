import * as v from "valibot";
import type { HookApi } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import type { Poller } from "./poller.ts";

const news = v.object({ ticket: v.pipe(v.number(), v.integer(), v.minValue(1)) });

/** The scrip of docs/desks/request-tracker.md posts to it. */
export function createHook(secret: string, poller: Poller): HookApi {
  const key = crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["verify"],
  );
  return {
    async accept(headers, body) {
      const [, hex] = /^sha256=([0-9a-f]{64})$/i.exec(headers.get("X-Podpora-Signature") ?? "") ?? [];
      const signature = Uint8Array.from(hex?.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
      const bytes = new TextEncoder().encode(body);
      // `verify` compares in a time that tells nothing.
      const fits = hex !== undefined && (await crypto.subtle.verify("HMAC", await key, signature, bytes));
      if (!fits) throw new AdapterError("forbidden", "the web hook is not signed with hookSecret");
      return JSON.stringify(parse(body));
    },
    heard(text) {
      poller.heard(String(parse(text).ticket));
    },
  };
}

function parse(body: string): v.InferOutput<typeof news> {
  try {
    return v.parse(news, JSON.parse(body));
  } catch (cause) {
    throw new AdapterError("invalid", "the web hook's body names no ticket", { cause });
  }
}
