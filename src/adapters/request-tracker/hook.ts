import * as v from "valibot";
import type { HookApi } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { createKeptMap } from "../shared/kept-map.ts";
import type { Poller } from "./poller.ts";

const news = v.object({
  ticket: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER)),
  /** When it was sent, in seconds since 1970. Scrips from before do not say it. */
  at: v.optional(v.pipe(v.number(), v.integer())),
});

/** How far the clocks of RT and the gateway may be apart, with the time on the way. */
const APART_MS = 300_000;
const KEPT = 10_000;

/**
 * The scrip of docs/desks/request-tracker.md posts to it: JSON, signed by HMAC with SHA-256 (RFC 2104) over its bytes. What
 * says when it was sent is taken once, and only then. All that a web hook does is to look for changes of a ticket now.
 */
export function createHook(secret: string, poller: Poller): HookApi {
  const key = crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode(secret),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["verify"],
  );
  const taken = createKeptMap<true>(KEPT, 2 * APART_MS);

  return {
    async accept(headers, body, bytes = new TextEncoder().encode(body)) {
      const [, hex] = /^sha256=([0-9a-f]{64})$/i.exec(headers.get("X-Podpora-Signature") ?? "") ?? [];
      const signature = Uint8Array.from(hex?.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
      // `verify` compares in a time that tells nothing.
      const fits = hex !== undefined && (await crypto.subtle.verify("HMAC", await key, signature, bytes));
      if (!fits) throw new AdapterError("forbidden", "the web hook is not signed with hookSecret");
      const { ticket, at } = parse(body);
      if (at !== undefined) {
        if (Math.abs(Date.now() - at * 1000) > APART_MS) {
          throw new AdapterError(
            "forbidden",
            "the web hook was sent at another time: look at the clocks of RT and the gateway",
          );
        }
        const sent = hex.toLowerCase();
        if (taken.get(sent)) return undefined;
        taken.set(sent, true);
      }
      return JSON.stringify({ ticket });
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
