import { randomUUID } from "node:crypto";
import type {
  Author,
  Rating,
  Ticket,
  TicketContext,
  TicketCounts,
  TicketStatus,
} from "../../src/core/contract/adapter.ts";
import type { AnswerTimes } from "./answer-times.ts";
import { previewOf } from "../../src/core/contract/message-preview.ts";
import type { Database } from "./database.ts";
import type { Events } from "./events.ts";
import type { DeskMessage, Messages } from "./messages.ts";
import { ticketQuery, type TicketFilter } from "./ticket-query.ts";

/** The stored record, which holds more than members see. */
export interface TicketRow {
  readonly id: string;
  readonly number: number;
  readonly memberId: string;
  readonly title: string;
  readonly status: TicketStatus;
  readonly locale: string;
  /** The draft's fields as JSON. */
  readonly fields: string;
  /** The draft's context as JSON. */
  readonly context: string | null;
  readonly conversationId: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly updatedBy: Author["role"];
  /** When an agent first replied to the member. */
  readonly answeredAt: string | null;
  readonly score: Rating["score"] | null;
  readonly comment: string | null;
  /** 1: resolved, and the member can't reopen it. */
  readonly closed: 0 | 1;
  /** The cursor of its last event, by which lists are sorted. */
  readonly changed: number;
}

export interface NewTicket {
  readonly memberId: string;
  readonly clientId: string;
  readonly title: string;
  readonly locale: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly context: TicketContext | undefined;
  readonly conversationId: string | undefined;
}

export interface Tickets {
  find(id: string): TicketRow | undefined;
  sent(memberId: string, clientId: string): TicketRow | undefined;
  query(filter: TicketFilter): readonly TicketRow[];
  counts(memberId: string): TicketCounts;
  /** The tickets as members see them. */
  show(rows: readonly TicketRow[]): readonly Ticket[];
  showOne(row: TicketRow): Ticket;
  /** The methods below run inside a transaction. This one creates no event. */
  insert(ticket: NewTicket): TicketRow;
  /** Records the change as an event and moves the ticket to the top. */
  touch(row: TicketRow, by: Author["role"]): TicketRow;
  rate(row: TicketRow, rating: Rating): TicketRow;
  /** Removes the ticket with its messages and events, and notifies the member. Files remain. */
  remove(row: TicketRow): void;
}

interface TicketParts {
  readonly database: Database;
  readonly events: Events;
  readonly messages: Messages;
  readonly times: AnswerTimes;
  readonly now: () => number;
}

const columns = `t.id, t.number, t.member_id AS memberId, t.title, t.status, t.locale, t.fields, t.context,
  t.conversation_id AS conversationId, t.created_at AS createdAt, t.updated_at AS updatedAt, t.updated_by AS updatedBy,
  t.answered_at AS answeredAt, t.score, t.comment, t.closed, t.changed`;

export function createTickets({ database, events, messages, times, now }: TicketParts): Tickets {
  const find = (id: string) => database.one<TicketRow>(`SELECT ${columns} FROM tickets t WHERE t.id = ?`, id);
  const stamp = () => new Date(now()).toISOString();

  function show(rows: readonly TicketRow[]): readonly Ticket[] {
    const usualMs = rows.some(({ answeredAt }) => answeredAt === null) ? times.usualMs() : undefined;
    return rows.map((row) => toTicket(row, times.expectedAt(row, usualMs), messages.newest(row.id)));
  }
  function showOne(row: TicketRow): Ticket {
    return toTicket(row, times.expectedAt(row, times.usualMs()), messages.newest(row.id));
  }
  const tell = (row: TicketRow) =>
    events.append({ type: "ticket", memberId: row.memberId, ticketId: row.id, payload: showOne(row) });

  return {
    find,
    show,
    showOne,
    sent: (memberId, clientId) =>
      database.one<TicketRow>(
        `SELECT ${columns} FROM tickets t WHERE t.member_id = ? AND t.client_id = ?`,
        memberId,
        clientId,
      ),
    query(filter) {
      const [sql, values] = ticketQuery(columns, filter);
      return database.all<TicketRow>(sql, ...values);
    },
    counts(memberId) {
      const rows = database.all<{ status: TicketStatus; count: number }>(
        "SELECT status, count FROM ticket_counts WHERE member_id = ?",
        memberId,
      );
      const count = (status: TicketStatus) => rows.find((row) => row.status === status)?.count ?? 0;
      return { open: count("open"), awaiting: count("awaiting"), all: rows.reduce((sum, row) => sum + row.count, 0) };
    },
    insert(ticket) {
      const id = randomUUID();
      database.run(
        `INSERT INTO tickets (id, member_id, client_id, title, status, locale, fields, context, conversation_id,
           created_at, updated_at) VALUES (?1, ?2, ?3, ?4, 'open', ?5, ?6, ?7, ?8, ?9, ?9)`,
        id,
        ticket.memberId,
        ticket.clientId,
        ticket.title,
        ticket.locale,
        JSON.stringify(ticket.fields),
        ticket.context === undefined ? null : JSON.stringify(ticket.context),
        ticket.conversationId ?? null,
        stamp(),
      );
      const row = find(id);
      if (!row) throw new Error("The new ticket is missing.");
      return row;
    },
    touch(row, updatedBy) {
      const touched = { ...row, updatedBy, updatedAt: stamp() };
      const changed = tell(touched);
      database.run(
        "UPDATE tickets SET status = ?, closed = ?, updated_at = ?, updated_by = ?, answered_at = ?, changed = ? WHERE id = ?",
        touched.status,
        touched.closed,
        touched.updatedAt,
        updatedBy,
        touched.answeredAt,
        changed,
        row.id,
      );
      return { ...touched, changed };
    },
    rate(row, { score, comment = null }) {
      database.run("UPDATE tickets SET score = ?, comment = ? WHERE id = ?", score, comment, row.id);
      const rated = { ...row, score, comment };
      tell(rated);
      return rated;
    },
    remove({ id, memberId }) {
      database.run("DELETE FROM events WHERE ticket_id = ?", id);
      database.run(
        "DELETE FROM message_attachments WHERE message_id IN (SELECT id FROM messages WHERE ticket_id = ?)",
        id,
      );
      database.run("DELETE FROM messages WHERE ticket_id = ?", id);
      database.run("UPDATE conversations SET ticket_id = NULL WHERE ticket_id = ?", id);
      database.run("DELETE FROM tickets WHERE id = ?", id);
      events.append({ type: "removed", memberId, ticketId: id });
    },
  };
}

function toTicket(row: TicketRow, expectedAt: string | undefined, newest: DeskMessage | undefined): Ticket {
  const { comment, score } = row;
  const lastMessage = newest && previewOf(newest);
  return {
    id: row.id,
    number: String(row.number),
    title: row.title,
    status: row.status,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    updatedBy: row.updatedBy,
    ...(expectedAt === undefined ? {} : { expectedAt }),
    ...(lastMessage === undefined ? {} : { lastMessage }),
    ...(row.closed ? { can: { reply: false, resolve: false, reopen: false } } : {}),
    ...(score === null ? {} : { rating: { score, ...(comment === null ? {} : { comment }) } }),
  };
}
