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
  /** When the page's token expires, in ms since 1970. */
  expiresAt: v.number(),
  siteIssuedAt: v.exactOptional(v.number()),
  issuedAt: v.exactOptional(v.number()),
  question: v.exactOptional(v.string()),
  locale: v.exactOptional(v.string()),
});
/** The member of a code, and the data that the chat page continues with. */
export type Grant = v.InferOutput<typeof grant>;

export interface ChatCodes {
  make(
    grant: Pick<Grant, "member" | "sessionId" | "expiresAt" | "siteIssuedAt" | "issuedAt">,
    carried: { readonly question?: string; readonly locale?: string },
  ): Promise<string>;
  /** Valid once, within `CHAT_CODE_MS`. Rejects with 401 otherwise. */
  redeem(code: string): Promise<Grant>;
}

const CODE_BYTES = 32;

export function createChatCodes(store: SharedStore): ChatCodes {
  return {
    async make({ member: who, sessionId, expiresAt, siteIssuedAt, issuedAt }, carried) {
      const code = base64url.encode(crypto.getRandomValues(new Uint8Array(CODE_BYTES)));
      // Hashed: access to the store gives no code.
      const kept: Grant = {
        ...carried,
        member: who,
        sessionId,
        expiresAt,
        ...(siteIssuedAt !== undefined && { siteIssuedAt }),
        ...(issuedAt !== undefined && { issuedAt }),
      };
      await store.set(`code:${hash(code)}`, JSON.stringify(kept), CHAT_CODE_MS);
      return code;
    },
    async redeem(code) {
      const key = hash(code);
      const found = await store.get(`code:${key}`);
      // Marked before use: if two pages have the same code, only one succeeds.
      const usedBefore = found === undefined ? "1" : await store.setIfAbsent(`code-used:${key}`, "1", 2 * CHAT_CODE_MS);
      if (found === undefined || usedBefore !== undefined) {
        throw new Problem("unauthorized", "this code was used or has expired: open the chat from the site again");
      }
      return v.parse(grant, JSON.parse(found));
    },
  };
}
