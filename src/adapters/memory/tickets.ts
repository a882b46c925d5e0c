import type {
  Attachment,
  Author,
  Field,
  Message,
  TicketDraft,
  TicketStatus,
  TicketsApi,
} from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { escapeText } from "../../adapter/markup/escapes.ts";
import { markupOfMessage } from "../../adapter/markup/text-to-markup.ts";
import { invalid } from "../../adapter/drafts.ts";
import { checkFields } from "../../adapter/fields.ts";
import { pageBefore } from "../../adapter/pages.ts";
import { textLimit, titleLimit } from "../../core/contract/limits.ts";
import { previewOf } from "../../core/contract/message-preview.ts";
import type { ConversationEntry, Desk, TicketEntry } from "./desk.ts";
import { authorOf, checkRating, now, owned, requireText } from "./desk.ts";
import { makeTicket } from "./chat.ts";
import { found } from "./ticket-list.ts";
import { linkFiles } from "./uploads.ts";

const pageSize = 50;

export function createTickets(desk: Desk, fields: readonly Field[], maxFiles: number): Required<TicketsApi> {
  return {
    limits: { title: titleLimit, text: textLimit },
    async create(draft, ctx) {
      const member = desk.asker(ctx);
      return desk.once(["ticket", member.id, draft.clientId], () => {
        requireText({ title: draft.title, text: draft.text });
        requireLengths(draft);
        const answers = checkFields(fields, draft.fields);
        const source =
          draft.conversationId === undefined ? undefined : owned(desk.conversations, draft.conversationId, member);
        const attachments = linkFiles(desk, member, draft.attachments, maxFiles);
        const id = String(desk.next());
        const at = now();
        const entry: TicketEntry = {
          ticket: {
            id,
            number: desk.nextNumber(),
            title: draft.title,
            status: "open",
            createdAt: at,
            updatedAt: at,
          },
          changed: desk.next(),
          memberId: member.id,
          messages: [],
          fields: answers,
          ...(draft.context ? { context: draft.context } : {}),
          ...(source ? { conversationId: source.conversation.id } : {}),
        };
        desk.tickets.set(id, entry);
        const author = authorOf(member);
        addMessage(desk, entry, { clientId: draft.clientId, author, text: draft.text, attachments });
        if (source) {
          const copied = filesOf(source.messages);
          addMessage(desk, entry, {
            author: { id: "desk", role: "system" },
            text: transcript(source),
            attachments: copied,
          });
        }
        settle(desk, entry, author, "open");
        if (source) makeTicket(desk, source, { id, number: entry.ticket.number });
        return entry;
      }).ticket;
    },

    async list(query, ctx) {
      return found(desk, desk.asker(ctx), query);
    },

    async counts(ctx) {
      const { id } = desk.asker(ctx);
      const statuses = [...desk.tickets.values()].flatMap((one) => (one.memberId === id ? [one.ticket.status] : []));
      const count = (status: TicketStatus) => statuses.filter((each) => each === status).length;
      return { open: count("open"), awaiting: count("awaiting"), all: statuses.length };
    },

    async get(ticketId, ctx) {
      return owned(desk.tickets, ticketId, desk.asker(ctx)).ticket;
    },

    async thread(ticketId, before, ctx) {
      const { messages } = owned(desk.tickets, ticketId, desk.asker(ctx));
      const shown = messages.filter((entry) => !entry.internal).map((entry) => entry.message);
      return pageBefore(shown, before, pageSize);
    },

    async reply(ticketId, draft, ctx) {
      const member = desk.asker(ctx);
      const entry = owned(desk.tickets, ticketId, member);
      return desk.once(["reply", member.id, ticketId, draft.clientId], () => {
        if (entry.ticket.can?.reply === false) throw closed();
        if (!draft.attachments?.length) requireText({ text: draft.text });
        const attachments = linkFiles(desk, member, draft.attachments, maxFiles);
        const author = authorOf(member);
        const message = addMessage(desk, entry, { clientId: draft.clientId, author, text: draft.text, attachments });
        settle(desk, entry, author, "open");
        return message;
      });
    },

    async setStatus(ticketId, status, ctx) {
      const member = desk.asker(ctx);
      const entry = owned(desk.tickets, ticketId, member);
      if (entry.ticket.can?.[status === "open" ? "reopen" : "resolve"] === false) throw closed();
      setStatus(desk, entry, authorOf(member), status);
      return entry.ticket;
    },

    async rate(ticketId, rating, ctx) {
      const entry = owned(desk.tickets, ticketId, desk.asker(ctx));
      if (entry.ticket.status !== "resolved") {
        throw new AdapterError("invalid", "a ticket is rated once it is resolved", {
          fields: { status: "must be resolved" },
        });
      }
      checkRating(rating);
      entry.ticket = { ...entry.ticket, rating };
      desk.ticketLog(entry.memberId).append({ type: "ticket", ticket: entry.ticket });
      return entry.ticket;
    },

    async fields(ctx) {
      desk.asker(ctx);
      return fields;
    },

    async *events(cursor, ctx) {
      const log = desk.ticketLog(desk.asker(ctx).id);
      yield* log.read(cursor ?? log.end(), AbortSignal.any([ctx.signal, desk.closed]));
    },
  };
}

/** Call `settle` after it, except for an internal note. */
export function addMessage(
  desk: Desk,
  entry: TicketEntry,
  said: Omit<Message, "id" | "at">,
  internal = false,
): Message {
  const message: Message = { id: String(desk.next()), at: now(), ...said };
  entry.messages.push({ message, internal });
  const lastMessage = internal ? undefined : previewOf(message);
  if (lastMessage) entry.ticket = { ...entry.ticket, lastMessage };
  if (!internal) desk.ticketLog(entry.memberId).append({ type: "message", ticketId: entry.ticket.id, message });
  return message;
}

/** After an author's message or action: a line for a new status, then the ticket as it is now. */
export function settle(desk: Desk, entry: TicketEntry, author: Author, status: TicketStatus): void {
  if (entry.ticket.status !== status) addMessage(desk, entry, { author, text: "", change: { status } });
  entry.ticket = { ...entry.ticket, status, updatedAt: now(), updatedBy: author.role };
  entry.changed = desk.next();
  desk.ticketLog(entry.memberId).append({ type: "ticket", ticket: entry.ticket });
}

export function setStatus(desk: Desk, entry: TicketEntry, author: Author, status: TicketStatus): void {
  if (entry.ticket.status !== status) settle(desk, entry, author, status);
}

/** Deletes the ticket, its files and its events; open streams are told. */
export function remove(desk: Desk, { ticket, memberId, messages }: TicketEntry): void {
  desk.tickets.delete(ticket.id);
  const said = new Set([...desk.conversations.values()].flatMap((each) => filesOf(each.messages).map(({ id }) => id)));
  for (const { id } of filesOf(messages.map((each) => each.message))) if (!said.has(id)) desk.files.delete(id);
  const log = desk.ticketLog(memberId);
  log.forget((event) => (event.type === "ticket" ? event.ticket.id : event.ticketId) === ticket.id);
  log.append({ type: "removed", ticketId: ticket.id });
}

function requireLengths({ title, text }: TicketDraft): void {
  if (title.length > titleLimit) throw invalid({ title: `must not have more than ${titleLimit} characters` });
  if (text.length > textLimit) throw invalid({ text: `must not have more than ${textLimit} characters` });
}

function closed(): AdapterError {
  return new AdapterError("forbidden", "the ticket is closed: create a new one");
}

function filesOf(messages: readonly Message[]): readonly Attachment[] {
  return messages.flatMap(({ attachments = [] }) => attachments);
}

function transcript({ messages }: ConversationEntry): string {
  return messages
    .map((message) => {
      const { author, at } = message;
      return `**${escapeText(author.name ?? author.id, { mixed: true })}** (${at})\n\n${markupOfMessage(message)}`;
    })
    .join("\n\n");
}
