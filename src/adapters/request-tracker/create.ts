import {
  AdapterError,
  checkFields,
  checkTicketDraft,
  contextLines,
  isAdapterError,
  writeOnce,
  type CallContext,
  type DraftFile,
  type Ticket,
  type TicketDraft,
} from "../../adapter/index.ts";
import {
  ownFields,
  pathOf,
  quoted,
  requireField,
  scopeOf,
  unavailable,
  valueOf,
  type Desk,
  type Uploads,
} from "./desk.ts";
import { bodyOf, requireFiles } from "./files.ts";
import type { Form } from "./form.ts";
import type { Requester } from "./people.ts";
import { listOf, reference, type RtTicket } from "./schemas.ts";
import { signature } from "./thread.ts";
import { shownOne, ticketOf } from "./ticket.ts";

/** The limit of RT's column; some databases truncate silently. */
export const TITLE_MAX = 200;

export function createCreate(desk: Desk, form: Form, uploads: Uploads) {
  return async (draft: TicketDraft, ctx: CallContext): Promise<Ticket> => {
    const requester = await desk.people.requester(ctx);
    const { signal } = ctx;
    checkTicketDraft(draft, TITLE_MAX);
    let isMade = false;
    const id = await writeOnce(
      async () => await find(desk, requester, draft.clientId, signal),
      async () => {
        isMade = true;
        return await make(desk, form, uploads, requester, draft, signal);
      },
    );
    const ticket = await desk.ticket(id, requester, signal).catch((cause: unknown) => {
      // It was created: a retry finds it.
      if (!isMade || !isAdapterError(cause) || cause.code !== "not-found") throw cause;
      throw new AdapterError("unknown", `ticket ${id} was created, but the member may not see it`, { cause });
    });
    if (!isMade) return await shownOne(desk, ticket, requester.email, signal);
    const files = (await uploads?.of(draft.attachments, requester.email)) ?? [];
    await requireMade(desk, ticket, draft, files, signal);
    await uploads?.release(files, requester.email);
    return { ...ticketOf(desk, ticket, requester.email, undefined), updatedAt: ticket.Created, updatedBy: "member" };
  };
}

async function find({ client, ...desk }: Desk, { email }: Requester, clientId: string, signal: AbortSignal) {
  const where = `CF.{${ownFields.ref}} = ${quoted(clientId)} AND ${scopeOf({ client, ...desk }, email)}`;
  return (await client.json({ path: pathOf("/tickets", [["query", where]]) }, listOf(reference), signal)).items[0]?.id;
}

/** Returns the ticket's id. */
async function make(
  desk: Desk,
  form: Form,
  uploads: Uploads,
  requester: Requester,
  draft: TicketDraft,
  signal: AbortSignal,
): Promise<string> {
  const known = (await desk.customFields(signal)).ticket;
  requireField(known, ownFields.ref, "ticket");
  const context = known.has(ownFields.context) ? contextLines(draft.context).join("\n") : "";
  const custom = {
    ...checkFields(await form(signal), draft.fields),
    [ownFields.ref]: draft.clientId,
    ...(context === "" ? {} : { [ownFields.context]: context }),
  };
  const files = (await uploads?.of(draft.attachments, requester.email)) ?? [];
  const json = {
    Queue: desk.settings.queue,
    Subject: draft.title,
    Requestor: requester.name === undefined ? requester.email : `"${signature(requester).replace(" <", '" <')}`,
    Content: draft.text,
    ContentType: "text/plain",
    CustomFields: Object.fromEntries(Object.entries(custom).map(([name, value]) => [known.get(name) ?? name, value])),
  };
  const call = { method: "POST", path: "/ticket", ...(await bodyOf(json, files)) } as const;
  return (await desk.client.json(call, reference, signal)).id;
}

/** RT answers 201 even if it refused fields, or files over its limit. */
async function requireMade(
  desk: Desk,
  ticket: RtTicket,
  { clientId, fields = {}, title }: TicketDraft,
  files: readonly DraftFile[],
  signal: AbortSignal,
): Promise<void> {
  const kept = new Set(ticket.CustomFields.flatMap(({ name, values }) => (values.length > 0 ? [name] : [])));
  const isGiven = (value: unknown) => (Array.isArray(value) ? value.length > 0 : String(value).trim() !== "");
  const lost = Object.keys(fields).filter((name) => isGiven(fields[name]) && !kept.has(name));
  if (valueOf(ticket, ownFields.ref) !== clientId) lost.push(ownFields.ref);
  if (lost.length > 0) {
    throw unavailable(`ticket ${ticket.id} lacks ${lost.join(", ")}: give the account the right ModifyCustomField`);
  }
  if (ticket.Subject !== title) throw new AdapterError("unknown", `ticket ${ticket.id} has another title`);
  if (files.length === 0) return;
  const where = `TicketId = ${ticket.id} AND Type = 'Create'`;
  const [first] = await desk.transactions({ where, limit: 1 }, signal);
  await requireFiles(desk, first?.id ?? "0", files, signal);
}
