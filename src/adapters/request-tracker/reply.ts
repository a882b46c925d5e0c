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
} from "../../adapter/index.ts";
import { bodiesOf } from "./bodies.ts";
import { ownFields, quoted, requireField, unavailable, valueOf, type Desk, type Uploads } from "./desk.ts";
import { bodyOf, requireFiles } from "./files.ts";
import type { RtTransaction } from "./schemas.ts";
import { messagesOf, signature } from "./thread.ts";
import { shownOne } from "./ticket.ts";

export async function reply(
  desk: Desk,
  uploads: Uploads,
  ticketId: string,
  draft: MessageDraft,
  ctx: CallContext,
): Promise<Message> {
  const { signal } = ctx;
  const { accountId, statuses } = desk.settings;
  const requester = await desk.people.requester(ctx);
  checkMessageDraft(draft);
  const ticket = await desk.ticket(ticketId, requester, signal);
  const reopens = desk.statuses.of(ticket.Status) !== "open";
  let isWritten = false;

  async function find(): Promise<RtTransaction | undefined> {
    const key = `CF.{${ownFields.ref}} = ${quoted(draft.clientId)}`;
    const where = `TicketId = ${ticket.id} AND Type = 'Correspond' AND ${key}`;
    const found = await desk.transactions({ where, limit: 2 }, signal);
    return found.find(({ Creator }) => Creator.id === accountId);
  }
  const files =
    (await uploads?.of(draft.attachments, requester.email).catch(async (error: unknown) => {
      // For a retry after a day they are gone.
      if ((await find()) === undefined) throw error;
      return [];
    })) ?? [];

  async function write(): Promise<RtTransaction> {
    const known = (await desk.customFields(signal)).transaction;
    requireField(known, ownFields.ref, "transaction");
    const json = {
      ...(draft.text.trim() === "" ? {} : { Content: draft.text, ContentType: "text/plain" }),
      TxnCustomFields: {
        [ownFields.ref]: draft.clientId,
        ...(known.has(ownFields.member) ? { [ownFields.member]: signature(requester) } : {}),
      },
      ...(reopens ? { Status: statuses.reopenTo } : {}),
    };
    const path = `/ticket/${ticket.id}/correspond`;
    await desk.client.done({ method: "POST", path, ...(await bodyOf(json, files)) }, signal);
    isWritten = true;
    const said = await find();
    if (said !== undefined) return said;
    const fault = `the reply to ticket ${ticket.id} was written without "${ownFields.ref}"`;
    throw unavailable(`${fault}: give the account the right ModifyCustomField`);
  }

  const said = await writeOnce(find, write);
  if (isWritten) await requireFiles(desk, said.id, files, signal);
  if (isWritten && reopens) await requireStatus(desk, ticket.id, "open", statuses.reopenTo, ctx);
  const [message] = messagesOf(desk, requester, ticket, [said], await bodiesOf(desk, [said], signal));
  if (message === undefined) throw new AdapterError("unknown", `transaction ${said.id} has no content`);
  if (files.length === 0 || message.attachments === undefined) return message;
  // The member's screen knows the files by the ids of their uploads: for a day, each copy of the gateway finds them by
  // these.
  const attachments = message.attachments.map((each, index) => ({ ...each, id: files[index]?.id ?? each.id }));
  return { ...message, attachments };
}

export async function setStatus(
  desk: Desk,
  ticketId: string,
  wanted: "open" | "resolved",
  ctx: CallContext,
): Promise<Ticket> {
  const { reopenTo, resolved } = desk.settings.statuses;
  const requester = await desk.people.requester(ctx);
  const ticket = await desk.ticket(ticketId, requester, ctx.signal);
  if (desk.statuses.of(ticket.Status) === wanted) return await shownOne(desk, ticket, requester.email, ctx.signal);
  const Status = wanted === "open" ? reopenTo : (resolved[0] ?? "");
  await desk.client.done({ method: "PUT", path: `/ticket/${ticket.id}`, json: { Status } }, ctx.signal);
  const now = await requireStatus(desk, ticketId, wanted, Status, ctx);
  return await shownOne(desk, now, requester.email, ctx.signal);
}

export async function rate(desk: Desk, ticketId: string, rating: Rating, ctx: CallContext): Promise<Ticket> {
  const requester = await desk.people.requester(ctx);
  const ticket = await desk.ticket(ticketId, requester, ctx.signal);
  checkRating(rating, desk.statuses.of(ticket.Status));
  const score = String(rating.score);
  const comment = rating.comment || undefined;
  const known = (await desk.customFields(ctx.signal)).ticket;
  requireField(known, ownFields.rating, "ticket");
  if (comment !== undefined) requireField(known, ownFields.ratingComment, "ticket");
  const said = known.has(ownFields.ratingComment) ? { [ownFields.ratingComment]: comment ?? null } : {};
  const json = { CustomFields: { [ownFields.rating]: score, ...said } };
  await desk.client.done({ method: "PUT", path: `/ticket/${ticket.id}`, json }, ctx.signal);
  const now = await desk.ticket(ticketId, requester, ctx.signal);
  if (valueOf(now, ownFields.rating) !== score || valueOf(now, ownFields.ratingComment) !== comment) {
    throw unavailable("Request Tracker did not store the rating: give the account ModifyCustomField");
  }
  return await shownOne(desk, now, requester.email, ctx.signal);
}

/** RT answers 200 even when it refuses. */
async function requireStatus(desk: Desk, ticketId: string, wanted: string, name: string, ctx: CallContext) {
  const now = await desk.ticket(ticketId, await desk.people.requester(ctx), ctx.signal);
  if (desk.statuses.of(now.Status) === wanted) return now;
  const fault = `ticket ${ticketId} stayed "${now.Status}": its lifecycle does not allow "${name}"`;
  throw unavailable(`${fault}, or the right ModifyTicket is missing`);
}
