import { createAuthorization } from "../../src/adapters/rest/authorization.ts";
import type { MemoryAdapter } from "../../src/adapters/memory/index.ts";
import type { Adapter, CallContext, Member, Session } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import type { TokenSource } from "../../src/core/contract/token-source.ts";
import { open } from "./behind-gateway.ts";
import { anasDesk } from "./scope.ts";

interface Claims {
  readonly sub: string;
  readonly guest?: boolean;
}

/** An unsigned token with the claims of a site's or gateway's. `serial` makes another token for the same person. */
export function tokenFor(sub: string, { guest = false, serial = 1 } = {}): string {
  const claims = { sub, serial, ...(guest && { guest }) };
  return `head.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.mark`;
}

function memberOf(token: string): Member {
  const { sub, guest } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Claims;
  return { id: sub, name: sub, ...(guest && { guest }) };
}

/**
 * A gateway without cryptography or network that answers when the test lets it. Tokens, guests, renewals and sign-outs
 * behave as in the real one, behind the client's own token handling.
 */
export function fakeGateway(desk: MemoryAdapter = anasDesk()) {
  const revoked = new Set<string>();
  const signedOut: string[] = [];
  const merged: string[] = [];
  const guests: string[] = [];
  const gateway = {
    desk,
    isDown: false,
    canMerge: true,
    /** The guest's data can't be moved at the moment. */
    mergeFails: false,
    /** Who may use which area. */
    access: (_member: Member | undefined): Session["access"] => ({ tickets: open, chat: open }),
    /** Delays an answer until the returned promise resolves. */
    hold: undefined as ((token: string | undefined) => Promise<void> | undefined) | undefined,
    revoked,
    signedOut,
    merged,
    guests,
    connect,
  };

  async function arrive(token: string | undefined) {
    await gateway.hold?.(token);
    if (gateway.isDown) throw new AdapterError("network", "no route");
    if (token !== undefined && revoked.has(token)) throw new AdapterError("unauthorized", "signed out");
  }

  async function connect(ctx: CallContext, tokens: TokenSource): Promise<Adapter> {
    const authorization = createAuthorization(tokens, async () => {
      await arrive(undefined);
      guests.push(tokenFor(`guest-${guests.length + 1}`, { guest: true }));
      return guests.at(-1)!;
    });
    async function current(now: CallContext): Promise<Session> {
      return await authorization.withTokenIfAny(now.signal, async (token) => {
        await arrive(token);
        now.signal.throwIfAborted();
        const member = token === undefined ? undefined : memberOf(token);
        return { access: gateway.access(member), ...(member && { member }) };
      });
    }
    const as = async <T>(now: CallContext, call: (by: CallContext) => Promise<T>): Promise<T> =>
      await authorization.withToken(now.signal, async (token) => {
        await arrive(token);
        return await call({ ...now, member: memberOf(token) });
      });
    const { chat, tickets, accounts } = desk;
    if (!chat || !tickets) throw new Error("the desk has tickets and a chat");
    await current(ctx);
    return {
      name: "fake-gateway",
      session: {
        current,
        async signOut(now) {
          const token = await tokens.get();
          await arrive(token);
          if (token !== undefined) revoked.add(token);
          signedOut.push(token === undefined ? "nobody" : memberOf(token).id);
          await tokens.set(undefined);
          now.signal.throwIfAborted();
        },
        ...(gateway.canMerge && {
          merge: async (guestToken: string, now: CallContext) =>
            await as(now, async (by) => {
              if (gateway.mergeFails) throw new AdapterError("unavailable", "the desk restarts");
              await desk.merge?.(memberOf(guestToken), by);
              revoked.add(guestToken);
              merged.push(`${memberOf(guestToken).id} into ${by.member?.id ?? ""}`);
            }),
        }),
      },
      tickets: {
        create: async (draft, now) => await as(now, (by) => tickets.create(draft, by)),
        list: async (query, now) => await as(now, async (by) => (await tickets.list?.(query, by)) ?? { items: [] }),
      },
      chat: {
        open: async (request, now) => await as(now, (by) => chat.open(request, by)),
        send: async (id, draft, now) => await as(now, (by) => chat.send(id, draft, by)),
        current: async (now) =>
          (await tokens.get()) === undefined ? undefined : await as(now, async (by) => await chat.current?.(by)),
        close: async (id, now) => await as(now, async (by) => await chat.close?.(id, by)),
        async *events(id, cursor, now) {
          const token = await tokens.get();
          if (token !== undefined) yield* chat.events(id, cursor, { ...now, member: memberOf(token) });
        },
      },
      ...(accounts && {
        accounts: {
          async signIn(login, now) {
            await arrive(undefined);
            const member = await accounts.signIn(login, now);
            await tokens.set(tokenFor(member.id, { serial: 2 }));
            return member;
          },
        },
      }),
    };
  }
  return gateway;
}
