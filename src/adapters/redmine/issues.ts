import type { CallContext, Ticket } from "../../core/contract/adapter.ts";
import type { DeskClient } from "../shared/desk-client.ts";
import { idOf, isHidden, notFound, type Api } from "./api.ts";
import type { Customer, Customers } from "./customers.ts";
import type { Facts, FactsSource } from "./facts.ts";
import type { Settings } from "./options.ts";
import * as schemas from "./schemas.ts";
import { lastBy, stepsOf, type Step } from "./thread.ts";
import { ticketOf } from "./ticket.ts";

/** A journal that the member does not see may stand behind a state: then every read looks torn. */
const READS = 3;

/** What every part of the adapter works with. */
export interface Desk {
  readonly api: Api;
  readonly settings: Settings;
  readonly facts: FactsSource;
  readonly customers: Customers;
  /** Aborts when the adapter is disposed of. */
  readonly closed: AbortSignal;
}

/** One of the member's own issues, read as they see it. */
export interface OwnIssue {
  readonly issue: schemas.Issue;
  readonly steps: readonly Step[];
  readonly ticket: Ticket;
  readonly facts: Facts;
  readonly customer: Customer;
  /** As the member. */
  readonly client: DeskClient;
}

/** Rejects with `not-found` for what is not the member's, not in the project, or not there. */
export async function ownIssue(desk: Desk, ticketId: string, ctx: CallContext): Promise<OwnIssue> {
  const [customer, facts] = await Promise.all([desk.customers.find(ctx), desk.facts(ctx.signal)]);
  if (!customer) throw notFound(`ticket "${ticketId}"`);
  return await readIssue(desk, ticketId, customer, facts, ctx.signal);
}

export async function readIssue(
  { api, settings }: Desk,
  ticketId: string,
  customer: Customer,
  facts: Facts,
  signal: AbortSignal,
): Promise<OwnIssue> {
  const id = idOf(ticketId);
  if (id === undefined) throw notFound(`ticket "${ticketId}"`);
  const client = api.as(customer.login);
  const issue = await readWhole(client, id, signal).catch((error: unknown) => {
    throw isHidden(error) ? notFound(`ticket "${ticketId}"`) : error;
  });
  if (!isOwn(issue, customer, facts)) throw notFound(`ticket "${ticketId}"`);
  const shown = await withoutInternalFiles(api.own, issue, customer, signal);
  const steps = stepsOf(shown, facts, customer, settings.formatting);
  return { issue, steps, ticket: ticketOf(issue, facts, lastBy(steps)), facts, customer, client };
}

/** Redmine reads an issue first and its journals after that: what changes in between would be told by halves. */
async function readWhole(client: DeskClient, id: number, signal: AbortSignal): Promise<schemas.Issue> {
  const ask = { path: `/issues/${id}.json`, query: { include: "journals,attachments" } };
  for (let tries = 1; ; tries += 1) {
    // oxlint-disable-next-line no-await-in-loop -- again only when it was torn
    const { issue } = await client.json(ask, schemas.oneIssue, signal);
    if (!isTorn(issue) || tries === READS) return issue;
  }
}

function isTorn({ journals, status }: schemas.Issue): boolean {
  const details = journals.flatMap((journal) => journal.details);
  const last = details.findLast(({ name, property }) => property === "attr" && name === "status_id")?.new_value;
  return last !== undefined && last !== null && Number(last) !== status.id;
}

/**
 * Of a private note with a file Redmine makes two journals, and that of the file is public. Which ones these are, only
 * who may see private notes can tell; it is asked when an agent's file came without words.
 */
async function withoutInternalFiles(
  own: DeskClient,
  issue: schemas.Issue,
  customer: Customer,
  signal: AbortSignal,
): Promise<schemas.Issue> {
  const wordless = (journal: schemas.Journal) =>
    journal.user?.id !== customer.id && !journal.notes && journal.details.some(isFile);
  if (!issue.journals.some(wordless)) return issue;
  const ask = { path: `/issues/${issue.id}.json`, query: { include: "journals" } };
  const whole = (await own.json(ask, schemas.oneIssue, signal)).issue;
  const internal = whole.journals.filter((journal) => journal.private_notes);
  const isBeside = (journal: schemas.Journal) =>
    internal.some(({ user, created_on: at }) => {
      const apart = Math.abs(Date.parse(at) - Date.parse(journal.created_on));
      return user?.id === journal.user?.id && apart <= 1000;
    });
  const journals = issue.journals.map((journal) =>
    wordless(journal) && isBeside(journal)
      ? { ...journal, details: journal.details.filter((detail) => !isFile(detail)) }
      : journal,
  );
  return { ...issue, journals };
}

const isFile = ({ property }: schemas.Journal["details"][number]) => property === "attachment";

/** Held against every answer, whatever was asked: Redmine leaves out a filter that it does not know. */
export function isOwn(issue: schemas.Issue, customer: Customer, facts: Facts): boolean {
  return issue.author?.id === customer.id && issue.project.id === facts.projectId;
}

/** The member's own issues, open or not. Redmine takes what stands in another project below it for its own. */
export function ownQuery(customer: Customer, settings: Settings) {
  return { project_id: settings.project, subproject_id: "!*", author_id: customer.id, status_id: "*" };
}
