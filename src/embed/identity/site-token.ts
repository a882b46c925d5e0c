import { toJson } from "../../core/contract/json.ts";
import type { SiteIdentity } from "../../core/identity/site-identity.ts";

/** A JSON Web Token in its compact form (RFC 7515, section 3.1). */
const jwt = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const answerMs = 8_000;

/**
 * An address of the site that identifies its visitor by the site's own cookie, and answers with the token as text; with
 * 204, 401 or 403 if nobody is signed in. Anything else rejects with a message that says what to change.
 */
export function tokenFrom(url: string): SiteIdentity {
  return {
    async getToken() {
      const answer = await fetch(url, {
        credentials: "same-origin",
        cache: "no-store",
        signal: AbortSignal.timeout(answerMs),
      });
      const { status, redirected } = answer;
      if (status === 401 || status === 403 || status === 204) return undefined;
      if (!answer.ok) {
        throw new Error(`"tokenUrl" (${url}) answered ${status}; let it answer 200 with the token, or 204 for nobody`);
      }
      const text = (await answer.text()).trim();
      if (text === "") return undefined;
      if (jwt.test(text)) return text;
      const what = redirected ? `was redirected to ${answer.url}, which` : "";
      throw new Error(
        `"tokenUrl" (${url}) ${what} gave no token (it begins with ${toJson(text.slice(0, 40))}); let it answer ` +
          "with the signed token alone as text, or with 204 when nobody is signed in, instead of a sign-in page",
      );
    },
  };
}
