import type {
  Field,
  FieldValue,
  Member,
  Message,
  Ticket,
  TicketContext,
  TicketStatus,
} from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { agentAuthor, type Agent } from "./agents.ts";
import { toMember } from "./members.ts";
import type { DeskMessage } from "./messages.ts";
import type { Desk } from "./parts.ts";
import { checkDraft } from "./text.ts";
import { placeOf, settle } from "./ticket-changes.ts";
import type { TicketRow } from "./tickets.ts";

/** A ticket as agents see it. */
export interface AgentTicket extends Ticket {
  readonly member: Member;
  /** The language in which the member wrote. */
  readonly locale: string;
}

export interface AgentThread {
  readonly ticket: AgentTicket;
  /** The form's other answers, by their English labels. */
  readonly fields: Readonly<Record<string, string>>;
  readonly context?: TicketContext;
  readonly conversationId?: string;
  /** All messages, including internal notes. */
  readonly messages: readonly DeskMessage[];
  /** The member's other tickets, last changed first. */
  readonly others: readonly Ticket[];
}

/** `reply` answers, `question` answers and waits for the member, `note` is visible to agents only. */
export type AgentMessageKind = "reply" | "question" | "note";

export interface AgentDraft {
  readonly clientId: string;
  readonly text: string;
  /** Ids of the agent's uploads. */
  readonly attachments?: readonly string[];
}

export interface AgentTickets {
  list(status: TicketStatus | undefined, search: string | undefined): readonly AgentTicket[];
  thread(ticketId: string): AgentThread;
  write(agent: Agent, ticketId: string, draft: AgentDraft, kind: AgentMessageKind): Message;
  /** `closed`: resolved, and the member can't reopen it. */
  setStatus(agent: Agent, ticketId: string, status: "open" | "resolved" | "closed"): AgentTicket;
  /** Permanently removes messages, files and events. The member is told that the ticket was removed. */
  remove(ticketId: string): Promise<void>;
}

const shownAtMost = 100;
const othersAtMost = 10;

export function createAgentTickets(desk: Desk): AgentTickets {
  const { database, files, members, messages, tickets } = desk;

  function stands(ticketId: string): TicketRow {
    const row = tickets.find(ticketId);
    if (!row) throw new AdapterError("not-found", "There is no such ticket.");
    return row;
  }

  function toAgentTicket(ticket: Ticket, row: TicketRow): AgentTicket {
    const member = members.find(row.memberId);
    return { ...ticket, locale: row.locale, member: member ? toMember(member) : { id: row.memberId } };
  }
  const one = (row: TicketRow) => toAgentTicket(tickets.showOne(row), row);

  return {
    list(status, search) {
      const rows = tickets.query({ status, search, limit: shownAtMost });
      const shown = tickets.show(rows);
      return rows.flatMap((row, index) => {
        const ticket = shown[index];
        return ticket ? [toAgentTicket(ticket, row)] : [];
      });
    },
    thread(ticketId) {
      const row = stands(ticketId);
      const ofMember = tickets.query({ memberId: row.memberId, limit: othersAtMost + 1 });
      const others = ofMember.filter(({ id }) => id !== row.id).slice(0, othersAtMost);
      return {
        ticket: one(row),
        fields: labelled(desk.fields("en"), JSON.parse(row.fields)),
        ...(row.context === null ? {} : { context: JSON.parse(row.context) }),
        ...(row.conversationId === null ? {} : { conversationId: row.conversationId }),
        messages: messages.all(placeOf(row)),
        others: tickets.show(others),
      };
    },
    write: (agent, ticketId, draft, kind) =>
      database.write(() => {
        const row = stands(ticketId);
        const author = agentAuthor(agent);
        const sent = messages.sent(placeOf(row), author, draft.clientId);
        if (sent) return sent;
        checkDraft(draft);
        const message = messages.add(placeOf(row), { ...draft, author, internal: kind === "note" });
        if (kind === "note") return message;
        const answered = { ...row, answeredAt: row.answeredAt ?? message.at };
        // A question opens a closed ticket: the member has to be able to answer it.
        if (kind === "question") settle(desk, { ...answered, closed: 0 }, author, "awaiting");
        else settle(desk, answered, author, row.status);
        return message;
      }),
    setStatus: (agent, ticketId, status) =>
      database.write(() => {
        const row = stands(ticketId);
        const closed = status === "closed" ? 1 : 0;
        const next = status === "closed" ? "resolved" : status;
        if (row.status === next && row.closed === closed) return one(row);
        return one(settle(desk, { ...row, closed }, agentAuthor(agent), next));
      }),
    async remove(ticketId) {
      const ids = database.write(() => {
        const row = stands(ticketId);
        const its = files.onlyOf(row.id);
        tickets.remove(row);
        if (row.conversationId !== null) desk.conversations.tell(row.conversationId);
        files.forget(its);
        return its;
      });
      await files.erase(ids);
    },
  };
}

function labelled(
  fields: readonly Field[],
  answers: Readonly<Record<string, FieldValue>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(answers).map(([key, value]) => {
      const field = fields.find((one) => one.key === key);
      return [field?.label ?? key, shownValue(field, value)];
    }),
  );
}

function shownValue(field: Field | undefined, value: FieldValue): string {
  if (typeof value === "boolean") return value ? "Yes" : "No";
  const values = typeof value === "object" ? value : [String(value)];
  return values.map((each) => field?.options?.find((option) => option.value === each)?.label ?? each).join(", ");
}
