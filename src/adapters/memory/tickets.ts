import type { Field, Member, Message, TicketQuery, TicketStatus, TicketsApi } from "../../core/adapter.ts";
import type { ConversationEntry, Desk, TicketEntry } from "./desk.ts";
import { now, owned, requireText } from "./desk.ts";
import { linkFiles } from "./uploads.ts";

const FIRST_NUMBER = 1000;

export function createTickets(desk: Desk, fields: readonly Field[], maxFiles: number): Required<TicketsApi> {
  return {
    async create(draft, ctx) {
      const member = desk.asker(ctx);
      return desk.once(["ticket", member.id, draft.clientId], () => {
        requireText({ title: draft.title, text: draft.text });
        const source =
          draft.conversationId === undefined ? undefined : owned(desk.conversations, draft.conversationId, member);
        const attachments = linkFiles(desk, member, draft.attachments, maxFiles);
        const id = String(desk.next());
        const at = now();
        const entry: TicketEntry = {
          ticket: {
            id,
            number: String(FIRST_NUMBER + desk.tickets.size + 1),
            title: draft.title,
            status: "open",
            createdAt: at,
            updatedAt: at,
          },
          changed: desk.next(),
          memberId: member.id,
          messages: [],
        };
        desk.tickets.set(id, entry);
        desk.ticketLog(member.id).append({ type: "ticket", ticket: entry.ticket });
        const author = { ...authorOf(member), role: "member" as const };
        addMessage(desk, entry, { clientId: draft.clientId, author, text: draft.text, attachments });
        if (source) addMessage(desk, entry, { author: { id: "desk", role: "system" }, text: transcript(source) });
        return entry;
      }).ticket;
    },

    async list(query, ctx) {
      const member = desk.asker(ctx);
      const found = [...desk.tickets.values()]
        .filter((entry) => entry.memberId === member.id && fits(entry, query))
        .toSorted((left, right) => right.changed - left.changed)
        .filter((entry) => query.cursor === undefined || entry.changed < Number(query.cursor));
      return page(
        found,
        query.limit ?? 20,
        (entry) => entry.ticket,
        (entry) => String(entry.changed),
      );
    },

    async get(ticketId, ctx) {
      return owned(desk.tickets, ticketId, desk.asker(ctx)).ticket;
    },

    async thread(ticketId, after, ctx) {
      const { messages } = owned(desk.tickets, ticketId, desk.asker(ctx));
      const shown = messages.filter((entry) => !entry.internal).map((entry) => entry.message);
      const rest = shown.slice(shown.findIndex((message) => message.id === after) + 1);
      return page(
        rest,
        50,
        (message) => message,
        (message) => message.id,
      );
    },

    async reply(ticketId, draft, ctx) {
      const member = desk.asker(ctx);
      const entry = owned(desk.tickets, ticketId, member);
      return desk.once(["reply", member.id, ticketId, draft.clientId], () => {
        requireText({ text: draft.text });
        const attachments = linkFiles(desk, member, draft.attachments, maxFiles);
        const author = { ...authorOf(member), role: "member" as const };
        const message = addMessage(desk, entry, { clientId: draft.clientId, author, text: draft.text, attachments });
        setStatus(desk, entry, "open");
        return message;
      });
    },

    async setStatus(ticketId, status, ctx) {
      const entry = owned(desk.tickets, ticketId, desk.asker(ctx));
      setStatus(desk, entry, status);
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

export function addMessage(
  desk: Desk,
  entry: TicketEntry,
  said: Omit<Message, "id" | "at">,
  internal = false,
): Message {
  const message: Message = { id: String(desk.next()), at: now(), ...said };
  entry.messages.push({ message, internal });
  if (internal) return message;
  touch(desk, entry, entry.ticket.status);
  desk.ticketLog(entry.memberId).append({ type: "message", ticketId: entry.ticket.id, message });
  return message;
}

export function setStatus(desk: Desk, entry: TicketEntry, status: TicketStatus): void {
  if (entry.ticket.status === status) return;
  touch(desk, entry, status);
  desk.ticketLog(entry.memberId).append({ type: "ticket", ticket: entry.ticket });
}

function touch(desk: Desk, entry: TicketEntry, status: TicketStatus): void {
  entry.ticket = { ...entry.ticket, status, updatedAt: now() };
  entry.changed = desk.next();
}

export function authorOf(member: Member): { readonly id: string; readonly name?: string } {
  return member.name === undefined ? { id: member.id } : { id: member.id, name: member.name };
}

function fits({ ticket, messages }: TicketEntry, query: TicketQuery): boolean {
  if (query.filter !== "all" && ticket.status !== query.filter) return false;
  const wanted = query.search?.trim().toLowerCase() ?? "";
  const shown = messages.flatMap((entry) => (entry.internal ? [] : [entry.message.text]));
  return [ticket.number, ticket.title, ...shown].some((text) => text.toLowerCase().includes(wanted));
}

function page<E, T>(rest: readonly E[], size: number, item: (entry: E) => T, cursor: (entry: E) => string) {
  const shown = rest.slice(0, size);
  const last = shown.at(-1);
  const more = last !== undefined && rest.length > shown.length;
  return { items: shown.map((entry) => item(entry)), ...(more ? { next: cursor(last) } : {}) };
}

function transcript({ messages }: ConversationEntry): string {
  return messages.map(({ author, at, text }) => `**${author.name ?? author.id}** (${at})\n\n${text}`).join("\n\n");
}
