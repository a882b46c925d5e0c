import type { Author, Rating, Ticket } from "../../core/adapter.ts";
import type { Facts } from "./facts.ts";
import type { Issue } from "./schemas.ts";

export function ticketOf(issue: Issue, facts: Facts, updatedBy: Author["role"]): Ticket {
  const rating = ratingOf(issue, facts);
  return {
    id: String(issue.id),
    number: String(issue.id),
    title: issue.subject,
    status: facts.statusOf(issue.status.id),
    statusLabel: issue.status.name,
    createdAt: timeOf(issue.created_on),
    updatedAt: timeOf(issue.updated_on),
    updatedBy,
    ...(rating ? { rating } : {}),
  };
}

export function timeOf(text: string): string {
  return new Date(text).toISOString();
}

/** Redmine keeps some texts with the line ends of mails. */
export function wordsOf(text: string | null | undefined): string {
  return (text ?? "").replaceAll("\r\n", "\n");
}

/** What stands in the issue's own field. */
export function valueOf({ custom_fields: values }: Issue, fieldId: number | undefined): string | undefined {
  const value = values.find(({ id }) => id === fieldId)?.value;
  return typeof value === "string" && value !== "" ? value : undefined;
}

function ratingOf(issue: Issue, facts: Facts): Rating | undefined {
  const score = Number(valueOf(issue, facts.ratingField));
  if (!isScore(score)) return undefined;
  const comment = valueOf(issue, facts.ratingCommentField);
  return { score, ...(comment === undefined ? {} : { comment }) };
}

export function isScore(score: number): score is Rating["score"] {
  return Number.isInteger(score) && score >= 1 && score <= 5;
}
