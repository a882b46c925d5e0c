import type { Conversation, Member, Message, Ticket } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import type { AgentDraft } from "./agent-tickets.ts";
import { agentAuthor, type Agent } from "./agents.ts";
import { placeOf, type ConversationRow } from "./conversations.ts";
import { toMember } from "./members.ts";
import { deskAuthor } from "./messages.ts";
import type { Desk } from "./parts.ts";
import { checkDraft } from "./text.ts";
import { textsFor } from "./texts.ts";

/** A conversation as agents see it. */
export interface AgentConversation extends Conversation {
  readonly member: Member;
  /** The member's number at the site, as entered by the member. */
  readonly memberNumber?: string;
  /** The page on which the member asked. */
  readonly page?: string;
  readonly locale: string;
  readonly question: string;
  /** When the member joined or rejoined the queue. */
  readonly waitingSince: string;
  /** The member's ticket that the chat is about. */
  readonly about?: { readonly id: string; readonly number: string; readonly title: string };
  /** The number of the member's messages that no agent has read. */
  readonly unread: number;
  /** The newest of the member's messages that no agent's screen has confirmed. */
  readonly undelivered?: string;
  readonly ticketRequested: boolean;
}

/** An earlier chat of the same member. */
export interface EarlierChat {
  readonly id: string;
  readonly question: string;
  readonly createdAt: string;
}

export interface AgentTranscript {
  readonly conversation: AgentConversation;
  readonly messages: readonly Message[];
  /** The newest message that the member has read. */
  readonly memberRead?: string;
  /** The member's tickets, last changed first. */
  readonly tickets: readonly Ticket[];
  /** The member's other chats, newest first. */
  readonly others: readonly EarlierChat[];
}

/** An agent must take a conversation before writing in it; from then on no other agent can. */
export interface AgentChat {
  list(agent: Agent): { readonly queue: readonly AgentConversation[]; readonly mine: readonly AgentConversation[] };
  transcript(conversationId: string): AgentTranscript;
  /** The first agent gets it; later ones are refused with `forbidden`. */
  take(agent: Agent, conversationId: string): AgentConversation;
  /** The agents to whom this agent may transfer a chat. */
  colleagues(agent: Agent): readonly Agent[];
  /** Transfers the agent's own chat to an available colleague, or to the front of the queue. */
  transfer(agent: Agent, conversationId: string, toAgentId: string | undefined): void;
  say(agent: Agent, conversationId: string, draft: AgentDraft): Message;
  setTyping(agent: Agent, conversationId: string, typing: boolean): void;
  /** The agent's screen has shown the messages up to this one. */
  markDelivered(agent: Agent, conversationId: string, messageId: string): void;
  markRead(agent: Agent, conversationId: string, messageId: string): void;
  requestTicket(agent: Agent, conversationId: string): void;
  /** Ends the agent's own chat, or a waiting one. */
  end(agent: Agent, conversationId: string): void;
}

const shownAtMost = 10;

export function createAgentChat(desk: Desk): AgentChat {
  const { absences, conversations, database, events, members, messages, staff, tickets } = desk;

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

  function questionOf(conversationId: string): string {
    const first = database.one<{ text: string }>(
      "SELECT text FROM messages WHERE conversation_id = ? ORDER BY seq LIMIT 1",
      conversationId,
    );
    return first?.text ?? "";
  }

  /** Receipts only move forwards, and none is repeated. "Read" includes "delivered". */
  function mark(agent: Agent, conversationId: string, messageId: string, type: "delivered" | "read"): void {
    const row = own(agent, conversationId);
    const seq = messages.order(placeOf(row), messageId);
    if (seq === undefined) throw new AdapterError("not-found", "The conversation has no such message.");
    if (seq <= (type === "read" ? row.agentRead : row.agentDelivered)) return;
    const [delivered, read] = [Math.max(row.agentDelivered, seq), type === "read" ? seq : row.agentRead];
    database.run("UPDATE conversations SET agent_delivered = ?, agent_read = ? WHERE id = ?", delivered, read, row.id);
    events.append({ type, messageId, ...placeOf(row) });
  }

  function toAgentConversation(row: ConversationRow): AgentConversation {
    const member = members.find(row.memberId);
    const ticket = row.ticketId === null ? undefined : tickets.find(row.ticketId);
    const undelivered = database.one<{ id: string }>(
      `SELECT id FROM messages WHERE conversation_id = ? AND author_role = 'member' AND seq > ?
       ORDER BY seq DESC LIMIT 1`,
      row.id,
      row.agentDelivered,
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
      ...(row.page === null ? {} : { page: row.page }),
      locale: row.locale,
      question: questionOf(row.id),
      waitingSince: row.queuedAt,
      ...(ticket ? { about: { id: ticket.id, number: String(ticket.number), title: ticket.title } } : {}),
      unread: unread?.count ?? 0,
      ...(undelivered ? { undelivered: undelivered.id } : {}),
      ticketRequested: row.ticketRequested === 1,
    };
  }

  return {
    list: (agent) => ({
      queue: conversations.queue().map(toAgentConversation),
      mine: conversations.active(agent.id).map(toAgentConversation),
    }),
    transcript(conversationId) {
      const row = stands(conversationId);
      const memberRead = messages.upTo(placeOf(row), row.memberRead);
      const others = conversations.ofMember(row.memberId, shownAtMost + 1).filter(({ id }) => id !== row.id);
      return {
        conversation: toAgentConversation(row),
        messages: messages.all(placeOf(row)),
        ...(memberRead === undefined ? {} : { memberRead }),
        tickets: tickets.show(tickets.query({ memberId: row.memberId, limit: shownAtMost })),
        others: others.slice(0, shownAtMost).map(({ createdAt, id }) => ({ id, createdAt, question: questionOf(id) })),
      };
    },
    take: (agent, conversationId) =>
      database.write(() => {
        const row = stands(conversationId);
        if (row.status === "queued") return toAgentConversation(conversations.take(row, agent.id));
        if (row.agentId === agent.id) return toAgentConversation(row);
        const taken =
          row.status === "active" ? `${row.agentName} took this conversation.` : "The conversation has ended.";
        throw new AdapterError("forbidden", taken);
      }),
    colleagues: (agent) => staff.available().filter(({ id }) => id !== agent.id),
    transfer: (agent, conversationId, toAgentId) =>
      database.write(() => {
        const row = own(agent, conversationId);
        if (row.status !== "active") throw new AdapterError("invalid", "The conversation has ended.");
        if (toAgentId === undefined) return void absences.giveBack(row);
        const colleague = staff.available().find(({ id }) => id === toAgentId && id !== agent.id);
        if (!colleague) throw new AdapterError("invalid", "This colleague is not available for chats.");
        const text = textsFor(row.locale).tookOver(colleague.name, agent.name);
        messages.add(placeOf(row), { author: deskAuthor, text });
        conversations.handOver(row, colleague.id);
      }),
    say: (agent, conversationId, draft) =>
      database.write(() => {
        const row = own(agent, conversationId);
        const author = agentAuthor(agent);
        const sent = messages.sent(placeOf(row), author, draft.clientId);
        if (sent) return sent;
        if (row.status === "ended") throw new AdapterError("invalid", "The conversation has ended.");
        checkDraft(draft);
        return messages.add(placeOf(row), { author, ...draft });
      }),
    setTyping(agent, conversationId, typing) {
      const row = own(agent, conversationId);
      if (row.status === "ended") return;
      const event = { type: "typing", author: agentAuthor(agent), typing } as const;
      events.announce({ type: "passing", conversationId: row.id, from: "agent", event });
    },
    markDelivered: (agent, conversationId, messageId) =>
      database.write(() => mark(agent, conversationId, messageId, "delivered")),
    markRead: (agent, conversationId, messageId) =>
      database.write(() => mark(agent, conversationId, messageId, "read")),
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
