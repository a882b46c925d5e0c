import type { ChatApi, TicketsApi } from "../../core/contract/adapter.ts";
import type { Carrier } from "./carrier.ts";

/** The chat of one desk, with files uploaded to the other, and about tickets of the other. */
export function chatWithFiles(chat: ChatApi, tickets: TicketsApi | undefined, carrier: Carrier): ChatApi {
  return {
    ...chat,
    async open(request, ctx) {
      // The chat's desk cannot know whose ticket it is.
      if (request.ticketId !== undefined && tickets?.get) await tickets.get(request.ticketId, ctx);
      return await chat.open(request, ctx);
    },
    async send(conversationId, draft, ctx) {
      const { attachments, ...words } = draft;
      if (!attachments?.length) return await chat.send(conversationId, words, ctx);
      const carried = await carrier.toChat(attachments, draft.clientId, ctx);
      return await chat.send(conversationId, { ...words, attachments: carried }, ctx);
    },
  };
}
