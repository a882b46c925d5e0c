import * as v from "valibot";
import {
  AdapterError,
  answerOf,
  checkFields,
  checkTicketDraft,
  contextLines,
  invalid,
  statusOf,
  writeOnce,
  type CallContext,
  type DeskClient,
  type Ticket,
  type TicketContext,
  type TicketDraft,
} from "../../adapter/index.ts";
import { lacksRight, unavailable, type Desk, type Facts, type Customer } from "./desk.ts";
import type { FileTokens } from "./files.ts";
import { customValues } from "./form.ts";
import * as schemas from "./schemas.ts";
import { ticketOf, valueOf, wordsOf } from "./thread.ts";
import { isOwn, ownQuery } from "./ticket.ts";

/** In characters, as Redmine counts them. */
export const TITLE_MAX = 255;

export function createCreate(desk: Desk, tokens: FileTokens) {
  const { api, settings } = desk;

  async function make(draft: TicketDraft, customer: Customer, facts: Facts, signal: AbortSignal): Promise<Ticket> {
    const client = api.as(customer.login);
    let isMade = false;
    const issue = await writeOnce(
      async () => await madeBefore(client, draft.clientId, customer, facts, signal),
      async () => {
        isMade = true;
        return await post(client, draft, customer, facts, signal);
      },
    );
    await addContext(issue.id, draft, !isMade, signal);
    return ticketOf(issue, facts, "member");
  }

  /** A record left by a lost answer. */
  async function madeBefore(
    client: DeskClient,
    clientId: string,
    customer: Customer,
    facts: Facts,
    signal: AbortSignal,
  ) {
    const query = { ...ownQuery(customer, settings), [`cf_${facts.refField}`]: clientId, limit: 2 };
    const { issues } = await client
      .json({ path: "/issues.json", query }, schemas.issues, signal)
      .catch((error: unknown) => Promise.reject(lacksRight(error, settings.role, "View issues")));
    return issues.find((one) => isOwn(one, customer, facts) && valueOf(one, facts.refField) === clientId);
  }

  async function post(client: DeskClient, draft: TicketDraft, customer: Customer, facts: Facts, signal: AbortSignal) {
    const answers = checkFields(
      facts.form.map(({ field }) => field),
      draft.fields,
    );
    const uploads = await tokens.of(draft.attachments, customer, signal);
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
      .json({ method: "POST", path: "/issues.json", json }, schemas.oneIssue, signal)
      .catch((error: unknown) => Promise.reject(lacksRight(refusedOf(error, facts), settings.role, "Add issues")));
    verify(issue, draft, customer, facts);
    return issue;
  }

  async function addContext(issueId: number, draft: TicketDraft, again: boolean, signal: AbortSignal): Promise<void> {
    const notes = contextNote(draft.context);
    if (notes === undefined) return;
    const path = `/issues/${issueId}.json`;
    if (again) {
      const ask = { path, query: { include: "journals" } };
      const { issue } = await api.own.json(ask, schemas.oneIssue, signal);
      if (issue.journals.some((one) => one.notes?.startsWith(contextTitle))) return;
    }
    const json = { issue: { notes, private_notes: true } };
    await api.own.done({ method: "PUT", path, json }, signal);
  }

  function verify(issue: schemas.Issue, draft: TicketDraft, customer: Customer, facts: Facts): void {
    const kept =
      isOwn(issue, customer, facts) &&
      wordsOf(issue.description) === wordsOf(draft.text) &&
      issue.subject.trim() === draft.title.trim();
    if (!kept)
      throw new AdapterError("unknown", `Redmine created issue ${issue.id} with a text that differs from the member's`);
    if (valueOf(issue, facts.refField) === draft.clientId) return;
    throw unavailable(
      `the role "${settings.role}" cannot fill in "${settings.refField}": make the field visible to it, and not read-only`,
    );
  }

  return async (draft: TicketDraft, ctx: CallContext): Promise<Ticket> => {
    checkTicketDraft(draft, TITLE_MAX);
    const [customer, facts] = await Promise.all([desk.people.ensure(ctx), desk.facts(ctx.signal)]);
    return await make(draft, customer, facts, ctx.signal);
  };
}

/** Redmine's error for each field, mapped to the form's own field. */
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
  return new AdapterError("invalid", `Redmine refuses: ${messages.join("; ")}`, { cause: error });
}

function refusals(body: string): readonly string[] {
  const answer = v.safeParse(v.pipe(v.string(), v.parseJson(), schemas.refusal), body);
  return answer.success ? answer.output.errors : [body];
}

/** The first line of the private note with the context that the member allowed the widget to add. */
const contextTitle = "Podpora: what the widget adds";

/** Preformatted, which has the same syntax in Textile and Markdown. Undefined if there is no context. */
function contextNote(context: TicketContext | undefined): string | undefined {
  const lines = contextLines(context);
  if (lines.length === 0) return undefined;
  // A line that would end the preformatted text is changed.
  const text = lines.join("\n").replaceAll(/<(?=\/pre)/gi, "< ");
  return `${contextTitle}\n\n<pre>\n${text}\n</pre>`;
}
