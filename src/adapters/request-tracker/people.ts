import {
  AdapterError,
  basicSignIn,
  createBatch,
  createTtlMap,
  eachChunk,
  verifiedEmail,
  verifiedMember,
  type AccountsApi,
  type CallContext,
  type DeskClient,
  type Member,
} from "../../adapter/index.ts";
import { addressed, listOf, user } from "./schemas.ts";

/** The caller, by their verified e-mail. */
export interface Requester {
  /** In lower case. */
  readonly email: string;
  readonly id: string;
  readonly name: string | undefined;
}

export interface People {
  /** The member's address. Throws `forbidden` for a guest, and for an invalid address. */
  key(member: Member | undefined): string;
  /** Also rejects with `forbidden` for an address that several users have, or that RT resolves to another user. */
  requester(ctx: CallContext): Promise<Requester>;
  requireSingle(email: string, signal: AbortSignal): Promise<void>;
}

const KEPT_MS = 60_000;
const KEPT_ADDRESSES = 10_000;
/** More would make the URL too long for some servers. */
const ADDRESSES = 25;
const PER_PAGE = 100;

type Found = readonly { readonly EmailAddress: string }[];

export function createPeople(client: DeskClient, closed: AbortSignal): People {
  const single = createTtlMap<true>(KEPT_ADDRESSES, KEPT_MS);

  async function usersOf(emails: readonly string[]): Promise<Found> {
    const or = emails.length === 1 ? {} : { entry_aggregator: "OR" };
    const conditions = emails.map((value) => ({ field: "EmailAddress", operator: "=", value, ...or }));
    const query = { query: JSON.stringify(conditions), fields: "EmailAddress", per_page: PER_PAGE };
    return (await client.json({ path: "/users", query }, listOf(addressed), closed)).items;
  }

  const ask = createBatch(async (emails: readonly string[]) => {
    const found = new Map<string, Found>();
    const oneByOne = async (those: readonly string[]): Promise<void> =>
      await eachChunk(those, 1, async (some) => void found.set(some.join(""), await usersOf(some)));
    // Some databases treat "é" as "e": results for non-ASCII addresses cannot be told apart in a group.
    const plain = emails.filter((email) => /^[\u0020-\u007E]+$/.test(email));
    await eachChunk(plain, ADDRESSES, async (some) => {
      const users = await usersOf(some);
      const isClear = users.length < PER_PAGE && users.every((each) => some.includes(addressOf(each)));
      if (!isClear && some.length > 1) return await oneByOne(some);
      for (const email of some) found.set(email, isClear ? users.filter((each) => addressOf(each) === email) : users);
    });
    await oneByOne(emails.filter((email) => !plain.includes(email)));
    return (email) => found.get(email) ?? [];
  });

  async function requireSingle(email: string, signal: AbortSignal): Promise<void> {
    if (single.get(email)) return;
    const users = await ask(email, signal);
    if (users.length > 1) throw refused(`several users of Request Tracker have the address ${email}: leave it to one`);
    if (users.some((each) => each.EmailAddress !== "" && addressOf(each) !== email)) {
      throw refused(`to Request Tracker, ${email} is another user's address`);
    }
    single.set(email, true);
  }

  return {
    key: (member) => plainAddress(verifiedEmail(member).email),
    requireSingle,
    async requester(ctx) {
      const { email, member } = verifiedMember(ctx);
      await requireSingle(plainAddress(email), ctx.signal);
      return { email, id: member.id, name: member.name };
    },
  };
}

export function createAccounts(client: DeskClient): AccountsApi {
  return basicSignIn({
    desk: "Request Tracker",
    charset: "latin1",
    async memberOf(headers, username, signal) {
      const path = `/user/${encodeURIComponent(username)}`;
      const { EmailAddress, Name, RealName, id } = await client.json({ path, headers }, user, signal);
      if (Name.toLowerCase() !== username.toLowerCase()) return undefined;
      // The site's own tokens may use bare numbers for other people.
      return { id: `rt-${id}`, name: RealName || Name, ...(EmailAddress ? { email: EmailAddress } : {}) };
    },
  });
}

/** In its usual form. RT would read more than one address from a quoted local part, a comment or a list. */
function plainAddress(email: string): string {
  const isPlain = email.length <= 120 && /^[^\s@\p{C}"(),:;<>[\\\]]+@[^\s@\p{C}"'(),:;<>[\\\]]+$/u.test(email);
  if (!isPlain) throw refused("Request Tracker knows members by their e-mail: the token needs a valid address");
  return email;
}

function addressOf({ EmailAddress }: Found[number]): string {
  return EmailAddress.toLowerCase();
}

function refused(message: string): AdapterError {
  return new AdapterError("forbidden", message);
}
