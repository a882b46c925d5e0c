import type { Hono } from "hono";
import * as v from "valibot";
import type { AccountsApi, Adapter, ChatApi, Member } from "../core/contract/adapter.ts";
import { isAdapterError } from "../core/contract/errors.ts";
import * as requests from "../protocol/requests.ts";
import { CHAT_PAGE_MS } from "../protocol/limits.ts";
import { routes } from "../protocol/routes.ts";
import { accessTo } from "./access.ts";
import { createChatCodes } from "./chat-codes.ts";
import { addEndpoint, limitWrite, type Gate } from "./endpoint.ts";
import { hash } from "./hash.ts";
import { methodsOf } from "./offers.ts";
import { isProblem, Problem } from "./problems.ts";
import { verifiedAddress } from "./verified-address.ts";
import { welcomeOf } from "./welcome.ts";
import { GUEST_PREFIX, type Caller } from "./tokens.ts";

/** The record of a merged guest's token, also of a merge that failed halfway. */
const merging = v.object({ memberId: v.string(), guestId: v.string(), isDone: v.boolean() });

/** As long as a guest's token is valid. */
const MERGED_FOR_MS = 31 * 24 * 3_600_000;

/** `hasUnread`: the gateway knows how many tickets await the member. */
export function addSessionRoutes(app: Hono, gate: Gate, hasUnread: boolean): void {
  const { settings, tokens, identities, limit } = gate;
  const { adapter, welcome, basePath, publicOrigin = "", store } = settings;

  /** An invalid token in the body is not a 401, which would concern the caller's own token. */
  async function guestOf(token: string): Promise<Caller> {
    const guest = await identities.ofToken(token).catch((cause: unknown) => {
      if (!isProblem(cause) || cause.code !== "unauthorized") throw cause;
      throw new Problem("invalid", "the guest's token is no longer valid", { cause });
    });
    if (guest.member.guest !== true) throw new Problem("invalid", "the token is not a guest's");
    return guest;
  }
  const codes = createChatCodes(store);

  addEndpoint(app, gate, routes.session, {
    handle: async ({ caller, ctx }) => ({
      session: {
        access: {
          tickets: accessTo("tickets", caller, settings),
          chat: accessTo("chat", caller, settings),
        },
        ...(caller === undefined ? {} : { member: caller.member }),
        ...welcomeOf(welcome, ctx.locale),
      },
      capabilities: { ...capabilitiesOf(adapter, caller), ...(hasUnread ? { unread: true } : {}) },
      ...(adapter.uploads?.limits === undefined ? {} : { limits: adapter.uploads.limits }),
      ...(adapter.tickets?.limits === undefined ? {} : { ticketLimits: adapter.tickets.limits }),
    }),
  });

  addEndpoint(app, gate, routes.guest, {
    handle: async ({ address }) => {
      if (!settings.guests) throw new Problem("forbidden", "guests are not allowed here: sign in");
      await limit("guests", address);
      return await tokens.issue({ id: `${GUEST_PREFIX}${crypto.randomUUID()}`, guest: true });
    },
  });

  const { accounts } = adapter;
  if (accounts !== undefined) {
    addEndpoint(app, gate, routes.signIn, {
      body: requests.credentials,
      handle: async ({ body, address, ctx }) => {
        await limit("signInsByAddress", address);
        const name = body.username.trim().toLowerCase();
        await limit("signInsByName", `${address} ${name}`);
        await limit("signInsToAccount", name);
        const { member: _whoever, ...anonymous } = ctx;
        return await tokens.issue(await signedIn(accounts, body, anonymous));
      },
    });
  }

  addEndpoint(app, gate, routes.signOut, {
    handle: async ({ caller }) => {
      const who = required(caller);
      await limit("writes", who.member.id);
      await identities.revoke(who);
    },
  });

  /** The guest's token is revoked first: no new writes arrive while the data is transferred. */
  async function beginMerge(key: string, member: Member, token: string): Promise<string> {
    const guest = await guestOf(token);
    const begun = { memberId: member.id, guestId: guest.member.id, isDone: false };
    const before = await store.setIfAbsent(key, JSON.stringify(begun), MERGED_FOR_MS);
    const other = v.safeParse(merging, JSON.parse(before ?? "null"));
    // If two members send it at the same moment, the first one gets the guest's data.
    if (other.success && other.output.memberId !== member.id)
      throw new Problem("invalid", "this guest's session has ended");
    await gate.lateWrites.expect(guest.member.id, member);
    await identities.revoke(guest);
    return guest.member.id;
  }

  if (adapter.merge !== undefined) {
    addEndpoint(app, gate, routes.merge, {
      body: requests.mergeRequest,
      handle: async ({ caller, body, ctx }) => {
        const { member, source } = required(caller);
        if (source === "chat-page") throw new Problem("forbidden", "this token is only valid for the chat");
        if (member.guest === true) throw new Problem("forbidden", "a guest can't take over another guest's data");
        await limit("writes", member.id);
        const key = `merged:${hash(body.token)}`;
        const begun = v.safeParse(merging, JSON.parse((await store.get(key)) ?? "null"));
        // Repeated by another tab or after a lost answer. For another member the guest's token is no longer valid.
        const isAgain = begun.success && begun.output.memberId === member.id;
        if (isAgain && begun.output.isDone) return;
        const guestId = isAgain ? begun.output.guestId : await beginMerge(key, member, body.token);
        await gate.guestWrites.ended(guestId, ctx.signal);
        await adapter.merge?.({ id: guestId, guest: true }, ctx);
        await store.set(key, JSON.stringify({ memberId: member.id, guestId, isDone: true }), MERGED_FOR_MS);
      },
    });
  }

  if (adapter.chat === undefined) return;
  addEndpoint(app, gate, routes.chatCode, {
    body: requests.chatCodeRequest,
    handle: async ({ caller, body, address }) => {
      const who = required(caller);
      if (who.source === "chat-page")
        throw new Problem("forbidden", "this token was exchanged for a code: it cannot be exchanged again");
      await limitWrite(gate, who, address);
      const locale = body.locale ?? who.member.locale;
      // The site's own token is short-lived and renewed by the site; the chat page can't ask the site.
      const lastsUntil = who.source === "site" ? Infinity : who.expiresAt;
      const expiresAt = Math.min(lastsUntil, Date.now() + CHAT_PAGE_MS);
      const query = locale === undefined ? "" : `?locale=${encodeURIComponent(locale)}`;
      return { url: `${publicOrigin}${basePath}/chat${query}#code=${await codes.make({ ...who, expiresAt }, body)}` };
    },
  });
  addEndpoint(app, gate, routes.redeem, {
    body: requests.redeemRequest,
    handle: async ({ body }) => {
      const { member, sessionId, expiresAt, siteIssuedAt, issuedAt, ...carried } = await codes.redeem(body.code);
      const grant = { member, sessionId, expiresAt, ...(siteIssuedAt !== undefined && { siteIssuedAt }) };
      // The new token is younger than a sign-out that happened meanwhile.
      if (!(await identities.stands({ ...grant, ...(issuedAt !== undefined && { issuedAt }), source: "chat-page" })))
        throw new Problem("unauthorized", "this session was signed out: open the chat from the site again");
      return { ...(await tokens.issueForChatPage(grant)), ...carried };
    },
  });
}

function required(caller: Caller | undefined): Caller {
  if (caller === undefined) throw new Problem("unauthorized", "a token is required");
  return caller;
}

/** The only route where the desk's `unauthorized` concerns the member. */
async function signedIn(
  accounts: AccountsApi,
  ...[credentials, ctx]: Parameters<AccountsApi["signIn"]>
): Promise<Member> {
  try {
    return await accounts.signIn(credentials, ctx);
  } catch (error) {
    if (isAdapterError(error) && error.code === "unauthorized") {
      throw new Problem("unauthorized", "the desk does not accept this user name and password", { cause: error });
    }
    throw error;
  }
}

function capabilitiesOf(adapter: Adapter, caller: Caller | undefined) {
  const { tickets, chat, uploads, accounts, articles } = adapter;
  const onChatPage = caller?.source === "chat-page";
  return {
    ...(tickets && !onChatPage ? { tickets: methodsOf(tickets) } : {}),
    ...(chat ? { chat: chatMethods(chat, caller), ...(!onChatPage && { chatPage: true }) } : {}),
    ...(uploads ? { uploads: methodsOf(uploads) } : {}),
    ...(accounts ? { accounts: true } : {}),
    ...(articles && tickets && !onChatPage ? { articles: true } : {}),
    ...(adapter.merge && !onChatPage ? { merge: true } : {}),
  };
}

function chatMethods(chat: ChatApi, caller: Caller | undefined): readonly string[] {
  const canMail = verifiedAddress(caller?.member) !== undefined;
  return methodsOf(chat).filter((name) => name !== "mailTranscript" || canMail);
}
