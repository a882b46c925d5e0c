import type { ChatRequest, Member } from "../../core/contract/adapter.ts";
import { oneLine } from "./names.ts";

const VALUE_MAX = 300;

/**
 * The member's details for agents: a labelled line for each value, and "claimed:" before unverified ones: everything
 * that a guest says of themselves, and everything from the page.
 */
export function aboutMember(request: ChatRequest, member: Member): readonly string[] {
  const isGuest = member.guest === true;
  const vouched = (value: string | undefined) => (isGuest ? undefined : value);
  return [
    "[Podpora] Who writes:",
    ...line("Name", vouched(member.name), member.name ?? request.name),
    ...line("E-mail", vouched(member.email), member.email ?? request.email),
    ...line("Rank", vouched(member.rank)),
    ...line("Member", vouched(member.id), request.memberId),
    ...line("Language", vouched(member.locale), member.locale),
    ...line("Ticket", undefined, request.ticketId),
    ...line("Page", undefined, request.page),
  ];
}

function line(label: string, verified: string | undefined, claimed?: string): readonly string[] {
  const value = oneLine(verified ?? claimed ?? "", VALUE_MAX);
  if (value === "") return [];
  return [`${label}: ${verified === undefined ? "claimed: " : ""}${value}`];
}
