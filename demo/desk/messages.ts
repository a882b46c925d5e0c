import { randomUUID } from "node:crypto";
import type { Author, Message, Page, TicketStatus } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import type { Database } from "./database.ts";
import { parseCursor, type Events } from "./events.ts";
import type { Files } from "./files.ts";

/** The ticket or conversation that a message belongs to, and its member. */
export type Place = { readonly memberId: string } & (
  | { readonly ticketId: string; readonly conversationId?: never }
  | { readonly conversationId: string; readonly ticketId?: never }
);

/** Internal notes are for agents; no member query returns them. */
export type DeskMessage = Message & { readonly internal?: true };

export interface NewMessage {
  readonly author: Author;
  readonly text: string;
  readonly clientId?: string;
  /** Ids of the author's uploads. */
  readonly attachments?: readonly string[] | undefined;
  /** The ticket's new status; the message then has no text. */
  readonly change?: TicketStatus;
  readonly internal?: boolean;
}

export interface Messages {
  /** Inside a transaction. */
  add(place: Place, message: NewMessage): DeskMessage;
  /** The author's earlier message with this id. Rejects with `invalid` if it belongs elsewhere. */
  sent(place: Place, author: Author, clientId: string): DeskMessage | undefined;
  /** The messages visible to the member before the cursor, oldest first; without one: the newest. */
  pageBefore(place: Place, before: string | undefined): Page<Message>;
  /** Includes internal notes. */
  all(place: Place): readonly DeskMessage[];
  find(id: string): DeskMessage | undefined;
  /** The ticket's newest message visible to the member, not counting status changes. */
  newest(ticketId: string): DeskMessage | undefined;
  /** The message's position in the order of all messages, if it belongs to this place. */
  order(place: Place, id: string): number | undefined;
  /** The id of the newest message in this place up to this position. */
  upTo(place: Place, order: number): string | undefined;
}

interface Row {
  readonly seq: number;
  readonly id: string;
  readonly ticketId: string | null;
  readonly conversationId: string | null;
  readonly internal: number;
  readonly authorId: string;
  readonly authorName: string | null;
  readonly authorRole: Author["role"];
  readonly authorPicture: string | null;
  readonly clientId: string | null;
  readonly text: string;
  readonly at: string;
  readonly change: TicketStatus | null;
}

const columns = `seq, id, ticket_id AS ticketId, conversation_id AS conversationId, internal, author_id AS authorId,
  author_name AS authorName, author_role AS authorRole, client_id AS clientId, text, at, change,
  CASE author_role WHEN 'agent' THEN (SELECT picture FROM agents WHERE agents.id = author_id) END AS authorPicture`;
/** The author of the desk's own messages. */
export const deskAuthor: Author = { id: "desk", role: "system" };
const pageSize = 50;
const columnOf = (place: Place) => (place.ticketId === undefined ? "conversation_id" : "ticket_id");
const idOf = (place: Place) => place.ticketId ?? place.conversationId;

export function createMessages(database: Database, events: Events, files: Files, now: () => number): Messages {
  function toMessage(row: Row): DeskMessage {
    const attachments = files.of(row.id);
    return {
      id: row.id,
      ...(row.clientId === null ? {} : { clientId: row.clientId }),
      author: {
        id: row.authorId,
        ...(row.authorName === null ? {} : { name: row.authorName }),
        role: row.authorRole,
        ...(row.authorPicture === null ? {} : { picture: row.authorPicture }),
      },
      text: row.text,
      at: row.at,
      ...(attachments.length > 0 ? { attachments } : {}),
      ...(row.change === null ? {} : { change: { status: row.change } }),
      ...(row.internal ? { internal: true } : {}),
    };
  }

  const find = (id: string) => {
    const row = database.one<Row>(`SELECT ${columns} FROM messages WHERE id = ?`, id);
    return row && toMessage(row);
  };

  return {
    find,
    add(place, message) {
      const id = randomUUID();
      const at = new Date(now()).toISOString();
      const { author } = message;
      database.run(
        `INSERT INTO messages (id, ticket_id, conversation_id, internal, author_id, author_name, author_role, client_id,
           text, at, change) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        id,
        place.ticketId ?? null,
        place.conversationId ?? null,
        message.internal ? 1 : 0,
        author.id,
        author.name ?? null,
        author.role,
        message.clientId ?? null,
        message.text,
        at,
        message.change ?? null,
      );
      const owner = author.role === "agent" ? { agentId: author.id } : { memberId: place.memberId };
      files.claim(id, message.attachments ?? [], owner);
      events.append({ type: "message", messageId: id, internal: message.internal === true, ...place });
      const added = find(id);
      if (!added) throw new Error("The new message is missing.");
      return added;
    },
    sent(place, author, clientId) {
      const row = database.one<Row>(
        `SELECT ${columns} FROM messages
         WHERE ${columnOf(place)} IS NOT NULL AND author_role = ? AND author_id = ? AND client_id = ?`,
        author.role,
        author.id,
        clientId,
      );
      if (row && (row.ticketId ?? row.conversationId) !== idOf(place)) {
        const message = "This id was used for a message elsewhere: make a new one for each message.";
        throw new AdapterError("invalid", message, { fields: { clientId: message } });
      }
      return row && toMessage(row);
    },
    pageBefore(place, before) {
      const rows = database.all<Row>(
        `SELECT ${columns} FROM messages WHERE ${columnOf(place)} = ? AND internal = 0 AND seq < ?
         ORDER BY seq DESC LIMIT ${pageSize + 1}`,
        idOf(place),
        before === undefined ? Number.MAX_SAFE_INTEGER : parseCursor(before),
      );
      const shown = rows.slice(0, pageSize).toReversed();
      const [first] = shown;
      return {
        items: shown.map(toMessage),
        ...(rows.length > pageSize && first ? { next: String(first.seq) } : {}),
      };
    },
    newest(ticketId) {
      const row = database.one<Row>(
        `SELECT ${columns} FROM messages WHERE ticket_id = ? AND internal = 0 AND change IS NULL
         ORDER BY seq DESC LIMIT 1`,
        ticketId,
      );
      return row && toMessage(row);
    },
    all: (place) =>
      database
        .all<Row>(`SELECT ${columns} FROM messages WHERE ${columnOf(place)} = ? ORDER BY seq`, idOf(place))
        .map(toMessage),
    order: (place, id) =>
      database.one<{ seq: number }>(
        `SELECT seq FROM messages WHERE ${columnOf(place)} = ? AND internal = 0 AND id = ?`,
        idOf(place),
        id,
      )?.seq,
    upTo: (place, order) =>
      database.one<{ id: string }>(
        `SELECT id FROM messages WHERE ${columnOf(place)} = ? AND internal = 0 AND seq <= ?
         ORDER BY seq DESC LIMIT 1`,
        idOf(place),
        order,
      )?.id,
  };
}
