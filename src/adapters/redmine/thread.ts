import { cleanFileName } from "../../core/contract/file-name.ts";
import type { Attachment, Author, Message } from "../../core/contract/adapter.ts";
import type { Customer } from "./customers.ts";
import type { Facts } from "./facts.ts";
import { markupOf, type Formatting } from "./markup.ts";
import type { Issue, Journal, StoredFile } from "./schemas.ts";
import { timeOf, valueOf, wordsOf } from "./ticket.ts";

/** The ticket's beginning or one of its journals, with what the member sees of it: a message, a change, both, or nothing. */
export interface Step {
  /** Stable, and no other step's. */
  readonly key: string;
  readonly at: string;
  readonly by: Author["role"];
  readonly messages: readonly Message[];
}

/** The issue as Redmine shows it to the member, with journals and attachments. The oldest step first. */
export function stepsOf(issue: Issue, facts: Facts, customer: Customer, formatting: Formatting): readonly Step[] {
  const shown = issue.journals.filter((journal) => !journal.private_notes);
  const files = new Map(issue.attachments.map((file) => [String(file.id), file]));
  const onJournals = new Set(shown.flatMap((journal) => fileIdsOf(journal)));
  const attached = (ids: readonly string[]): readonly Attachment[] =>
    ids.flatMap((id) => {
      const file = files.get(id);
      return file ? [attachmentOf(file, issue.id, customer)] : [];
    });

  // A file that an agent put beside a private note stands on the issue too: it is on no journal that the member sees.
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

/** Who did the last thing that the member can see. */
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

/** The member's own files are asked for by their id alone, others' by the issue that they stand on. */
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
