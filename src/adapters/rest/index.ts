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
  /** Where uploads that were cut short are remembered. @default in memory, until the page goes */
  readonly uploads?: UploadUrls;
  /** The one-time code that the chat page was opened with: traded for a token before anything else. */
  readonly code?: string;
}

/**
 * Podpora's own protocol. Asks the gateway what its desk can do, and gives an adapter of just that. Makes one attempt at
 * each call: trying again is the core's (but for the chunks of an upload).
 */
export async function connectRest(options: RestOptions, ctx: CallContext): Promise<Adapter> {
  const { token } = options;
  const client = createClient(options.endpoint, token);
  if (options.code !== undefined) await redeem(client, token, options.code, ctx);
  const { session, capabilities, limits } = await client.call(routes.session, {}, ctx, "anyone");
  const { tickets, chat, uploads, accounts, chatPage, merge } = capabilities;

  // The core asks who the member is right after connecting: that is known already.
  let known: Session | undefined = session;

  const sessionApi: SessionApi = {
    async current(now) {
      now.signal.throwIfAborted();
      const answer = known ?? (await client.call(routes.session, {}, now, "anyone")).session;
      known = undefined;
      return answer;
    },
    async signOut(now) {
      now.signal.throwIfAborted();
      known = undefined;
      try {
        if ((await token.get()) !== undefined) await client.send(routes.signOut, {}, now);
      } catch (error) {
        // A session that has ended already is what was wanted.
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
    ...(tickets ? { tickets: createTickets(client, tickets) } : {}),
    ...(chat ? { chat: createChat(client, chat) } : {}),
    ...(uploads ? { uploads: createUploads(client, uploads, limits, options.uploads ?? inMemory()) } : {}),
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

/** A used code is no failure: the page was reloaded, and its token is kept. */
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
