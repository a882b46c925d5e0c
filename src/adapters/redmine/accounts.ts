import type { AccountsApi } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { statusOf } from "../shared/desk-refusal.ts";
import type { Api } from "./api.ts";
import * as schemas from "./schemas.ts";

export function createAccounts({ bare, own }: Api): AccountsApi {
  return {
    async signIn({ username, password }, { signal }) {
      signal.throwIfAborted();
      // A colon ends the name in Basic authorization (RFC 7617).
      if (username === "" || password === "" || username.includes(":")) throw unknownPair();
      const headers = { Authorization: `Basic ${base64(`${username}:${password}`)}` };
      const { user: signedIn } = await bare
        .json({ path: "/users/current.json", headers }, schemas.user, signal)
        .catch((error: unknown) => Promise.reject([401, 403].includes(statusOf(error) ?? 0) ? unknownPair() : error));
      // As a name, Redmine takes an API key too.
      if (signedIn.login.toLowerCase() !== username.toLowerCase()) throw unknownPair();
      // Redmine shows the address to administrators alone, as long as its owner hides it.
      const { user } = await own.json({ path: `/users/${signedIn.id}.json` }, schemas.user, signal);
      const name = [user.firstname, user.lastname].filter((part) => part !== "" && part !== "-").join(" ");
      // The site's own tokens may name other people by bare numbers.
      return { id: `redmine-${user.id}`, ...(name === "" ? {} : { name }), ...(user.mail ? { email: user.mail } : {}) };
    },
  };
}

function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

function unknownPair(): AdapterError {
  return new AdapterError("unauthorized", "Redmine does not know this user name with this password");
}
