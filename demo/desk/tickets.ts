import { randomUUID } from "node:crypto";
import type { Ticket, TicketStatus } from "../../src/core/adapter.ts";
import type { Database } from "./database.ts";
import type { Events } from "./events.ts";

/** The record as it stands, which holds more than a member sees. */
export interface TicketRow {
  readonly id: string;
  readonly number: number;
  readonly memberId: string;
  readonly title: string;
  readonly status: TicketStatus;
  readonly locale: string;
  /** JSON of the draft's fields. */
  readonly fields: string;
  readonly conversationId: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** The cursor of its last event: what lists are sorted by. */
  readonly changed: number;
}

export interface NewTicket {
  readonly memberId: string;
  readonly clientId: string;
  readonly title: string;
  readonly locale: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly conversationId: string | undefined;
}

export interface TicketFilter {
  readonly memberId?: string | undefined;
  readonly status?: TicketStatus | undefined;
  readonly search?: string | undefined;
  /** Only those that changed before. */
  readonly before?: number | undefined;
  readonly limit: number;
}

export interface Tickets {
  find(id: string): TicketRow | undefined;
  sent(memberId: string, clientId: string): TicketRow | undefined;
  /** The last changed first. A search reads titles, numbers and what members can read of the thread. */
  query(filter: TicketFilter): readonly TicketRow[];
  /** Inside a transaction; without an event. */
  insert(ticket: NewTicket): TicketRow;
  /** Inside a transaction: tells of the change and moves the ticket to the top. */
  touch(row: TicketRow, status: TicketStatus): TicketRow;
}

const columns = `t.id, t.number, t.member_id AS memberId, t.title, t.status, t.locale, t.fields,
  t.conversation_id AS conversationId, t.created_at AS createdAt, t.updated_at AS updatedAt, t.changed`;

export function createTickets(database: Database, events: Events, now: () => number): Tickets {
  const find = (id: string) => database.one<TicketRow>(`SELECT ${columns} FROM tickets t WHERE t.id = ?`, id);
  const stamp = () => new Date(now()).toISOString();

  return {
    find,
    sent: (memberId, clientId) =>
      database.one<TicketRow>(
        `SELECT ${columns} FROM tickets t WHERE t.member_id = ? AND t.client_id = ?`,
        memberId,
        clientId,
      ),
    query: ({ memberId, status, search, before, limit }) =>
      database.all<TicketRow>(
        `SELECT ${columns} FROM tickets t
         WHERE (?1 IS NULL OR t.member_id = ?1) AND (?2 IS NULL OR t.status = ?2) AND (?3 IS NULL OR t.changed < ?3)
           AND (?4 = '' OR instr(fold(t.title), fold(?4)) > 0 OR ltrim(?4, '#') = CAST(t.number AS TEXT) OR EXISTS (
             SELECT 1 FROM messages m WHERE m.ticket_id = t.id AND m.internal = 0
               AND instr(fold(m.text), fold(?4)) > 0))
         ORDER BY t.changed DESC LIMIT ?5`,
        memberId ?? null,
        status ?? null,
        before ?? null,
        search?.trim() ?? "",
        limit,
      ),
    insert(ticket) {
      const id = randomUUID();
      database.run(
        `INSERT INTO tickets (id, member_id, client_id, title, status, locale, fields, conversation_id, created_at,
           updated_at) VALUES (?1, ?2, ?3, ?4, 'open', ?5, ?6, ?7, ?8, ?8)`,
        id,
        ticket.memberId,
        ticket.clientId,
        ticket.title,
        ticket.locale,
        JSON.stringify(ticket.fields),
        ticket.conversationId ?? null,
        stamp(),
      );
      const row = find(id);
      if (!row) throw new Error("The ticket that was just made is not there.");
      return row;
    },
    touch(row, status) {
      const updatedAt = stamp();
      const ticket = toTicket({ ...row, status, updatedAt });
      const changed = events.append({ type: "ticket", memberId: row.memberId, ticketId: row.id, payload: ticket });
      database.run(
        "UPDATE tickets SET status = ?, updated_at = ?, changed = ? WHERE id = ?",
        status,
        updatedAt,
        changed,
        row.id,
      );
      return { ...row, status, updatedAt, changed };
    },
  };
}

export function toTicket(row: TicketRow): Ticket {
  return {
    id: row.id,
    number: String(row.number),
    title: row.title,
    status: row.status,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
