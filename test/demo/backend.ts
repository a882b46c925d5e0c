import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as v from "valibot";
import type { DemoDesk } from "../../demo/desk/desk.ts";
import type { Backend, ConversationRecord, MessageRecord, TicketRecord } from "../../src/testing/subject.ts";

const author = v.picklist(["member", "agent", "system"]);
const ticketStatus = v.picklist(["open", "awaiting", "resolved"]);
const chatStatus = v.picklist(["queued", "active", "ended"]);
const draft = (text: string) => ({ clientId: crypto.randomUUID(), text });

/** Reads the desk's database with its own connection, and acts as the agent Nina. */
export function deskBackend(desk: DemoDesk, directory: string): Backend {
  const file = new DatabaseSync(join(directory, "desk.sqlite"), { readOnly: true });
  const nina = { id: "nina", name: "Nina", languages: ["en"] };

  function messages(column: "ticket_id" | "conversation_id", id: string): readonly MessageRecord[] {
    return file
      .prepare(`SELECT text, author_role, internal, change FROM messages WHERE ${column} = ? ORDER BY seq`)
      .all(id)
      .map((row) => ({
        text: String(row["text"]),
        author: v.parse(author, row["author_role"]),
        internal: row["internal"] === 1,
        ...(row["change"] === null ? {} : { change: v.parse(ticketStatus, row["change"]) }),
      }));
  }

  return {
    async ticket(ticketId): Promise<TicketRecord | undefined> {
      const row = file
        .prepare(
          "SELECT id, title, status, member_id, client_id, fields, context, score, conversation_id FROM tickets WHERE id = ?",
        )
        .get(ticketId);
      if (!row) return undefined;
      const first = file
        .prepare("SELECT text FROM messages WHERE ticket_id = ? AND client_id = ?")
        .get(ticketId, row["client_id"] ?? null);
      const files = file
        .prepare(
          `SELECT a.id, a.name, a.type FROM attachments a JOIN message_attachments l ON l.attachment_id = a.id
           JOIN messages m ON m.id = l.message_id WHERE m.ticket_id = ? ORDER BY m.seq, l.position`,
        )
        .all(ticketId);
      return {
        id: String(row["id"]),
        title: String(row["title"]),
        text: String(first?.["text"]),
        status: v.parse(ticketStatus, row["status"]),
        memberId: String(row["member_id"]),
        fields: JSON.parse(String(row["fields"])),
        ...(row["context"] === null ? {} : { context: JSON.parse(String(row["context"])) }),
        ...(row["score"] === null ? {} : { rating: Number(row["score"]) }),
        ...(row["conversation_id"] === null ? {} : { conversationId: String(row["conversation_id"]) }),
        messages: messages("ticket_id", ticketId),
        attachments: await Promise.all(
          files.map(async (one) => ({
            name: String(one["name"]),
            type: String(one["type"]),
            bytes: new Uint8Array(await readFile(join(directory, "files", String(one["id"])))),
          })),
        ),
      };
    },
    ticketCount: async () => Number(file.prepare("SELECT count(*) AS count FROM tickets").get()?.["count"]),
    listeners: () => desk.agents.listeners(),

    async replyToTicket(ticketId, text) {
      desk.agents.tickets.write(nina, ticketId, draft(text), "reply");
    },
    async askForFeedback(ticketId, text) {
      desk.agents.tickets.write(nina, ticketId, draft(text), "question");
    },
    async addNote(ticketId, text) {
      desk.agents.tickets.write(nina, ticketId, draft(text), "note");
    },
    async resolveTicket(ticketId) {
      desk.agents.tickets.setStatus(nina, ticketId, "resolved");
    },
    async closeTicket(ticketId) {
      desk.agents.tickets.setStatus(nina, ticketId, "closed");
    },
    async removeTicket(ticketId) {
      await desk.agents.tickets.remove(ticketId);
    },

    async conversation(conversationId): Promise<ConversationRecord | undefined> {
      const row = file
        .prepare("SELECT id, status, member_id, score, ticket_id FROM conversations WHERE id = ?")
        .get(conversationId);
      return (
        row && {
          id: String(row["id"]),
          status: v.parse(chatStatus, row["status"]),
          memberId: String(row["member_id"]),
          messages: messages("conversation_id", conversationId),
          ...(row["score"] === null ? {} : { rating: Number(row["score"]) }),
          ...(row["ticket_id"] === null ? {} : { ticketId: String(row["ticket_id"]) }),
        }
      );
    },
    async takeConversation(conversationId) {
      desk.agents.chat.take(nina, conversationId);
    },
    async say(conversationId, text) {
      desk.agents.chat.say(nina, conversationId, draft(text));
    },
    async type(conversationId, typing) {
      desk.agents.chat.setTyping(nina, conversationId, typing);
    },
    async requestTicket(conversationId) {
      desk.agents.chat.requestTicket(nina, conversationId);
    },
    async giveBackConversation(conversationId) {
      desk.agents.chat.transfer(nina, conversationId, undefined);
    },
    async deliver(conversationId, messageId) {
      desk.agents.chat.markDelivered(nina, conversationId, messageId);
    },
    async read(conversationId, messageId) {
      desk.agents.chat.markRead(nina, conversationId, messageId);
    },
    async endConversation(conversationId) {
      desk.agents.chat.end(nina, conversationId);
    },
  };
}
