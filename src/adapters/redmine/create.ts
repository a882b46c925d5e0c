import * as v from "valibot";
import type { CallContext, Ticket, TicketDraft } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import type { DeskClient } from "../shared/desk-client.ts";
import { answerOf, statusOf } from "../shared/desk-refusal.ts";
import { checkTicketDraft } from "../shared/draft-check.ts";
import { checkFields } from "../shared/field-check.ts";
import { invalid } from "../shared/invalid.ts";
import { createRunning } from "../shared/running.ts";
import { lacksRight } from "./api.ts";
import { contextNote, contextTitle } from "./context-note.ts";
import type { Customer } from "./customers.ts";
import type { Facts } from "./facts.ts";
import { customValues } from "./form.ts";
import { isOwn, ownQuery, type Desk } from "./issues.ts";
import * as schemas from "./schemas.ts";
import { ticketOf, valueOf, wordsOf } from "./ticket.ts";
import type { FileTokens } from "./uploads.ts";

/** In characters, as Redmine counts them. */
const SUBJECT_MOST = 255;

/** `wrote` is called after each ticket made. */
export function createCreate(desk: Desk, tokens: FileTokens, wrote: () => void) {
  const running = createRunning<Ticket>();
  const { api, settings, closed } = desk;

  async function make(draft: TicketDraft, customer: Customer, facts: Facts): Promise<Ticket> {
    const client = api.as(customer.login);
    const found = await madeBefore(client, draft.clientId, customer, facts);
    const issue = found ?? (await post(client, draft, customer, facts));
    await addContext(issue.id, draft, found !== undefined);
    wrote();
    return ticketOf(issue, facts, "member");
  }

  /** What a lost answer left behind. */
  async function madeBefore(client: DeskClient, clientId: string, customer: Customer, facts: Facts) {
    const query = { ...ownQuery(customer, settings), [`cf_${facts.refField}`]: clientId, limit: 2 };
    const { issues } = await client
      .json({ path: "/issues.json", query }, schemas.issues, closed)
      .catch((error: unknown) => Promise.reject(lacksRight(error, settings.role, "View issues")));
    return issues.find((one) => isOwn(one, customer, facts) && valueOf(one, facts.refField) === clientId);
  }

  async function post(client: DeskClient, draft: TicketDraft, customer: Customer, facts: Facts) {
    const answers = checkFields(
      facts.form.map(({ field }) => field),
      draft.fields,
    );
    const uploads = await tokens.of(draft.attachments, customer, closed);
    const json = {
      issue: {
        project_id: facts.projectId,
        tracker_id: facts.trackerId,
        subject: draft.title,
        description: draft.text,
        custom_fields: [{ id: facts.refField, value: draft.clientId }, ...customValues(facts.form, answers)],
        uploads,
      },
    };
    const { issue } = await client
      .json({ method: "POST", path: "/issues.json", json }, schemas.oneIssue, closed)
      .catch((error: unknown) => Promise.reject(lacksRight(refusedOf(error, facts), settings.role, "Add issues")));
    verify(issue, draft, customer, facts);
    return issue;
  }

  async function addContext(issueId: number, draft: TicketDraft, again: boolean): Promise<void> {
    const notes = contextNote(draft.context);
    if (notes === undefined) return;
    const path = `/issues/${issueId}.json`;
    if (again) {
      const ask = { path, query: { include: "journals" } };
      const { issue } = await api.own.json(ask, schemas.oneIssue, closed);
      if (issue.journals.some((one) => one.notes?.startsWith(contextTitle))) return;
    }
    const json = { issue: { notes, private_notes: true } };
    await api.own.done({ method: "PUT", path, json }, closed);
  }

  function verify(issue: schemas.Issue, draft: TicketDraft, customer: Customer, facts: Facts): void {
    const kept =
      isOwn(issue, customer, facts) &&
      wordsOf(issue.description) === wordsOf(draft.text) &&
      issue.subject.trim() === draft.title.trim();
    if (!kept) throw new AdapterError("unknown", `Redmine made issue ${issue.id} with other words than the member's`);
    if (valueOf(issue, facts.refField) === draft.clientId) return;
    throw new AdapterError(
      "unavailable",
      `the role "${settings.role}" cannot fill in "${settings.refField}": make the field visible to it, and not read-only`,
    );
  }

  return async (draft: TicketDraft, ctx: CallContext): Promise<Ticket> => {
    ctx.signal.throwIfAborted();
    checkTicketDraft(draft, SUBJECT_MOST);
    const [customer, facts] = await Promise.all([desk.customers.ensure(ctx), desk.facts(ctx.signal)]);
    return await running.join([customer.login, draft.clientId], ctx.signal, () => make(draft, customer, facts));
  };
}

/** What Redmine says of each field, beside the form's own field. */
export function refusedOf(error: unknown, facts: Facts): unknown {
  if (statusOf(error) !== 422) return error;
  const messages = refusals(answerOf(error));
  const wrong = new Map<string, string>();
  for (const message of messages) {
    const field = facts.form.find(({ field: { label } }) => message.startsWith(`${label} `))?.field.key;
    if (field !== undefined) wrong.set(field, message);
    else if (message.startsWith("Subject ")) wrong.set("title", message);
    else if (/file\(s\)/.test(message)) wrong.set("attachments", message);
  }
  if (wrong.size > 0) return invalid(Object.fromEntries(wrong), error);
  return new AdapterError("invalid", `Redmine does not take it: ${messages.join("; ")}`, { cause: error });
}

function refusals(body: string): readonly string[] {
  const answer = v.safeParse(v.pipe(v.string(), v.parseJson(), schemas.refusal), body);
  return answer.success ? answer.output.errors : [body];
}
