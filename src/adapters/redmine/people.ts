import {
  AdapterError,
  answerOf,
  basicSignIn,
  createSingleFlight,
  createTtlMap,
  isDeskAway,
  statusOf,
  verifiedMember,
  type AccountsApi,
  type DeskClient,
  type Member,
} from "../../adapter/index.ts";
import { PAGE, type Api, type Customer, type Facts, type FactsSource, type People, type Users } from "./desk.ts";
import type { Settings } from "./options.ts";
import * as schemas from "./schemas.ts";

interface Known {
  readonly user: Omit<Customer, "member"> | undefined;
}

/** Redmine refuses a locked user at once; a user who becomes an agent is refused after this time. */
const FRESH_MS = 30_000;
/**
 * Redmine finds an address only by listing all users. So the user found is read by their id for this time, and a
 * missing user is cached for half of it; a first ticket searches again.
 */
const FOUND_MS = 600_000;
const KNOWN_MOST = 20_000;
const ACTIVE = 1;
const NAME_LIMIT = 30;

export function createPeople(api: Api, facts: FactsSource, settings: Settings, closed: AbortSignal): People {
  const { own } = api;
  const users = createUsers(own);
  const known = createTtlMap<Known>(KNOWN_MOST, FRESH_MS);
  const found = createTtlMap<number>(KNOWN_MOST, FOUND_MS);
  const absent = createTtlMap<true>(KNOWN_MOST, FOUND_MS / 2);
  const addresses = createTtlMap<string>(KNOWN_MOST, FOUND_MS);
  const running = createSingleFlight<Known["user"]>();

  function remember(email: string, user: Known["user"]): Known["user"] {
    known.set(email, { user });
    return user;
  }

  async function userOf(email: string): Promise<schemas.User | undefined> {
    const before = found.get(email);
    const same = before === undefined ? undefined : await users.byId(before, closed);
    if (same?.mail?.toLowerCase() === email) return same;
    found.delete(email);
    const ids = await users.idsOf(email, closed);
    if (ids.length > 1) throw refused(`the address ${email} belongs to several Redmine users: leave it to one`);
    const [id] = ids;
    const user = id === undefined ? undefined : await users.byId(id, closed);
    if (id === undefined || user === undefined) {
      absent.set(email, true);
      return undefined;
    }
    absent.delete(email);
    found.set(email, id);
    return user;
  }

  /** Whether they are in the project already. Rejects for users that the gateway must not act for. */
  function isCustomer({ status, admin, id, memberships }: schemas.User, { gatewayId, projectId, roleId }: Facts) {
    if (status !== ACTIVE) throw refused("the member's user is locked in Redmine");
    if (admin || id === gatewayId)
      throw refused("the member is an administrator of Redmine: the gateway does not act for administrators");
    const roles = memberships.filter(({ project }) => project.id === projectId).flatMap((one) => one.roles);
    if (roles.some((role) => role.id !== roleId)) {
      throw refused(`the member has another role than "${settings.role}" in the project: agents work in Redmine`);
    }
    return roles.length > 0;
  }

  async function look(email: string): Promise<Known["user"]> {
    const [user, names] = await Promise.all([userOf(email), facts(closed)]);
    if (!user || !isCustomer(user, names)) return remember(email, undefined);
    return remember(email, { id: user.id, login: user.login });
  }

  async function make(email: string, member: Member): Promise<Known["user"]> {
    const names = await facts(closed);
    let user = await userOf(email);
    if (!user) {
      await create(email, member);
      user = await userOf(email);
    }
    if (!user) throw new AdapterError("unknown", "Redmine has not stored the user that it created");
    if (!isCustomer(user, names)) {
      const json = { membership: { user_id: user.id, role_ids: [names.roleId] } };
      await own.done({ method: "POST", path: `/projects/${settings.project}/memberships.json`, json }, closed);
    }
    return remember(email, { id: user.id, login: user.login });
  }

  async function create(email: string, member: Member): Promise<void> {
    const names = namesOf(member.name?.trim() || email.replace(/@.*$/u, ""));
    const json = { user: { login: await loginOf(email), ...names, mail: email, generate_password: true } };
    try {
      await own.json({ method: "POST", path: "/users.json", json }, schemas.madeUser, closed);
    } catch (error) {
      if (statusOf(error) !== 422) throw error;
      // Another copy of the gateway may have been faster.
      if ((await users.idsOf(email, closed)).length > 0) return;
      throw refused(`Redmine cannot create a user for ${email}: ${answerOf(error)}`, error);
    }
  }

  async function lookUp(email: string, signal: AbortSignal): Promise<Known["user"]> {
    if (absent.get(email)) return undefined;
    const entry = known.get(email);
    return entry ? entry.user : await running.join(["look", email], signal, () => look(email));
  }

  return {
    users,
    async ofUser(userId) {
      const mail = addresses.get(String(userId)) ?? (await users.byId(userId, closed))?.mail?.toLowerCase();
      if (mail === undefined) return undefined;
      addresses.set(String(userId), mail);
      try {
        const user = await lookUp(mail, closed);
        return user?.id === userId ? { ...user, member: { id: mail } } : undefined;
      } catch (error) {
        if (isDeskAway(error)) throw error;
        return undefined;
      }
    },
    async find(ctx) {
      const { email, member } = verifiedMember(ctx);
      const user = await lookUp(email, ctx.signal);
      return user && { ...user, member };
    },
    async ensure(ctx) {
      const { email, member } = verifiedMember(ctx);
      const entry = known.get(email)?.user;
      const user = entry ?? (await running.join(["make", email], ctx.signal, () => make(email, member)));
      if (!user) throw new AdapterError("unknown", "Redmine has no user for the member");
      return { ...user, member };
    },
  };
}

/** Redmine requires two names, of 30 characters each. */
function namesOf(name: string): { readonly firstname: string; readonly lastname: string } {
  const words = name.replaceAll(/[\p{C}\s]+/gu, " ").split(" ");
  const last = words.length > 1 ? words.pop() : undefined;
  return { firstname: cut(words.join(" ")) || "-", lastname: cut(last ?? "") || "-" };
}

function cut(text: string): string {
  return Array.from(text).slice(0, NAME_LIMIT).join("").trim();
}

/** A valid Redmine login: the address itself if possible. */
async function loginOf(email: string): Promise<string> {
  if (/^[a-z0-9_.@-]{1,60}$/.test(email)) return email;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(email)));
  return `member-${Array.from(digest.slice(0, 12), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function refused(message: string, cause?: unknown): AdapterError {
  return new AdapterError("forbidden", message, { cause });
}

function createUsers(own: DeskClient): Users {
  return {
    async byId(id, signal) {
      const ask = { path: `/users/${id}.json`, query: { include: "memberships" } };
      const answer = await own.json(ask, schemas.user, signal).catch((error: unknown) => {
        if (statusOf(error) !== 404) throw error;
        return undefined;
      });
      return answer?.user;
    },
    /** Redmine matches parts of names and addresses, ignoring case: the result is compared with the whole. */
    async idsOf(email, signal) {
      const ids: number[] = [];
      for (let offset = 0; ; offset += PAGE) {
        const query = { name: email, status: "", limit: PAGE, offset };
        // oxlint-disable-next-line no-await-in-loop -- one page after the other
        const page = await own.json({ path: "/users.json", query }, schemas.users, signal);
        ids.push(...page.users.flatMap(({ id, mail }) => (mail?.toLowerCase() === email ? [id] : [])));
        if (page.users.length === 0 || offset + PAGE >= page.total_count) return ids;
      }
    },
  };
}

export function createAccounts({ bare, own }: Api): AccountsApi {
  return basicSignIn({
    desk: "Redmine",
    charset: "utf-8",
    refusals: [401, 403],
    async memberOf(headers, username, signal) {
      const { user: signedIn } = await bare.json({ path: "/users/current.json", headers }, schemas.user, signal);
      // Redmine also accepts an API key as a name.
      if (signedIn.login.toLowerCase() !== username.toLowerCase()) return undefined;
      // Redmine shows the address only to administrators if its owner hides it.
      const { user } = await own.json({ path: `/users/${signedIn.id}.json` }, schemas.user, signal);
      const name = [user.firstname, user.lastname].filter((part) => part !== "" && part !== "-").join(" ");
      // The site's own tokens may use bare numbers for other people.
      return { id: `redmine-${user.id}`, ...(name === "" ? {} : { name }), ...(user.mail ? { email: user.mail } : {}) };
    },
  });
}
