import type { CallContext, Ticket, TicketDraft } from "../../core/contract/adapter.ts";
import { AdapterError, isAdapterError, isRetryable } from "../../core/contract/errors.ts";
import { contextLines } from "../shared/context-lines.ts";
import { checkTicketDraft } from "../shared/draft-check.ts";
import { checkFields } from "../shared/field-check.ts";
import { createRunning } from "../shared/running.ts";
import { attachmentsOf, isFile } from "./bodies.ts";
import { ownFields, pathOf, requireField, valueOf, type Asker, type Desk } from "./desk.ts";
import { bodyOf, filesFor, release, sentName, TITLE_MAX, type DraftFile } from "./drafts.ts";
import type { Form } from "./fields.ts";
import { listOf, reference, type RtTicket } from "./schemas.ts";
import { quoted } from "./sql.ts";
import { signature } from "./thread.ts";
import { asMade, shownOne } from "./ticket.ts";
import { transactionsOf } from "./transactions.ts";

export function createCreate(desk: Desk, form: Form): (draft: TicketDraft, ctx: CallContext) => Promise<Ticket> {
  const running = createRunning<Ticket>();
  const signal = desk.closed;
  return async (draft, ctx) => {
    const asker = await desk.asker(ctx);
    checkTicketDraft(draft, TITLE_MAX);
    return await running.join([asker.email, draft.clientId], ctx.signal, async () => {
      const made = await find(desk, asker, draft.clientId, signal);
      if (made === undefined) return asMade(desk, await make(desk, form, asker, draft, signal));
      return await shownOne(desk, await desk.ticket(made, asker, signal), signal);
    });
  };
}

async function make(desk: Desk, form: Form, asker: Asker, draft: TicketDraft, signal: AbortSignal): Promise<RtTicket> {
  const known = (await desk.customFields(signal)).ticket;
  requireField(known, ownFields.ref, "ticket");
  const answers = checkFields(await form(signal), draft.fields);
  const files = await filesFor(desk, asker, draft.attachments);
  const context = known.has(ownFields.context) ? contextLines(draft.context).join("\n") : "";
  const custom = {
    ...answers,
    [ownFields.ref]: draft.clientId,
    ...(context === "" ? {} : { [ownFields.context]: context }),
  };
  const json = {
    Queue: desk.settings.queue,
    Subject: draft.title,
    Requestor: asker.name === undefined ? asker.email : `"${signature(asker).replace(" <", '" <')}`,
    Content: draft.text,
    ContentType: "text/plain",
    CustomFields: byId(custom, known),
  };
  const id = await send(desk, asker, draft.clientId, json, files, signal);
  const ticket = await desk.ticket(id, asker, signal).catch((cause: unknown) => {
    // It was made: asked again, it is found.
    if (!isAdapterError(cause) || cause.code !== "not-found") throw cause;
    throw new AdapterError("unknown", `ticket ${id} was made, but is not this member's to see`, { cause });
  });
  await checkMade(desk, ticket, draft, answers, files, signal);
  await release(desk, asker, files);
  return ticket;
}

/** Gives the ticket's id, also when the answer was lost on its way. */
async function send(
  desk: Desk,
  asker: Asker,
  clientId: string,
  json: Readonly<Record<string, unknown>>,
  files: readonly DraftFile[],
  signal: AbortSignal,
): Promise<string> {
  try {
    const call = { method: "POST", path: "/ticket", ...(await bodyOf(json, files)) } as const;
    return (await desk.client.json(call, reference, signal)).id;
  } catch (error) {
    if (!isRetryable(error)) throw error;
    const made = await find(desk, asker, clientId, signal).catch(() => undefined);
    if (made === undefined) throw error;
    return made;
  }
}

async function find(desk: Desk, asker: Asker, clientId: string, signal: AbortSignal): Promise<string | undefined> {
  const where = `CF.{${ownFields.ref}} = ${quoted(clientId)} AND ${desk.scope(asker)}`;
  const path = pathOf("/tickets", [["query", where]]);
  return (await desk.client.json({ path }, listOf(reference), signal)).items[0]?.id;
}

/** RT answers 201 whatever became of fields that it does not take, or of files over its limit. */
async function checkMade(
  desk: Desk,
  ticket: RtTicket,
  draft: TicketDraft,
  answers: Readonly<Record<string, unknown>>,
  files: readonly DraftFile[],
  signal: AbortSignal,
): Promise<void> {
  const lost = Object.keys(answers).filter(
    (name) => !ticket.CustomFields.some((each) => each.name === name && each.values.length > 0),
  );
  if (valueOf(ticket, ownFields.ref) !== draft.clientId) lost.push(ownFields.ref);
  if (lost.length > 0) {
    const what = `ticket ${ticket.id} was made without ${lost.join(", ")}`;
    throw new AdapterError("unavailable", `${what}: give the account the right ModifyCustomField`);
  }
  if (ticket.Subject !== draft.title) throw new AdapterError("unknown", `ticket ${ticket.id} has another title`);
  if (files.length === 0) return;
  const [first] = await transactionsOf(
    desk,
    { where: `TicketId = ${ticket.id} AND Type = 'Create'`, limit: 1 },
    signal,
  );
  await checkFiles(desk, first?.id ?? "0", files, signal);
}

/** Rejects with `too-large` when something else stands in a file's place. */
export async function checkFiles(
  desk: Desk,
  transactionId: string,
  files: readonly DraftFile[],
  signal: AbortSignal,
): Promise<void> {
  const stored = (await attachmentsOf(desk, [transactionId], signal)).filter((row) => isFile(row));
  // What is dropped keeps its length in its headers, and gets another name; what is cut keeps its name.
  const lost = files.find(({ file }, index) => {
    const row = stored[index];
    return row?.ContentLength !== file.size || row.Filename !== sentName(file);
  });
  if (lost === undefined) return;
  const fault = `Request Tracker did not keep "${lost.file.name}" as it is: set maxFileBytes to its MaxAttachmentSize`;
  throw new AdapterError("too-large", fault);
}

function byId(values: Readonly<Record<string, unknown>>, known: ReadonlyMap<string, string>) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [known.get(name) ?? name, value]));
}
