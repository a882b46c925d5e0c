import type { AccountsApi, CallContext, ChatRequest, Member } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import type { Database } from "./database.ts";
import { hashPassword, passwordFits } from "./passwords.ts";

export interface MemberRow {
  readonly id: string;
  readonly username: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly rank: string | null;
  readonly locale: string | null;
  readonly guest: number;
}

export interface Members extends AccountsApi {
  /** The calling member, as the gateway states it. Rejects with `unauthorized` if there is none. */
  asking(ctx: CallContext): Member;
  /**
   * Inside a transaction: the caller's row, created on the first write. Account data overrides what the caller entered.
   */
  writing(ctx: CallContext, told?: Pick<ChatRequest, "name" | "email">): MemberRow;
  find(id: string): MemberRow | undefined;
  addAccount(member: Member, username: string, password: string): Promise<void>;
}

const columns = "id, username, name, email, rank, locale, guest";

export function createMembers(database: Database, now: () => number): Members {
  const find = (id: string) => database.one<MemberRow>(`SELECT ${columns} FROM members WHERE id = ?`, id);

  return {
    asking,
    find,
    writing(ctx, told) {
      const member = asking(ctx);
      const known = find(member.id);
      if (member.guest && known && known.guest === 0) {
        throw new AdapterError("unauthorized", `"${member.id}" is a member: a guest cannot write in that name.`);
      }
      if (known?.username) return known;
      const row = merged(member, ctx.locale, known, member.guest ? told : undefined);
      database.run(
        `INSERT INTO members (id, name, email, rank, locale, guest, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email, rank = excluded.rank,
           locale = excluded.locale, guest = excluded.guest`,
        row.id,
        row.name,
        row.email,
        row.rank,
        row.locale,
        row.guest,
        new Date(now()).toISOString(),
      );
      return row;
    },
    async signIn({ username, password }, ctx) {
      ctx.signal.throwIfAborted();
      const account = database.one<MemberRow & { readonly password: string }>(
        `SELECT ${columns}, password FROM members WHERE username = ?`,
        username,
      );
      const fits = await passwordFits(password, account?.password);
      ctx.signal.throwIfAborted();
      if (!account || !fits) throw new AdapterError("unauthorized", "No account has this user name and password.");
      return toMember(account);
    },
    async addAccount(member, username, password) {
      const hash = await hashPassword(password);
      database.write(() =>
        database.run(
          `INSERT INTO members (id, username, password, name, email, rank, locale, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
          member.id,
          username,
          hash,
          member.name ?? null,
          member.email ?? null,
          member.rank ?? null,
          member.locale ?? null,
          new Date(now()).toISOString(),
        ),
      );
    },
  };
}

export function toMember(row: MemberRow): Member {
  return {
    id: row.id,
    ...(row.name === null ? {} : { name: row.name }),
    ...(row.email === null ? {} : { email: row.email }),
    ...(row.rank === null ? {} : { rank: row.rank }),
    ...(row.locale === null ? {} : { locale: row.locale }),
    ...(row.guest ? { guest: true } : {}),
  };
}

function asking(ctx: CallContext): Member {
  if (!ctx.member?.id) throw new AdapterError("unauthorized", "Sign the member in first: the call names nobody.");
  return ctx.member;
}

/** In order of precedence: the gateway's current data, what the guest entered, earlier data. */
function merged(member: Member, fallback: string, known: MemberRow | undefined, told: Partial<Member> = {}): MemberRow {
  const before = known && toMember(known);
  const { name = null, email = null, locale } = { locale: fallback, ...before, ...told, ...member };
  return { id: member.id, username: null, name, email, rank: member.rank ?? null, locale, guest: member.guest ? 1 : 0 };
}
