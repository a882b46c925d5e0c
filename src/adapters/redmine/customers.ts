import type { CallContext, Member } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { answerOf, statusOf } from "../shared/desk-refusal.ts";
import { createKeptMap } from "../shared/kept-map.ts";
import { createRunning } from "../shared/running.ts";
import { verifiedMember } from "../shared/verified-email.ts";
import type { Api } from "./api.ts";
import type { Facts, FactsSource } from "./facts.ts";
import type { Settings } from "./options.ts";
import * as schemas from "./schemas.ts";
import { createUsers } from "./users.ts";

/** The member as a user of Redmine, with the customer's role in the project and no other. */
export interface Customer {
  readonly id: number;
  readonly login: string;
  readonly member: Member;
}

/**
 * Members are known by their verified e-mail address. Both reject with `forbidden` who has none, whose address is two
 * users', and who is an administrator or an agent: nobody gets more rights by way of the widget than the role has.
 */
export interface Customers {
  /** Undefined: Redmine does not know them, or not in this project. */
  find(ctx: CallContext): Promise<Customer | undefined>;
  /** Makes the user, or the membership, where there is none. */
  ensure(ctx: CallContext): Promise<Customer>;
}

interface Known {
  readonly user: Omit<Customer, "member"> | undefined;
}

/** A user who is locked is refused by Redmine at once; one who becomes an agent, after this. */
const FRESH_MS = 30_000;
/**
 * Redmine finds an address only by looking through all users. So the user whose it is is asked for by their number for so
 * long, and who is none is believed to be none for half of that; a first ticket looks anew.
 */
const FOUND_MS = 600_000;
const KNOWN_MOST = 20_000;
const ACTIVE = 1;
const NAME_LIMIT = 30;

export function createCustomers(api: Api, facts: FactsSource, settings: Settings, closed: AbortSignal): Customers {
  const { own } = api;
  const users = createUsers(own);
  const known = createKeptMap<Known>(KNOWN_MOST, FRESH_MS);
  const found = createKeptMap<number>(KNOWN_MOST, FOUND_MS);
  const absent = createKeptMap<true>(KNOWN_MOST, FOUND_MS / 2);
  const running = createRunning<Known["user"]>();

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
    if (ids.length > 1) throw refused(`the address ${email} belongs to several users of Redmine: leave it to one`);
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

  /** Whether they are in the project already. Rejects who is not to be acted for. */
  function isCustomer({ status, admin, id, memberships }: schemas.User, { gatewayId, projectId, roleId }: Facts) {
    if (status !== ACTIVE) throw refused("the member's user is locked in Redmine");
    if (admin || id === gatewayId) throw refused("the member is an administrator of Redmine: nobody acts for them");
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
    if (!user) throw new AdapterError("unknown", "Redmine has not kept the user that it made");
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
      throw refused(`Redmine makes no user for ${email}: ${answerOf(error)}`, error);
    }
  }

  return {
    async find(ctx) {
      const { email, member } = verifiedMember(ctx);
      if (absent.get(email)) return undefined;
      const entry = known.get(email);
      const user = entry ? entry.user : await running.join(["look", email], ctx.signal, () => look(email));
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

/** Redmine wants two names, of 30 characters each. */
function namesOf(name: string): { readonly firstname: string; readonly lastname: string } {
  const words = name.replaceAll(/[\p{C}\s]+/gu, " ").split(" ");
  const last = words.length > 1 ? words.pop() : undefined;
  return { firstname: cut(words.join(" ")) || "-", lastname: cut(last ?? "") || "-" };
}

function cut(text: string): string {
  return Array.from(text).slice(0, NAME_LIMIT).join("").trim();
}

/** What Redmine takes as a login: the address itself where it can be one. */
async function loginOf(email: string): Promise<string> {
  if (/^[a-z0-9_.@-]{1,60}$/.test(email)) return email;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(email)));
  return `member-${Array.from(digest.slice(0, 12), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function refused(message: string, cause?: unknown): AdapterError {
  return new AdapterError("forbidden", message, { cause });
}
