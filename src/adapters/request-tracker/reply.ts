import type { CallContext, Message, MessageDraft } from "../../core/contract/adapter.ts";
import { AdapterError, isRetryable } from "../../core/contract/errors.ts";
import { checkMessageDraft } from "../shared/draft-check.ts";
import { createRunning } from "../shared/running.ts";
import { checkFiles } from "./create.ts";
import { ownFields, requireField, type Asker, type Desk } from "./desk.ts";
import { bodyOf, filesFor, type DraftFile } from "./drafts.ts";
import type { RtTicket, RtTransaction } from "./schemas.ts";
import { quoted } from "./sql.ts";
import { statusOf } from "./statuses.ts";
import { messagesOf, signature } from "./thread.ts";
import { transactionsOf } from "./transactions.ts";

export function createReply(desk: Desk): (ticketId: string, draft: MessageDraft, ctx: CallContext) => Promise<Message> {
  const running = createRunning<Message>();
  const signal = desk.closed;
  return async (ticketId, draft, ctx) => {
    const asker = await desk.asker(ctx);
    checkMessageDraft(draft);
    return await running.join([asker.email, ticketId, draft.clientId], ctx.signal, async () => {
      const ticket = await desk.ticket(ticketId, asker, signal);
      const said = await find(desk, ticket, draft.clientId, signal);
      if (said !== undefined) return await read(desk, asker, ticket, said, signal);
      return await write(desk, asker, ticket, draft, signal);
    });
  };
}

async function write(
  desk: Desk,
  asker: Asker,
  ticket: RtTicket,
  draft: MessageDraft,
  signal: AbortSignal,
): Promise<Message> {
  const files = await filesFor(desk, asker, draft.attachments);
  const known = (await desk.customFields(signal)).transaction;
  requireField(known, ownFields.ref, "transaction");
  const { statuses } = desk.settings;
  const reopens = statusOf(statuses, ticket.Status) !== "open";
  const json = {
    ...(draft.text.trim() === "" ? {} : { Content: draft.text, ContentType: "text/plain" }),
    TxnCustomFields: {
      [ownFields.ref]: draft.clientId,
      ...(known.has(ownFields.member) ? { [ownFields.member]: signature(asker) } : {}),
    },
    ...(reopens ? { Status: statuses.reopenTo } : {}),
  };
  await send(desk, ticket, draft.clientId, json, files, signal);
  const said = await find(desk, ticket, draft.clientId, signal);
  if (said === undefined) {
    const fault = `the reply to ticket ${ticket.id} was written without "${ownFields.ref}"`;
    throw new AdapterError("unavailable", `${fault}: give the account the right ModifyCustomField`);
  }
  if (files.length > 0) await checkFiles(desk, said.id, files, signal);
  if (reopens) await requireOpen(desk, asker, ticket, signal);
  return asSent(await read(desk, asker, ticket, said, signal), files);
}

async function send(
  desk: Desk,
  ticket: RtTicket,
  clientId: string,
  json: Readonly<Record<string, unknown>>,
  files: readonly DraftFile[],
  signal: AbortSignal,
): Promise<void> {
  try {
    const path = `/ticket/${ticket.id}/correspond`;
    await desk.client.done({ method: "POST", path, ...(await bodyOf(json, files)) }, signal);
  } catch (error) {
    // An answer may be lost after RT has written.
    if (!isRetryable(error)) throw error;
    const said = await find(desk, ticket, clientId, signal).catch(() => undefined);
    if (said === undefined) throw error;
  }
}

async function find(
  desk: Desk,
  ticket: RtTicket,
  clientId: string,
  signal: AbortSignal,
): Promise<RtTransaction | undefined> {
  const key = `CF.{${ownFields.ref}} = ${quoted(clientId)}`;
  const where = `TicketId = ${ticket.id} AND Type = 'Correspond' AND ${key}`;
  const found = await transactionsOf(desk, { where, limit: 2 }, signal);
  return found.find(({ Creator }) => Creator.id === desk.settings.accountId);
}

async function requireOpen(desk: Desk, asker: Asker, ticket: RtTicket, signal: AbortSignal): Promise<void> {
  const { statuses } = desk.settings;
  const now = await desk.ticket(ticket.id, asker, signal);
  if (statusOf(statuses, now.Status) === "open") return;
  const fault = `ticket ${ticket.id} stayed "${now.Status}" after a reply`;
  throw new AdapterError(
    "unavailable",
    `${fault}: its lifecycle has no way to "${statuses.reopenTo}", or the right ModifyTicket is missing`,
  );
}

async function read(
  desk: Desk,
  asker: Asker,
  ticket: RtTicket,
  said: RtTransaction,
  signal: AbortSignal,
): Promise<Message> {
  const [message] = await messagesOf(desk, asker, ticket, [said], signal);
  if (message === undefined) throw new AdapterError("unknown", `transaction ${said.id} says nothing`);
  return message;
}

/**
 * The member's screen knows the files by the ids of their uploads. So they are not let go of: for a day, each copy of the
 * gateway finds them under these.
 */
function asSent(message: Message, files: readonly DraftFile[]): Message {
  const { attachments = [] } = message;
  if (files.length === 0) return message;
  return { ...message, attachments: attachments.map((each, index) => ({ ...each, id: files[index]?.id ?? each.id })) };
}
