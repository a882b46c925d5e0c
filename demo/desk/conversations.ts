import { randomUUID } from "node:crypto";
import type { Author, Conversation } from "../../src/core/contract/adapter.ts";
import type { Database } from "./database.ts";
import type { Events } from "./events.ts";
import type { Waits } from "./waits.ts";

export interface ConversationRow {
  readonly id: string;
  /** The order of the queue; the smallest is next. */
  readonly place: number;
  readonly memberId: string;
  readonly status: Conversation["status"];
  readonly agentId: string | null;
  readonly agentName: string | null;
  readonly agentPicture: string | null;
  /** As the member entered it, or as the desk knows it. */
  readonly name: string;
  readonly email: string;
  readonly memberNumber: string | null;
  /** The page on which the member asked. */
  readonly page: string | null;
  readonly locale: string;
  readonly createdAt: string;
  /** When they joined or rejoined the queue. */
  readonly queuedAt: string;
  readonly endedAt: string | null;
  /** The ticket that it is about. */
  readonly ticketId: string | null;
  readonly ticketRequested: number;
  /** Receipts, as positions in the order of all messages. */
  readonly memberRead: number;
  readonly agentDelivered: number;
  readonly agentRead: number;
}

export interface NewConversation {
  readonly memberId: string;
  readonly clientId: string;
  readonly name: string;
  readonly email: string;
  readonly memberNumber: string | undefined;
  readonly page: string | undefined;
  readonly locale: string;
  readonly ticketId: string | undefined;
}

export interface Conversations {
  find(id: string): ConversationRow | undefined;
  /** The conversation that the member's request with this id created or continued. */
  sent(memberId: string, clientId: string): ConversationRow | undefined;
  /** The member's open conversation, if any. */
  current(memberId: string): ConversationRow | undefined;
  /** All of the member's conversations, newest first. */
  ofMember(memberId: string, limit: number): readonly ConversationRow[];
  /** The waiting conversations, in order. */
  queue(): readonly ConversationRow[];
  /** How many wait. */
  waiting(): number;
  /** The active conversations, of this agent or of all. */
  active(agentId?: string): readonly ConversationRow[];
  toConversation(row: ConversationRow): Conversation;
  /**
   * The methods below run inside a transaction. They notify the member, and everyone in the queue whose position or
   * waiting time changes.
   */
  join(conversation: NewConversation): ConversationRow;
  take(row: ConversationRow, agentId: string): ConversationRow;
  handOver(row: ConversationRow, agentId: string): ConversationRow;
  /** Returns the chat to the front of the queue. */
  giveBack(row: ConversationRow): ConversationRow;
  end(row: ConversationRow): void;
  /** Notifies the member of a change, such as a ticket created from the chat. */
  tell(id: string): ConversationRow;
  tellQueue(): void;
  /** Notifies nobody. */
  setTicket(row: ConversationRow, ticketId: string): ConversationRow;
}

const select = `SELECT c.id, c.place, c.member_id AS memberId, c.status, c.agent_id AS agentId, a.name AS agentName,
  a.picture AS agentPicture, c.name, c.email, c.member_number AS memberNumber, c.page, c.locale, c.created_at AS createdAt,
  c.queued_at AS queuedAt, c.ended_at AS endedAt, c.ticket_id AS ticketId, c.ticket_requested AS ticketRequested,
  c.member_read AS memberRead, c.agent_delivered AS agentDelivered, c.agent_read AS agentRead
  FROM conversations c LEFT JOIN agents a ON a.id = c.agent_id`;

export interface ConversationsOptions {
  readonly database: Database;
  readonly events: Events;
  readonly waits: Waits;
  readonly graceMs: number;
  readonly now: () => number;
}

export function createConversations({ database, events, graceMs, now, waits }: ConversationsOptions): Conversations {
  const stamp = () => new Date(now()).toISOString();
  const find = (id: string) => database.one<ConversationRow>(`${select} WHERE c.id = ?`, id);
  const queue = () => database.all<ConversationRow>(`${select} WHERE c.status = 'queued' ORDER BY c.place`);

  function stands(id: string): ConversationRow {
    const row = find(id);
    if (!row) throw new Error(`The conversation ${id} is gone in the middle of a transaction.`);
    return row;
  }

  function show(row: ConversationRow, waiting: Pick<Conversation, "position" | "waitMs" | "graceMs">): Conversation {
    const agent = agentOf(row);
    const ticket = database.one<{ id: string; number: number }>(
      "SELECT id, number FROM tickets WHERE conversation_id = ? ORDER BY number DESC LIMIT 1",
      row.id,
    );
    return {
      id: row.id,
      status: row.status,
      ...waiting,
      ...(agent ? { agent } : {}),
      createdAt: row.createdAt,
      ...(agent && row.ticketRequested === 1 ? { ticketRequestedBy: agent } : {}),
      ...(ticket ? { ticket: { id: ticket.id, number: String(ticket.number) } } : {}),
    };
  }

  function showWaiting(row: ConversationRow, position: number, waitMs: number | undefined): Conversation {
    return show(row, { position, ...(waitMs === undefined ? {} : { waitMs }), graceMs });
  }

  function toConversation(row: ConversationRow): Conversation {
    if (row.status !== "queued") return show(row, {});
    const place = database.one<{ ahead: number }>(
      "SELECT count(*) AS ahead FROM conversations WHERE status = 'queued' AND place < ?",
      row.place,
    );
    const position = (place?.ahead ?? 0) + 1;
    return showWaiting(row, position, waits.estimate()(position));
  }

  function append(row: ConversationRow, payload: Conversation): void {
    events.append({ type: "conversation", memberId: row.memberId, conversationId: row.id, payload });
  }

  function tell(id: string): ConversationRow {
    const row = stands(id);
    append(row, toConversation(row));
    return row;
  }

  function tellQueue(): void {
    const estimate = waits.estimate();
    for (const [index, row] of queue().entries()) {
      const payload = showWaiting(row, index + 1, estimate(index + 1));
      const told = database.one<{ payload: string }>(
        "SELECT payload FROM events WHERE conversation_id = ? AND type = 'conversation' ORDER BY cursor DESC LIMIT 1",
        row.id,
      );
      if (told?.payload !== JSON.stringify(payload)) append(row, payload);
    }
  }

  function tellAll(id: string): ConversationRow {
    const row = tell(id);
    tellQueue();
    return row;
  }

  return {
    find,
    queue,
    waiting: () =>
      database.one<{ count: number }>("SELECT count(*) AS count FROM conversations WHERE status = 'queued'")?.count ??
      0,
    toConversation,
    tell,
    tellQueue,
    sent: (memberId, clientId) =>
      database.one<ConversationRow>(
        `${select} WHERE c.member_id = ?1 AND (c.client_id = ?2 OR c.id = (
           SELECT m.conversation_id FROM messages m WHERE m.author_role = 'member' AND m.author_id = ?1
             AND m.client_id = ?2 AND m.conversation_id IS NOT NULL))`,
        memberId,
        clientId,
      ),
    current: (memberId) =>
      database.one<ConversationRow>(`${select} WHERE c.member_id = ? AND c.status <> 'ended'`, memberId),
    ofMember: (memberId, limit) =>
      database.all<ConversationRow>(
        `${select} WHERE c.member_id = ? ORDER BY c.queue_order DESC LIMIT ?`,
        memberId,
        limit,
      ),
    active: (agentId) =>
      database.all<ConversationRow>(
        `${select} WHERE c.status = 'active' AND (?1 IS NULL OR c.agent_id = ?1) ORDER BY c.place`,
        agentId ?? null,
      ),
    join(conversation) {
      const id = randomUUID();
      database.run(
        `INSERT INTO conversations (id, member_id, client_id, status, name, email, member_number, page, locale,
           ticket_id, created_at, queued_at) VALUES (?1, ?2, ?3, 'queued', ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)`,
        id,
        conversation.memberId,
        conversation.clientId,
        conversation.name,
        conversation.email,
        conversation.memberNumber ?? null,
        conversation.page ?? null,
        conversation.locale,
        conversation.ticketId ?? null,
        stamp(),
      );
      database.run("UPDATE conversations SET place = queue_order WHERE id = ?", id);
      return tell(id);
    },
    take({ id }, agentId) {
      database.run(
        "UPDATE conversations SET status = 'active', agent_id = ?, taken_at = ? WHERE id = ?",
        agentId,
        stamp(),
        id,
      );
      return tellAll(id);
    },
    handOver({ id }, agentId) {
      database.run("UPDATE conversations SET agent_id = ? WHERE id = ?", agentId, id);
      return tellAll(id);
    },
    giveBack({ id }) {
      database.run(
        `UPDATE conversations SET status = 'queued', agent_id = NULL, taken_at = NULL, queued_at = ?,
           place = (SELECT min(place) FROM conversations WHERE status = 'queued' OR id = ?2) - 1 WHERE id = ?2`,
        stamp(),
        id,
      );
      return tellAll(id);
    },
    end({ id, status }) {
      if (status === "ended") return;
      database.run("UPDATE conversations SET status = 'ended', ended_at = ? WHERE id = ?", stamp(), id);
      tellAll(id);
    },
    setTicket(row, ticketId) {
      database.run("UPDATE conversations SET ticket_id = ? WHERE id = ?", ticketId, row.id);
      return { ...row, ticketId };
    },
  };
}

export function placeOf(row: ConversationRow): { readonly conversationId: string; readonly memberId: string } {
  return { conversationId: row.id, memberId: row.memberId };
}

function agentOf({ agentId, agentName, agentPicture }: ConversationRow): Author | undefined {
  if (agentId === null) return undefined;
  return {
    id: agentId,
    ...(agentName === null ? {} : { name: agentName }),
    role: "agent",
    ...(agentPicture === null ? {} : { picture: agentPicture }),
  };
}
