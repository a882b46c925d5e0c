import type { Conversation, Member, Message } from "../../src/core/adapter.ts";
import { AdapterError } from "../../src/core/errors.ts";
import type { AgentDraft } from "./agent-tickets.ts";
import { agentAuthor, type Agent } from "./agents.ts";
import { placeOf, type ConversationRow } from "./conversations.ts";
import { toMember } from "./members.ts";
import type { Desk } from "./parts.ts";
import { checkTexts } from "./text.ts";

/** A conversation as an agent sees it. */
export interface AgentConversation extends Conversation {
  readonly member: Member;
  /** What the member gave as their number at the site. */
  readonly memberNumber?: string;
  readonly locale: string;
  readonly question: string;
  /** The member's ticket that it is about. */
  readonly ticket?: { readonly id: string; readonly number: string; readonly title: string };
  /** Messages of the member's that no agent has read. */
  readonly unread: number;
  readonly ticketRequested: boolean;
}

export interface AgentTranscript {
  readonly conversation: AgentConversation;
  readonly messages: readonly Message[];
}

/** Who wants to write in a conversation takes it first; from then on it is theirs alone. */
export interface AgentChat {
  list(agent: Agent): { readonly queue: readonly AgentConversation[]; readonly mine: readonly AgentConversation[] };
  transcript(conversationId: string): AgentTranscript;
  take(agent: Agent, conversationId: string): AgentConversation;
  say(agent: Agent, conversationId: string, draft: AgentDraft): Message;
  setTyping(agent: Agent, conversationId: string, typing: boolean): void;
  markRead(agent: Agent, conversationId: string, messageId: string): void;
  requestTicket(agent: Agent, conversationId: string): void;
  /** Ends the agent's own, or one that still waits. */
  end(agent: Agent, conversationId: string): void;
}

export function createAgentChat(desk: Desk): AgentChat {
  const { conversations, database, events, members, messages, tickets } = desk;

  function stands(conversationId: string): ConversationRow {
    const row = conversations.find(conversationId);
    if (!row) throw new AdapterError("not-found", "There is no such conversation.");
    return row;
  }

  function own(agent: Agent, conversationId: string): ConversationRow {
    const row = stands(conversationId);
    if (row.agentId !== agent.id) throw new AdapterError("forbidden", "Take the conversation from the queue first.");
    return row;
  }

  function toAgentConversation(row: ConversationRow): AgentConversation {
    const member = members.find(row.memberId);
    const ticket = row.ticketId === null ? undefined : tickets.find(row.ticketId);
    const first = database.one<{ text: string }>(
      "SELECT text FROM messages WHERE conversation_id = ? ORDER BY seq LIMIT 1",
      row.id,
    );
    const unread = database.one<{ count: number }>(
      "SELECT count(*) AS count FROM messages WHERE conversation_id = ? AND author_role = 'member' AND seq > ?",
      row.id,
      row.agentRead,
    );
    return {
      ...conversations.toConversation(row),
      member: { ...(member ? toMember(member) : { id: row.memberId }), name: row.name, email: row.email },
      ...(row.memberNumber === null ? {} : { memberNumber: row.memberNumber }),
      locale: row.locale,
      question: first?.text ?? "",
      ...(ticket ? { ticket: { id: ticket.id, number: String(ticket.number), title: ticket.title } } : {}),
      unread: unread?.count ?? 0,
      ticketRequested: row.ticketRequested === 1,
    };
  }

  return {
    list: (agent) => ({
      queue: conversations.queue().map(toAgentConversation),
      mine: conversations.ofAgent(agent.id).map(toAgentConversation),
    }),
    transcript(conversationId) {
      const row = stands(conversationId);
      return { conversation: toAgentConversation(row), messages: messages.all(placeOf(row)) };
    },
    take: (agent, conversationId) =>
      database.write(() => {
        const row = stands(conversationId);
        if (row.status === "queued") return toAgentConversation(conversations.take(row, agent.id));
        if (row.agentId === agent.id) return toAgentConversation(row);
        throw new AdapterError("forbidden", "Another agent took this conversation, or it has ended.");
      }),
    say: (agent, conversationId, draft) =>
      database.write(() => {
        const row = own(agent, conversationId);
        const author = agentAuthor(agent);
        const sent = messages.sent(placeOf(row), author, draft.clientId);
        if (sent) return sent;
        if (row.status === "ended") throw new AdapterError("invalid", "The conversation has ended.");
        checkTexts({ text: draft.text });
        return messages.add(placeOf(row), { author, clientId: draft.clientId, text: draft.text });
      }),
    setTyping(agent, conversationId, typing) {
      const row = own(agent, conversationId);
      if (row.status === "ended") return;
      const event = { type: "typing", author: agentAuthor(agent), typing } as const;
      events.announce({ type: "passing", conversationId: row.id, from: "agent", event });
    },
    markRead: (agent, conversationId, messageId) =>
      database.write(() => {
        const row = own(agent, conversationId);
        const seq = messages.order(placeOf(row), messageId);
        if (seq === undefined) throw new AdapterError("not-found", "The conversation has no such message.");
        if (seq <= row.agentRead) return;
        database.run("UPDATE conversations SET agent_read = ? WHERE id = ?", seq, row.id);
        events.append({ type: "read", messageId, ...placeOf(row) });
      }),
    requestTicket: (agent, conversationId) =>
      database.write(() => {
        const row = own(agent, conversationId);
        if (row.status === "ended") throw new AdapterError("invalid", "The conversation has ended.");
        database.run("UPDATE conversations SET ticket_requested = 1 WHERE id = ?", row.id);
        events.append({ type: "ticket-requested", payload: agentAuthor(agent), ...placeOf(row) });
      }),
    end: (agent, conversationId) =>
      database.write(() => {
        const row = stands(conversationId);
        conversations.end(row.status === "queued" ? row : own(agent, conversationId));
      }),
  };
}
