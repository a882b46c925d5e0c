import type { Member, Message, Ticket, TicketStatus } from "../../src/core/adapter.ts";
import { AdapterError } from "../../src/core/errors.ts";
import { agentAuthor, type Agent } from "./agents.ts";
import { toMember } from "./members.ts";
import type { DeskMessage } from "./messages.ts";
import type { Desk } from "./parts.ts";
import { checkTexts } from "./text.ts";
import { textsFor } from "./texts.ts";
import { toTicket, type TicketRow } from "./tickets.ts";

/** A ticket as an agent sees it. */
export interface AgentTicket extends Ticket {
  readonly member: Member;
  /** The language that the member wrote in. */
  readonly locale: string;
}

export interface AgentThread {
  readonly ticket: AgentTicket;
  /** The form's other answers, by their English labels. */
  readonly fields: Readonly<Record<string, string>>;
  readonly conversationId?: string;
  /** All of them, internal notes too. */
  readonly messages: readonly DeskMessage[];
}

/** `reply` answers, `question` answers and waits for the member, `note` is for agents alone. */
export type AgentMessageKind = "reply" | "question" | "note";

export interface AgentDraft {
  readonly clientId: string;
  readonly text: string;
}

export interface AgentTickets {
  list(status: TicketStatus | undefined, search: string | undefined): readonly AgentTicket[];
  thread(ticketId: string): AgentThread;
  write(agent: Agent, ticketId: string, draft: AgentDraft, kind: AgentMessageKind): Message;
  resolve(ticketId: string): AgentTicket;
}

const shownAtMost = 100;

export function createAgentTickets(desk: Desk): AgentTickets {
  const { database, members, messages, tickets } = desk;

  function stands(ticketId: string): TicketRow {
    const row = tickets.find(ticketId);
    if (!row) throw new AdapterError("not-found", "There is no such ticket.");
    return row;
  }

  function toAgentTicket(row: TicketRow): AgentTicket {
    const member = members.find(row.memberId);
    return { ...toTicket(row), locale: row.locale, member: member ? toMember(member) : { id: row.memberId } };
  }

  return {
    list: (status, search) => tickets.query({ status, search, limit: shownAtMost }).map(toAgentTicket),
    thread(ticketId) {
      const row = stands(ticketId);
      return {
        ticket: toAgentTicket(row),
        fields: labelled(JSON.parse(row.fields)),
        ...(row.conversationId === null ? {} : { conversationId: row.conversationId }),
        messages: messages.all({ ticketId: row.id, memberId: row.memberId }),
      };
    },
    write: (agent, ticketId, draft, kind) =>
      database.write(() => {
        const row = stands(ticketId);
        const place = { ticketId: row.id, memberId: row.memberId };
        const author = agentAuthor(agent);
        const sent = messages.sent(place, author, draft.clientId);
        if (sent) return sent;
        checkTexts({ text: draft.text });
        const { clientId, text } = draft;
        const message = messages.add(place, { author, clientId, text, internal: kind === "note" });
        if (kind !== "note") tickets.touch(row, kind === "question" ? "awaiting" : row.status);
        return message;
      }),
    resolve: (ticketId) =>
      database.write(() => {
        const row = stands(ticketId);
        return toAgentTicket(row.status === "resolved" ? row : tickets.touch(row, "resolved"));
      }),
  };
}

function labelled(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const known = textsFor("en").fields;
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      const field = known.find((one) => one.key === key);
      const label = field?.options?.find((option) => option.value === value)?.label;
      return [field?.label ?? key, label ?? String(value)];
    }),
  );
}
