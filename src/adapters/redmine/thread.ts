import {
  cleanFileName,
  ratingOf,
  type Attachment,
  type Author,
  type Message,
  type Ticket,
} from "../../adapter/index.ts";
import { markupOf, type Formatting } from "./bodies.ts";
import type { Facts, Customer } from "./desk.ts";
import type { Issue, Journal, StoredFile } from "./schemas.ts";

/** The ticket's beginning or one of its journals, as the member sees it: a message, a change, both, or nothing. */
export interface Step {
  /** Stable and unique. */
  readonly key: string;
  readonly at: string;
  readonly by: Author["role"];
  readonly messages: readonly Message[];
}

/** The issue as Redmine shows it to the member, with journals and attachments. Oldest step first. */
export function stepsOf(issue: Issue, facts: Facts, customer: Customer, formatting: Formatting): readonly Step[] {
  const shown = issue.journals.filter((journal) => !journal.private_notes);
  const files = new Map(issue.attachments.map((file) => [String(file.id), file]));
  const onJournals = new Set(shown.flatMap((journal) => fileIdsOf(journal)));
  const attached = (ids: readonly string[]): readonly Attachment[] =>
    ids.flatMap((id) => {
      const file = files.get(id);
      return file ? [attachmentOf(file, issue.id, customer)] : [];
    });

  // An agent's file of a private note belongs to the issue too, but to no journal that the member sees.
  const first = issue.attachments.filter((file) => !onJournals.has(String(file.id)) && file.author?.id === customer.id);
  const at = timeOf(issue.created_on);
  const clientId = valueOf(issue, facts.refField);
  const beginning: Message = {
    id: `i${issue.id}`,
    ...(clientId === undefined ? {} : { clientId }),
    author: authorOf(issue.author, facts, customer),
    text: wordsOf(issue.description),
    at,
    ...filesOf(attached(first.map(({ id }) => String(id)))),
  };
  const steps: readonly Step[] = shown.map((journal) => {
    const author = authorOf(journal.user, facts, customer);
    return {
      key: `j${journal.id}`,
      at: timeOf(journal.created_on),
      by: author.role,
      messages: [...saidIn(journal, author, attached(fileIdsOf(journal))), ...changeOf(journal, author, facts)],
    };
  });
  return [{ key: `i${issue.id}`, at, by: "member", messages: [beginning] }, ...steps];

  function saidIn(journal: Journal, author: Author, attachments: readonly Attachment[]): readonly Message[] {
    const notes = wordsOf(journal.notes);
    if (notes === "" && attachments.length === 0) return [];
    const reply = journal.details.find(({ property, name }) => property === "cf" && name === String(facts.replyField));
    return [
      {
        id: `j${journal.id}`,
        ...(author.role === "member" && reply?.new_value ? { clientId: reply.new_value } : {}),
        author,
        text: author.role === "member" ? notes : markupOf(notes, formatting, filesByName(attachments)),
        at: timeOf(journal.created_on),
        ...filesOf(attachments),
      },
    ];
  }

  function filesByName(attachments: readonly Attachment[]): ReadonlyMap<string, string> {
    const all = [...attached([...onJournals]), ...attachments];
    return new Map(all.map(({ id, name }) => [name, id]));
  }
}

/** Who made the last change that the member can see. */
export function lastBy(steps: readonly Step[]): Author["role"] {
  return steps.at(-1)?.by ?? "member";
}

function changeOf(journal: Journal, author: Author, facts: Facts): readonly Message[] {
  const detail = journal.details.find(({ property, name }) => property === "attr" && name === "status_id");
  if (!detail) return [];
  const [before, status] = [detail.old_value, detail.new_value].map((id) => facts.statusOf(Number(id)));
  if (status === undefined || before === status) return [];
  return [{ id: `c${journal.id}`, author, text: "", at: timeOf(journal.created_on), change: { status } }];
}

function fileIdsOf({ details }: Journal): readonly string[] {
  return details.flatMap(({ property, name, new_value: added }) => (property === "attachment" && added ? [name] : []));
}

function authorOf(user: Journal["user"], { gatewayId }: Facts, { id, member }: Customer): Author {
  if (user?.id === id || user?.id === gatewayId) {
    return { id: member.id, ...(member.name === undefined ? {} : { name: member.name }), role: "member" };
  }
  return user ? { id: String(user.id), name: user.name, role: "agent" } : { id: "0", role: "agent" };
}

/** The member's own files are requested only by their id, others by their issue. */
export function attachmentOf(file: StoredFile, issueId: number, customer: Customer): Attachment {
  return {
    id: file.author?.id === customer.id ? String(file.id) : `${issueId}-${file.id}`,
    name: cleanFileName(file.filename),
    bytes: file.filesize,
    type: file.content_type || "application/octet-stream",
  };
}

function filesOf(attachments: readonly Attachment[]) {
  return attachments.length > 0 ? { attachments } : {};
}

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

function timeOf(text: string): string {
  return new Date(text).toISOString();
}

/** Redmine stores some texts with CRLF, and others unchanged. */
export function wordsOf(text: string | null | undefined): string {
  return (text ?? "").replaceAll(/\r\n?/g, "\n");
}

/** The value of the issue's own field. */
export function valueOf({ custom_fields: values }: Issue, fieldId: number | undefined): string | undefined {
  const value = values.find(({ id }) => id === fieldId)?.value;
  return typeof value === "string" && value !== "" ? value : undefined;
}
