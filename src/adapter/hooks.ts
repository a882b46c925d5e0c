import * as v from "valibot";
import type { HookApi } from "../core/contract/adapter.ts";
import { AdapterError } from "../core/contract/errors.ts";
import { createTtlMap } from "./concurrency.ts";

export interface SignedHookOptions {
  /** For messages, such as "Request Tracker". */
  readonly desk: string;
  /** The header with "sha256=" and the signature in hex: HMAC with SHA-256 (RFC 2104) over the body's bytes. */
  readonly header: string;
  readonly secret: string;
  /**
   * Reads the JSON body: the change, and the time it was sent, in seconds since 1970. Without a time, a replay is
   * accepted each time.
   */
  readonly body: v.GenericSchema<unknown, { readonly text: string; readonly at?: number | undefined }>;
  /** Called at every copy of the gateway. */
  readonly heard: (text: string) => void;
}

/** How far the clocks of the desk and the gateway may differ, including the transfer time. */
const APART_MS = 300_000;
const KEPT = 10_000;

/** A web hook that the desk signs. If it has a time, it is accepted once, and only about that time. */
export function signedHook({ body: schema, desk, header, heard, secret }: SignedHookOptions): HookApi {
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const key = crypto.subtle.importKey("raw", new TextEncoder().encode(secret), hmac, false, ["verify"]);
  const taken = createTtlMap<true>(KEPT, 2 * APART_MS);

  return {
    async accept(headers, body, bytes = new TextEncoder().encode(body)) {
      const [, hex] = /^sha256=([0-9a-f]{64})$/i.exec(headers.get(header) ?? "") ?? [];
      const signature = Uint8Array.from(hex?.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
      // `verify` compares in constant time.
      const fits = hex !== undefined && (await crypto.subtle.verify("HMAC", await key, signature, bytes));
      if (!fits) throw new AdapterError("forbidden", "the web hook is not signed with hookSecret");
      const said = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), body);
      if (!said.success) throw new AdapterError("invalid", "the web hook's body is invalid");
      const { at, text } = said.output;
      if (at === undefined) return text;
      if (Math.abs(Date.now() - at * 1000) > APART_MS) {
        const fix = `check the clocks of ${desk} and the gateway`;
        throw new AdapterError("forbidden", `the time of the web hook is too far off: ${fix}`);
      }
      const sent = hex.toLowerCase();
      if (taken.get(sent)) return undefined;
      taken.set(sent, true);
      return text;
    },
    heard,
  };
}
