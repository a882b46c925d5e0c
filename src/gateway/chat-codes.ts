import { base64url } from "jose";
import * as v from "valibot";
import { member } from "../protocol/data.ts";
import { CHAT_CODE_MS } from "../protocol/limits.ts";
import { hash } from "./hash.ts";
import type { SharedStore } from "./shared-store.ts";
import { Problem } from "./problems.ts";

const grant = v.object({
  member,
  sessionId: v.string(),
  /** When the page's token runs out, in ms since 1970. */
  expiresAt: v.number(),
  siteIssuedAt: v.exactOptional(v.number()),
  issuedAt: v.exactOptional(v.number()),
  question: v.exactOptional(v.string()),
  locale: v.exactOptional(v.string()),
});
/** Whom a code stands for, and what the chat page goes on with. */
export type Grant = v.InferOutput<typeof grant>;

export interface ChatCodes {
  make(
    grant: Pick<Grant, "member" | "sessionId" | "expiresAt" | "siteIssuedAt" | "issuedAt">,
    carried: { readonly question?: string; readonly locale?: string },
  ): Promise<string>;
  /** Works once, within `CHAT_CODE_MS`. Rejects with 401 otherwise. */
  redeem(code: string): Promise<Grant>;
}

const CODE_BYTES = 32;

export function createChatCodes(store: SharedStore): ChatCodes {
  return {
    async make({ member: who, sessionId, expiresAt, siteIssuedAt, issuedAt }, carried) {
      const code = base64url.encode(crypto.getRandomValues(new Uint8Array(CODE_BYTES)));
      // As a hash: who reads the store has no code.
      const kept: Grant = {
        ...carried,
        member: who,
        sessionId,
        expiresAt,
        ...(siteIssuedAt !== undefined && { siteIssuedAt }),
        ...(issuedAt !== undefined && { issuedAt }),
      };
      await store.set(`code:${await hash(code)}`, JSON.stringify(kept), CHAT_CODE_MS);
      return code;
    },
    async redeem(code) {
      const key = await hash(code);
      const found = await store.get(`code:${key}`);
      // Set before it is used: of two pages with one code, one is in.
      const usedBefore = found === undefined ? "1" : await store.setIfAbsent(`code-used:${key}`, "1", 2 * CHAT_CODE_MS);
      if (found === undefined || usedBefore !== undefined) {
        throw new Problem("unauthorized", "this code was used or has run out: open the chat from the site again");
      }
      return v.parse(grant, JSON.parse(found));
    },
  };
}
