import type { Attachment, CallContext, ChatApi, Message, TicketsApi } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { pagesOf } from "../../core/contract/pages.ts";
import type { Carrier } from "./carrier.ts";
import { transcriptOf } from "./transcript.ts";

/** Tickets of one desk, which may be created from a chat of the other. */
export function ticketsFromChat(tickets: TicketsApi, chat: ChatApi, carrier: Carrier): TicketsApi {
  return {
    ...tickets,
    async create(draft, ctx) {
      const { conversationId, ...own } = draft;
      if (conversationId === undefined) return await tickets.create(own, ctx);
      const messages = await allMessages(chat, conversationId, ctx);
      const files = messages.flatMap((message) => message.attachments ?? []);
      const carried = await carryAll(files, carrier, draft.clientId, ctx);
      const ticket = await tickets.create(
        {
          ...own,
          text: `${own.text}\n\n${transcriptOf(messages, conversationId)}`,
          attachments: [...(own.attachments ?? []), ...carried],
        },
        ctx,
      );
      // The ticket exists: if notifying the chat fails, the member must not be told that the ticket failed.
      await chat.linkTicket?.(conversationId, { id: ticket.id, number: ticket.number }, ctx).catch(() => undefined);
      return ticket;
    },
  };
}

/** Rejects with `not-found` for a chat that is not this member's, which the chat's desk checks. */
async function allMessages(chat: ChatApi, conversationId: string, ctx: CallContext): Promise<readonly Message[]> {
  if (chat.history === undefined) throw new AdapterError("invalid", "this desk's chats cannot be read again");
  const pages: (readonly Message[])[] = [];
  const read = async (before: string | undefined) => await chat.history?.(conversationId, before, ctx);
  for await (const { items } of pagesOf(undefined, read)) pages.unshift(items);
  return pages.flat();
}

/** In the order of the chat. The transcript names files that the desk does not accept. */
async function carryAll(files: readonly Attachment[], carrier: Carrier, clientId: string, ctx: CallContext) {
  const ids: string[] = [];
  for (const [index, file] of files.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- one at a time: a file may be large
    const id = await carrier.toTickets(file, `${clientId}-chat-${index}`, ctx);
    if (id !== undefined) ids.push(id);
  }
  return ids;
}
