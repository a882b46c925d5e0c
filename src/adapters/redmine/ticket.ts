import type { Author, Ticket } from "../../core/contract/adapter.ts";
import { ratingOf } from "../shared/rating.ts";
import type { Facts } from "./facts.ts";
import type { Issue } from "./schemas.ts";

export function ticketOf(issue: Issue, facts: Facts, updatedBy: Author["role"]): Ticket {
  const rating = ratingOf(valueOf(issue, facts.ratingField), valueOf(issue, facts.ratingCommentField));
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

/** Redmine keeps some texts with the line ends of mails, and others as they came. */
export function wordsOf(text: string | null | undefined): string {
  return (text ?? "").replaceAll(/\r\n?/g, "\n");
}

/** What stands in the issue's own field. */
export function valueOf({ custom_fields: values }: Issue, fieldId: number | undefined): string | undefined {
  const value = values.find(({ id }) => id === fieldId)?.value;
  return typeof value === "string" && value !== "" ? value : undefined;
}
