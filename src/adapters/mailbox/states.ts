import type { TicketStatus } from "../../core/contract/adapter.ts";
import type { MailStatuses } from "./options.ts";

const kinds = ["resolved", "awaiting", "open"] as const;

/** The status that a mail from the desk names: in its header, or in brackets in its subject. */
export function stateIn(header: string, subject: string, statuses: MailStatuses): TicketStatus | undefined {
  const tags = [...subject.matchAll(/\[([^[\]]{1,60})\]/g)].map(([, word = ""]) => word);
  return [header, ...tags].map((word) => stateOf(word, statuses)).find((state) => state !== undefined);
}

/** A subject for a reply: without the desk's status, which only the desk may set. */
export function withoutStates(subject: string, statuses: MailStatuses): string {
  return subject.replaceAll(/\[([^[\]]{1,60})\]\s*/g, (tag, word: string) => (stateOf(word, statuses) ? "" : tag));
}

function stateOf(word: string, statuses: MailStatuses): TicketStatus | undefined {
  const said = word.trim().toLowerCase();
  return kinds.find((kind) => statuses[kind].some((one) => one.toLowerCase() === said));
}
