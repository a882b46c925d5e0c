import {
  AdapterError,
  statusOf,
  verifiedEmail,
  type AccountsApi,
  type CallContext,
  type Member,
} from "../../adapter/index.ts";
import type { Desk } from "./desk.ts";
import type { Settings } from "./options.ts";
import * as schemas from "./schemas.ts";

/** The caller: one customer user, whether Znuny has a record of them or not. */
export interface Requester {
  /** In lower case: Znuny ignores the case of logins. */
  readonly login: string;
  readonly member: Member;
}

/** Throws `unauthorized` without a member, and `forbidden` for a guest or a login that could match more than one customer user. */
export function requester({ member, signal }: CallContext, settings: Settings): Requester {
  signal.throwIfAborted();
  const login = loginOf(member, settings);
  return { login, member: member ?? { id: login } };
}

export function loginOf(member: Member | undefined, { login }: Settings): string {
  const isById = login === "id" && member !== undefined && member.guest !== true;
  // Znuny ignores the case of logins, so two ids that differ only in case would be one customer user.
  if (isById && member.id !== member.id.toLowerCase()) {
    throw new AdapterError("forbidden", "the member's id has capital letters, which Znuny does not tell apart");
  }
  const name = isById ? member.id : verifiedEmail(member).email;
  // Within quotation marks, Znuny's search interprets only these. Its column has 250 characters.
  if (name.length <= 200 && /^[^\s"*%\\<>,;\p{C}]+$/u.test(name)) return name;
  throw new AdapterError("forbidden", `the member's ${login} cannot be the login of a customer user`);
}

/** Signing in with a customer user's login and password. */
export function createAccounts({ askAs, settings }: Desk): AccountsApi {
  return {
    async signIn({ password, username }, { signal }) {
      signal.throwIfAborted();
      const refused = new AdapterError("unauthorized", "Znuny does not accept this user name and password");
      if (username === "" || password === "" || /\p{Cc}/u.test(username + password)) throw refused;
      const pair = { CustomerUserLogin: username, Password: password };
      const data = await session(pair, signal).catch((error: unknown) => {
        throw statusOf(error) === 401 ? refused : error;
      });
      const [login = "", email = "", name = ""] = ["UserLogin", "UserEmail", "UserFullname"].map((key) =>
        data.get(key),
      );
      if (data.get("UserType") !== "Customer" || login.toLowerCase() !== username.toLowerCase()) throw refused;
      if (settings.login === "email" && email.toLowerCase() !== login.toLowerCase()) {
        const fault = 'this customer user\'s login is not their address: set the option "login" to "id"';
        throw new AdapterError("forbidden", fault);
      }
      const known = { ...(name === "" ? {} : { name }), ...(email === "" ? {} : { email }) };
      return { id: settings.login === "id" ? login : `znuny-${login}`, ...known };
    },
  };

  /** Opens a session, reads its data, and removes it. */
  async function session(pair: { CustomerUserLogin: string; Password: string }, signal: AbortSignal) {
    const { SessionID } = await askAs("SessionCreate", pair, schemas.session, signal);
    const data = await askAs("SessionGet", { SessionID }, schemas.sessionData, signal);
    await askAs("SessionRemove", { ...pair, SessionID }, schemas.anything, signal);
    return data;
  }
}
