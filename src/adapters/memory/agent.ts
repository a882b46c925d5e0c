import type { Author, TicketContext, TicketDraft, TicketStatus } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { addChatMessage, end, giveBack, mark, take } from "./chat.ts";
import { correctLast, retractLast } from "./corrections.ts";
import type { Desk } from "./desk.ts";
import { addMessage, remove, setStatus, settle } from "./tickets.ts";

/** The desk's other side: an agent's actions, and the desk's own records. */
export interface MemoryAgent {
  ticket(ticketId: string): Promise<AgentsTicket | undefined>;
  ticketCount(): Promise<number>;
  replyToTicket(ticketId: string, text: string): Promise<void>;
  askForFeedback(ticketId: string, text: string): Promise<void>;
  addNote(ticketId: string, text: string): Promise<void>;
  resolveTicket(ticketId: string): Promise<void>;
  /** Resolves it; it takes no more replies and can't be reopened. */
  closeTicket(ticketId: string): Promise<void>;
  /** A colleague of the member's, in Cc, writes to the ticket. */
  replyAsParticipant(ticketId: string, text: string): Promise<void>;
  removeTicket(ticketId: string): Promise<void>;
  conversation(conversationId: string): Promise<AgentsConversation | undefined>;
  takeConversation(conversationId: string): Promise<void>;
  say(conversationId: string, text: string): Promise<void>;
  /** The agent corrects their last message. */
  correct(conversationId: string, text: string): Promise<void>;
  /** The agent retracts their last message. */
  retract(conversationId: string): Promise<void>;
  type(conversationId: string, typing: boolean): Promise<void>;
  requestTicket(conversationId: string): Promise<void>;
  /** The chat returns to the front of the queue. */
  giveBackConversation(conversationId: string): Promise<void>;
  deliver(conversationId: string, messageId: string): Promise<void>;
  read(conversationId: string, messageId: string): Promise<void>;
  endConversation(conversationId: string): Promise<void>;
  /** The number of open event iterations. */
  listeners(): number;
}

export interface AgentsTicket {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly status: TicketStatus;
  readonly memberId: string;
  readonly fields: NonNullable<TicketDraft["fields"]>;
  readonly context?: TicketContext;
  readonly rating?: number;
  readonly conversationId?: string;
  readonly messages: readonly AgentsMessage[];
  readonly attachments: readonly { readonly name: string; readonly type: string; readonly bytes: Uint8Array }[];
}

export interface AgentsConversation {
  readonly id: string;
  readonly status: "queued" | "active" | "ended";
  readonly memberId: string;
  readonly messages: readonly AgentsMessage[];
  readonly rating?: number;
  readonly ticketId?: string;
}

export interface AgentsMessage {
  readonly text: string;
  readonly author: Author["role"];
  readonly internal: boolean;
  readonly change?: TicketStatus;
}

export function createAgent(desk: Desk, agent: Author): MemoryAgent {
  const ticketOf = (id: string) => known(desk.tickets, id);
  const conversationOf = (id: string) => known(desk.conversations, id);

  return {
    async ticket(id) {
      const entry = desk.tickets.get(id);
      if (entry === undefined) return undefined;
      const files = entry.messages.flatMap(({ message }) => message.attachments ?? []);
      return {
        id,
        title: entry.ticket.title,
        text: entry.messages[0]?.message.text ?? "",
        status: entry.ticket.status,
        memberId: entry.memberId,
        fields: entry.fields,
        ...(entry.context ? { context: entry.context } : {}),
        ...(entry.conversationId === undefined ? {} : { conversationId: entry.conversationId }),
        ...(entry.ticket.rating ? { rating: entry.ticket.rating.score } : {}),
        messages: entry.messages.map(({ message, internal }) => ({
          text: message.text,
          author: message.author.role,
          internal,
          ...(message.change ? { change: message.change.status } : {}),
        })),
        attachments: await Promise.all(
          files.map(async ({ id: fileId, name, type }) => {
            const { file } = known(desk.files, fileId);
            return { name, type, bytes: new Uint8Array(await file.arrayBuffer()) };
          }),
        ),
      };
    },
    ticketCount: async () => desk.tickets.size,
    async replyToTicket(id, text) {
      const entry = ticketOf(id);
      addMessage(desk, entry, { author: agent, text });
      settle(desk, entry, agent, entry.ticket.status);
    },
    async askForFeedback(id, text) {
      const entry = ticketOf(id);
      addMessage(desk, entry, { author: agent, text });
      const { can: _closed, ...ticket } = entry.ticket;
      entry.ticket = ticket;
      settle(desk, entry, agent, "awaiting");
    },
    async addNote(id, text) {
      addMessage(desk, ticketOf(id), { author: agent, text }, true);
    },
    async resolveTicket(id) {
      setStatus(desk, ticketOf(id), agent, "resolved");
    },
    async closeTicket(id) {
      const entry = ticketOf(id);
      entry.ticket = { ...entry.ticket, can: { reply: false, resolve: false, reopen: false } };
      settle(desk, entry, agent, "resolved");
    },
    async replyAsParticipant(id, text) {
      const entry = ticketOf(id);
      const author: Author = { id: "participant", name: "Petra", role: "participant" };
      addMessage(desk, entry, { author, text });
      settle(desk, entry, author, entry.ticket.status);
    },
    async removeTicket(id) {
      remove(desk, ticketOf(id));
    },

    async conversation(id) {
      const entry = desk.conversations.get(id);
      if (entry === undefined) return undefined;
      return {
        id,
        status: entry.conversation.status,
        memberId: entry.memberId,
        messages: entry.messages.map(({ text, author }) => ({ text, author: author.role, internal: false })),
        ...(entry.rating ? { rating: entry.rating.score } : {}),
        ...(entry.ticketId === undefined ? {} : { ticketId: entry.ticketId }),
      };
    },
    async takeConversation(id) {
      take(desk, conversationOf(id), agent);
    },
    async say(id, text) {
      addChatMessage(desk, conversationOf(id), { author: agent, text });
    },
    async correct(id, text) {
      correctLast(conversationOf(id), text);
    },
    async retract(id) {
      retractLast(conversationOf(id));
    },
    async type(id, typing) {
      conversationOf(id).log.tell({ type: "typing", author: agent, typing });
    },
    async requestTicket(id) {
      const entry = conversationOf(id);
      entry.conversation = { ...entry.conversation, ticketRequestedBy: agent };
      entry.log.append({ type: "ticket-requested", by: agent });
    },
    async giveBackConversation(id) {
      giveBack(desk, conversationOf(id));
    },
    async deliver(id, messageId) {
      mark(conversationOf(id), "delivered", messageId);
    },
    async read(id, messageId) {
      mark(conversationOf(id), "read", messageId);
    },
    async endConversation(id) {
      end(desk, conversationOf(id));
    },
    listeners: () => desk.listeners(),
  };
}

function known<T>(entries: ReadonlyMap<string, T>, id: string): T {
  const entry = entries.get(id);
  if (entry === undefined) throw new AdapterError("not-found", `there is no "${id}"`);
  return entry;
}
