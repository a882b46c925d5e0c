import type { AccountsApi } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { statusOf } from "../shared/desk-refusal.ts";
import type { Desk } from "./desk.ts";
import { user as schema } from "./schemas.ts";

export function createAccounts(desk: Desk): AccountsApi {
  return {
    async signIn({ username, password }, { signal }) {
      signal.throwIfAborted();
      const refused = new AdapterError(
        "unauthorized",
        "Request Tracker does not know this user name with this password",
      );
      // RT reads Basic as Latin-1: what is not of it can't be written there.
      if (!/^[^:\p{Cc}]+$/u.test(username) || !isLatin(username) || !isLatin(password) || password === "")
        throw refused;
      const call = {
        path: `/user/${encodeURIComponent(username)}`,
        headers: { Authorization: `Basic ${btoa(`${username}:${password}`)}` },
      };
      const user = await desk.client.json(call, schema, signal).catch((error: unknown) => {
        const status = statusOf(error);
        throw status === 401 || status === 404 || status === 403 ? refused : error;
      });
      // Who signs in as one user does not become another.
      if (user.Name.toLowerCase() !== username.toLowerCase()) throw refused;
      return {
        // The site's own tokens may name other people by bare numbers.
        id: `rt-${user.id}`,
        name: user.RealName || user.Name,
        ...(user.EmailAddress ? { email: user.EmailAddress } : {}),
      };
    },
  };
}

function isLatin(text: string): boolean {
  return /^[\u0020-\u007E\u00A0-\u00FF]*$/.test(text);
}
