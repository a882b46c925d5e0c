import type { StreamContext, ChatApi, ChatEvent } from "../../core/contract/adapter.ts";
import { chatEvent } from "../../protocol/data.ts";
import { routes } from "../../protocol/routes.ts";
import { segment, type Client } from "./client.ts";
import { streamEvents } from "./events.ts";
import { only } from "./only.ts";

export function createChat(client: Client, methods: readonly string[]): ChatApi {
  async function* events(id: string, cursor: string | undefined, ctx: StreamContext): AsyncGenerator<ChatEvent, void> {
    const path = routes.chatEvents.path.replace(":id", () => segment(id));
    yield* streamEvents(client, path, chatEvent, cursor, ctx);
  }
  const all: Required<Omit<ChatApi, "linkTicket">> = {
    open: async (request, ctx) => await client.call(routes.openChat, { body: request }, ctx),
    send: async (id, draft, ctx) => await client.call(routes.sendChat, { id, body: draft }, ctx),
    events,
    availability: async (ctx) => await client.call(routes.chatAvailability, {}, ctx, "anyone"),
    current: async (ctx) => (await client.call(routes.currentChat, {}, ctx, "anyone")).conversation,
    last: async (ctx) => (await client.call(routes.lastChat, {}, ctx, "anyone")).conversation,
    history: async (id, before, ctx) => await client.call(routes.chatHistory, { id, query: { before } }, ctx),
    mailTranscript: async (id, ctx) => await client.send(routes.mailTranscript, { id }, ctx),
    setTyping: async (id, typing, ctx) => await client.send(routes.setTyping, { id, body: { typing } }, ctx),
    markRead: async (id, messageId, ctx) => await client.send(routes.markRead, { id, body: { messageId } }, ctx),
    close: async (id, ctx) => await client.send(routes.closeChat, { id }, ctx),
    rate: async (id, rating, ctx) => await client.send(routes.rateChat, { id, body: rating }, ctx),
  };
  return { open: all.open, send: all.send, events, ...only(all, methods) };
}
