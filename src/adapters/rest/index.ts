import * as v from "valibot";
import type { Adapter, CallContext, Session, SessionApi } from "../../core/contract/adapter.ts";
import { routes } from "../../protocol/routes.ts";
import type { TokenSource } from "../../core/contract/token-source.ts";
import { isUnauthorized } from "./authorization.ts";
import { createChat } from "./chat.ts";
import { createClient, type Client } from "./client.ts";
import { createTickets } from "./tickets.ts";
import { createUploads, type UploadUrls } from "./uploads.ts";

export type { TokenSource } from "../../core/contract/token-source.ts";
export type { UploadUrls } from "./uploads.ts";

export interface RestOptions {
  /** The gateway's address with its base path: "https://help.example.org/podpora". */
  readonly endpoint: string;
  readonly token: TokenSource;
  /** Where interrupted uploads are remembered. @default in memory, until the page is closed */
  readonly uploads?: UploadUrls;
  /** The one-time code that the chat page was opened with: exchanged for a token first. */
  readonly code?: string;
}

/**
 * Podpora's own protocol. Asks the gateway for its desk's capabilities, and returns an adapter with exactly these.
 * Makes one attempt at each call: the core retries (except the chunks of an upload).
 */
export async function connectRest(options: RestOptions, ctx: CallContext): Promise<Adapter> {
  const { token } = options;
  const client = createClient(options.endpoint, token);
  if (options.code !== undefined) await redeem(client, token, options.code, ctx);
  return adapterOf(client, options, await client.call(routes.session, {}, ctx, "anyone"));
}

/**
 * The same adapter as from `connectRest`, without a request to the gateway. `answer`: the earlier
 * `adapter.session.answer`. Undefined for an answer of another version of the protocol.
 */
export function recallRest(options: RestOptions, answer: unknown): Adapter | undefined {
  const read = v.safeParse(routes.session.answer, answer);
  return read.success ? adapterOf(createClient(options.endpoint, options.token), options, read.output) : undefined;
}

function adapterOf(client: Client, options: RestOptions, answer: v.InferOutput<typeof routes.session.answer>): Adapter {
  const { token } = options;
  const { capabilities, limits, ticketLimits } = answer;
  const { tickets, chat, uploads, articles, accounts, chatPage, merge, unread } = capabilities;

  // The core asks who the member is directly after connecting: that is known already.
  let known: Session | undefined = answer.session;

  const sessionApi: SessionApi = {
    answer,
    async current(now) {
      now.signal.throwIfAborted();
      const session = known ?? (await client.call(routes.session, {}, now, "anyone")).session;
      known = undefined;
      return session;
    },
    async signOut(now) {
      now.signal.throwIfAborted();
      known = undefined;
      try {
        if ((await token.get()) !== undefined) await client.send(routes.signOut, {}, now);
      } catch (error) {
        // If the session has ended already, nothing is left to do.
        if (!isUnauthorized(error)) throw error;
      } finally {
        await token.set(undefined);
      }
    },
    ...(merge === true
      ? {
          async merge(guestToken: string, now: CallContext) {
            await client.send(routes.merge, { body: { token: guestToken } }, now);
          },
        }
      : {}),
    ...(unread === true ? { unread: async (now) => await client.call(routes.unreadTickets, {}, now) } : {}),
    ...(chatPage === true
      ? {
          async chatPage(now: CallContext) {
            const { url } = await client.call(routes.chatCode, { body: { locale: now.locale } }, now);
            return new URL(url, options.endpoint).href;
          },
        }
      : {}),
  };

  return {
    name: "rest",
    session: sessionApi,
    ...(tickets ? { tickets: createTickets(client, tickets, ticketLimits) } : {}),
    ...(chat ? { chat: createChat(client, chat) } : {}),
    ...(uploads ? { uploads: createUploads(client, uploads, limits, options.uploads ?? inMemory()) } : {}),
    ...(articles === true
      ? {
          articles: {
            search: async (search, now) =>
              (await client.call(routes.searchArticles, { query: { search } }, now, "anyone")).items,
            get: async (id, now) => await client.call(routes.article, { id }, now, "anyone"),
          },
        }
      : {}),
    ...(accounts === true
      ? {
          accounts: {
            async signIn(credentials, now) {
              const { token: issued, member } = await client.call(routes.signIn, { body: credentials }, now, "nobody");
              known = undefined;
              await token.set(issued);
              return member;
            },
          },
        }
      : {}),
  };
}

/** A used code is no failure: the page was reloaded, and its token is stored. */
async function redeem(client: Client, token: TokenSource, code: string, ctx: CallContext): Promise<void> {
  try {
    const answer = await client.call(routes.redeem, { body: { code } }, ctx, "nobody");
    await token.set(answer.token, answer.member.guest === true);
  } catch (error) {
    if (!isUnauthorized(error)) throw error;
  }
}

function inMemory(): UploadUrls {
  const urls = new Map<string, string>();
  return {
    get: async (clientId) => urls.get(clientId),
    async set(clientId, url) {
      if (url === undefined) urls.delete(clientId);
      else urls.set(clientId, url);
    },
  };
}
