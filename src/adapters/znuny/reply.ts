import {
  AdapterError,
  checkMessageDraft,
  checkRating,
  writeOnce,
  type CallContext,
  type Message,
  type MessageDraft,
  type Rating,
  type Ticket,
  type TicketsApi,
} from "../../adapter/index.ts";
import { articleOf } from "./create.ts";
import { fieldOf, refusedWrite, unavailable, type Desk, type Uploads } from "./desk.ts";
import { encoded, requireFiles, withUploads } from "./files.ts";
import { requester } from "./people.ts";
import * as schemas from "./schemas.ts";
import { ownTicket, readOwn, type OwnTicket } from "./ticket.ts";

export function createReplies(desk: Desk, uploads: Uploads): Pick<TicketsApi, "reply" | "setStatus" | "rate"> {
  const { rating: ratingFields, replyField, states } = desk.settings;

  async function update(id: string, data: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<void> {
    await desk.ask("TicketUpdate", { TicketID: id, ...data }, schemas.written, signal).catch((error: unknown) => {
      throw refusedWrite(error);
    });
  }

  async function requireStatus(own: OwnTicket, wanted: "open" | "resolved"): Promise<OwnTicket> {
    if (own.ticket.status === wanted) return own;
    throw unavailable(`ticket ${own.ticket.id} is still "${own.raw.State}": an event or a rule in Znuny has set it`);
  }

  return {
    async reply(ticketId: string, draft: MessageDraft, ctx: CallContext): Promise<Message> {
      const who = requester(ctx, desk.settings);
      const { signal } = ctx;
      checkMessageDraft(draft);
      let own = await readOwn(desk, ticketId, who, signal, true);
      let isWritten = false;
      const find = async (): Promise<Message | undefined> => {
        own = isWritten ? await readOwn(desk, ticketId, who, signal, true) : own;
        return messageOf(own, draft.clientId);
      };
      const write = async (): Promise<Message> => {
        const files = (await uploads?.of(draft.attachments, who.login)) ?? [];
        const data = {
          ...(own.ticket.status === "open" ? {} : { Ticket: { State: states.reopenTo } }),
          Article: articleOf(who, own.ticket.title, draft.text),
          DynamicField: [{ Name: replyField, Value: draft.clientId }],
          ...(await encoded(files)),
        };
        isWritten = true;
        await update(ticketId, data, signal);
        const message = await find();
        if (message === undefined)
          throw new AdapterError("unknown", `Znuny did not store the reply to ticket ${ticketId}`);
        requireFiles(message.attachments, files);
        await requireStatus(own, "open");
        return withUploads(message, files);
      };
      return await writeOnce(find, write);
    },

    async setStatus(ticketId: string, status: "open" | "resolved", ctx: CallContext): Promise<Ticket> {
      const own = await ownTicket(desk, ticketId, ctx);
      if (own.ticket.status === status) return own.ticket;
      const state = status === "open" ? states.reopenTo : states.resolved[0];
      await update(ticketId, { Ticket: { State: state } }, ctx.signal);
      return (await requireStatus(await ownTicket(desk, ticketId, ctx), status)).ticket;
    },

    ...(ratingFields === undefined ? {} : { rate }),
  };

  async function rate(ticketId: string, rating: Rating, ctx: CallContext): Promise<Ticket> {
    const own = await ownTicket(desk, ticketId, ctx);
    checkRating(rating, own.ticket.status);
    const { score, comment } = ratingFields ?? { score: "", comment: "" };
    const values = [
      { Name: score, Value: String(rating.score) },
      { Name: comment, Value: (rating.comment ?? "").trim() },
    ];
    await update(ticketId, { DynamicField: values }, ctx.signal);
    const now = await ownTicket(desk, ticketId, ctx);
    const isKept = values.every(({ Name, Value }) => (fieldOf(now.raw, Name) ?? "") === Value);
    if (!isKept) throw unavailable(`Znuny did not store the rating of ticket ${ticketId}`);
    return now.ticket;
  }
}

function messageOf({ steps }: OwnTicket, clientId: string): Message | undefined {
  const said = steps.flatMap(({ message }) => (message.change === undefined ? [message] : []));
  return said.slice(1).find((message) => message.clientId === clientId);
}
