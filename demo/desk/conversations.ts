import { randomUUID } from "node:crypto";
import type { Author, Conversation } from "../../src/core/adapter.ts";
import type { Database } from "./database.ts";
import type { Events } from "./events.ts";
import { median } from "./median.ts";

export interface ConversationRow {
  readonly id: string;
  readonly order: number;
  readonly memberId: string;
  readonly status: Conversation["status"];
  readonly agentId: string | null;
  readonly agentName: string | null;
  /** As the member gave it, or as the desk knows it. */
  readonly name: string;
  readonly email: string;
  readonly memberNumber: string | null;
  readonly locale: string;
  readonly createdAt: string;
  readonly endedAt: string | null;
  /** What it is about. */
  readonly ticketId: string | null;
  readonly ticketRequested: number;
  readonly memberRead: number;
  readonly agentRead: number;
}

export interface NewConversation {
  readonly memberId: string;
  readonly clientId: string;
  readonly name: string;
  readonly email: string;
  readonly memberNumber: string | undefined;
  readonly locale: string;
  readonly ticketId: string | undefined;
}

export interface Conversations {
  find(id: string): ConversationRow | undefined;
  /** What the member's request with this id made, or went on with. */
  sent(memberId: string, clientId: string): ConversationRow | undefined;
  /** The member's one conversation that is not ended. */
  current(memberId: string): ConversationRow | undefined;
  /** Those who wait, the next first. */
  queue(): readonly ConversationRow[];
  ofAgent(agentId: string): readonly ConversationRow[];
  toConversation(row: ConversationRow): Conversation;
  /** All below but the last: inside a transaction. They tell the member, and those behind them in the queue. */
  join(conversation: NewConversation): ConversationRow;
  take(row: ConversationRow, agentId: string): ConversationRow;
  setTicket(row: ConversationRow, ticketId: string): ConversationRow;
  end(row: ConversationRow): void;
  /** The median of how long those that were taken last had waited; undefined before the first. */
  waitMs(): number | undefined;
}

const select = `SELECT c.id, c.queue_order AS "order", c.member_id AS memberId, c.status, c.agent_id AS agentId,
  a.name AS agentName, c.name, c.email, c.member_number AS memberNumber, c.locale, c.created_at AS createdAt,
  c.ended_at AS endedAt, c.ticket_id AS ticketId, c.ticket_requested AS ticketRequested, c.member_read AS memberRead, c.agent_read AS agentRead
  FROM conversations c LEFT JOIN agents a ON a.id = c.agent_id`;
const measured = 20;

export function createConversations(database: Database, events: Events, now: () => number): Conversations {
  const stamp = () => new Date(now()).toISOString();
  const find = (id: string) => database.one<ConversationRow>(`${select} WHERE c.id = ?`, id);
  const queue = () => database.all<ConversationRow>(`${select} WHERE c.status = 'queued' ORDER BY c.queue_order`);

  function stands(id: string): ConversationRow {
    const row = find(id);
    if (!row) throw new Error(`The conversation ${id} is gone in the middle of a transaction.`);
    return row;
  }

  function toConversation(row: ConversationRow): Conversation {
    const ahead =
      row.status === "queued"
        ? database.one<{ ahead: number }>(
            "SELECT count(*) AS ahead FROM conversations WHERE status = 'queued' AND queue_order < ?",
            row.order,
          )?.ahead
        : undefined;
    const agent: Author | undefined =
      row.agentId === null
        ? undefined
        : { id: row.agentId, ...(row.agentName === null ? {} : { name: row.agentName }), role: "agent" };
    return {
      id: row.id,
      status: row.status,
      ...(ahead === undefined ? {} : { position: ahead + 1 }),
      ...(agent ? { agent } : {}),
      createdAt: row.createdAt,
    };
  }

  function tell(id: string): ConversationRow {
    const row = stands(id);
    events.append({
      type: "conversation",
      memberId: row.memberId,
      conversationId: id,
      payload: toConversation(row),
    });
    return row;
  }

  function tellThoseBehind(left: ConversationRow): void {
    if (left.status !== "queued") return;
    for (const row of queue()) if (row.order > left.order) tell(row.id);
  }

  return {
    find,
    queue,
    toConversation,
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
    ofAgent: (agentId) =>
      database.all<ConversationRow>(
        `${select} WHERE c.agent_id = ? AND c.status = 'active' ORDER BY c.queue_order`,
        agentId,
      ),
    join(conversation) {
      const id = randomUUID();
      database.run(
        `INSERT INTO conversations (id, member_id, client_id, status, name, email, member_number, locale, ticket_id,
           created_at) VALUES (?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?)`,
        id,
        conversation.memberId,
        conversation.clientId,
        conversation.name,
        conversation.email,
        conversation.memberNumber ?? null,
        conversation.locale,
        conversation.ticketId ?? null,
        stamp(),
      );
      return tell(id);
    },
    take(row, agentId) {
      database.run(
        "UPDATE conversations SET status = 'active', agent_id = ?, taken_at = ? WHERE id = ?",
        agentId,
        stamp(),
        row.id,
      );
      const taken = tell(row.id);
      tellThoseBehind(row);
      return taken;
    },
    setTicket(row, ticketId) {
      database.run("UPDATE conversations SET ticket_id = ? WHERE id = ?", ticketId, row.id);
      return { ...row, ticketId };
    },
    end(row) {
      if (row.status === "ended") return;
      database.run("UPDATE conversations SET status = 'ended', ended_at = ? WHERE id = ?", stamp(), row.id);
      tell(row.id);
      tellThoseBehind(row);
    },
    waitMs() {
      return median(
        database
          .all<{ createdAt: string; takenAt: string }>(
            `SELECT created_at AS createdAt, taken_at AS takenAt FROM conversations WHERE taken_at IS NOT NULL
           ORDER BY taken_at DESC LIMIT ${measured}`,
          )
          .map(({ createdAt, takenAt }) => Math.max(0, Date.parse(takenAt) - Date.parse(createdAt))),
      );
    },
  };
}

export function placeOf(row: ConversationRow): { readonly conversationId: string; readonly memberId: string } {
  return { conversationId: row.id, memberId: row.memberId };
}
