import type { CallContext, DeskClient, Ticket } from "../../adapter/index.ts";
import { idOf, isHidden, notFound, type Desk, type Facts, type Customer } from "./desk.ts";
import type { Settings } from "./options.ts";
import * as schemas from "./schemas.ts";
import { lastBy, stepsOf, ticketOf, type Step } from "./thread.ts";

/** A journal that the member does not see may have changed the status: then every read looks inconsistent. */
const READS = 3;

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

/** Rejects with `not-found` for a missing issue, another member's, and one outside of the project. */
export async function ownIssue(desk: Desk, ticketId: string, ctx: CallContext): Promise<OwnIssue> {
  const [customer, facts] = await Promise.all([desk.people.find(ctx), desk.facts(ctx.signal)]);
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

/** Redmine reads an issue first and then its journals: a change in between would be read partially. */
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
 * For a private note with a file Redmine creates two journals, and the file's is public. Only users who may see private
 * notes can tell which ones; this is requested if an agent's file has no text.
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

/** Compared with every answer: Redmine ignores unknown filters. */
export function isOwn(issue: schemas.Issue, customer: Customer, facts: Facts): boolean {
  return issue.author?.id === customer.id && issue.project.id === facts.projectId;
}

/** The member's own issues, open or not. Redmine includes issues of subprojects. */
export function ownQuery(customer: Customer, settings: Settings) {
  return { project_id: settings.project, subproject_id: "!*", author_id: customer.id, status_id: "*" };
}
