import type { AccountsApi, Member } from "../core/contract/adapter.ts";
import { AdapterError } from "../core/contract/errors.ts";
import { statusOf } from "./answers.ts";

export interface BasicSignInOptions {
  /** For messages. */
  readonly desk: string;
  /** The charset in which the desk decodes Basic credentials (RFC 7617). */
  readonly charset: "latin1" | "utf-8";
  /** Statuses by which the desk says only that the credentials are unknown. @default 401, 403 and 404 */
  readonly refusals?: readonly number[];
  /** Asks the desk with these headers who the user is. Undefined: another user than the name says. */
  memberOf(
    headers: Readonly<Record<string, string>>,
    username: string,
    signal: AbortSignal,
  ): Promise<Member | undefined>;
}

/** Sign-in at a desk that takes the name and the password with each call. */
export function basicSignIn(options: BasicSignInOptions): AccountsApi {
  const { charset, desk, refusals = [401, 403, 404] } = options;
  return {
    async signIn({ password, username }, { signal }) {
      signal.throwIfAborted();
      const refused = new AdapterError("unauthorized", `${desk} does not accept this user name and password`);
      const pair = `${username}:${password}`;
      const isOdd = username === "" || password === "" || /[:\p{Cc}]/u.test(username) || /\p{Cc}/u.test(password);
      const credentials = isOdd ? undefined : base64(pair, charset);
      if (credentials === undefined) throw refused;
      const headers = { Authorization: `Basic ${credentials}` };
      const member = await options.memberOf(headers, username, signal).catch((error: unknown) => {
        throw refusals.includes(statusOf(error) ?? 0) ? refused : error;
      });
      if (member === undefined) throw refused;
      return member;
    },
  };
}

/** Undefined if the charset lacks a character. */
function base64(text: string, charset: BasicSignInOptions["charset"]): string | undefined {
  if (charset === "latin1") return /^[\0-\u00FF]*$/.test(text) ? btoa(text) : undefined;
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}
