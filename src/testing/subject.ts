import type {
  Adapter,
  Credentials,
  FieldValue,
  Member,
  TicketContext,
  TicketStatus,
} from "../core/contract/adapter.ts";

/** What the contract is held against. */
export interface Contract {
  /** Stands in the titles. */
  readonly name: string;
  /**
   * Called before every case. A costly server is best started once, outside, with two new members for each call; the
   * cases look at differences, so what other cases left behind does no harm.
   */
  create(): Promise<Subject>;
  /** What is known to be missing. A gap whose case passes fails the run, and so does one that names no case. */
  readonly gaps?: readonly Gap[];
  /** How long one case may take: some write hundreds of tickets. @default 30 000 */
  readonly timeoutMs?: number;
}

export interface Gap {
  readonly reason: string;
  /** The exact titles of the cases. */
  readonly tests: readonly string[];
}

export interface Subject {
  /** For a desk's adapter always the same one: the member stands in each call's context. */
  adapterFor(member: Member): Promise<Adapter>;
  readonly backend: Backend;
  /** Two members who may use every part, and who are strangers to each other. */
  readonly members: readonly [Member, Member];
  /** What the first member signs in with, where the adapter has `accounts`. */
  readonly credentials?: Credentials;
  /** Lets what the guest began go over to the member, where something stands between. @default the adapter's own `merge` */
  merge?(guest: Member, member: Member): Promise<void>;
  /** Good answers to those of the form's fields for which none can be made up: texts with a pattern. */
  readonly answers?: Readonly<Record<string, FieldValue>>;
  dispose(): Promise<void>;
}

/**
 * The second way into the system under test: reads the desk's own records past the adapter, and acts as an agent. A
 * method that a desk cannot have is left out; the cases that need it are then skipped.
 */
export interface Backend {
  ticket(ticketId: string): Promise<TicketRecord | undefined>;
  ticketCount(): Promise<number>;
  /** Live event subscriptions, of tickets and of chat together. */
  listeners(): number | Promise<number>;

  replyToTicket?(ticketId: string, text: string): Promise<void>;
  /** Replies with a question and leaves the ticket `awaiting`. */
  askForFeedback?(ticketId: string, text: string): Promise<void>;
  /** An internal note: never the member's to see. */
  addNote?(ticketId: string, text: string): Promise<void>;
  resolveTicket?(ticketId: string): Promise<void>;
  /** For good. */
  removeTicket?(ticketId: string): Promise<void>;

  conversation?(conversationId: string): Promise<ConversationRecord | undefined>;
  takeConversation?(conversationId: string): Promise<void>;
  say?(conversationId: string, text: string): Promise<void>;
  /** The agent's last message reads otherwise now. */
  correct?(conversationId: string, text: string): Promise<void>;
  /** The agent takes their last message back. */
  retract?(conversationId: string): Promise<void>;
  type?(conversationId: string, typing: boolean): Promise<void>;
  requestTicket?(conversationId: string): Promise<void>;
  /** The agent gives it back: the queue's front has it again. */
  giveBackConversation?(conversationId: string): Promise<void>;
  /** The agent's screen has the member's messages up to this one. */
  deliver?(conversationId: string, messageId: string): Promise<void>;
  /** The agent has read up to this one. */
  read?(conversationId: string, messageId: string): Promise<void>;
  endConversation?(conversationId: string): Promise<void>;
}

export interface TicketRecord {
  readonly id: string;
  readonly title: string;
  /** What the member wrote when they made it. */
  readonly text: string;
  readonly status: TicketStatus;
  readonly memberId: string;
  /** The form's answers by their keys, where the desk keeps them apart from the text. */
  readonly fields?: Readonly<Record<string, FieldValue>>;
  /** What the member let the widget add. */
  readonly context?: TicketContext;
  /** From 1 to 5, once the member gave it. */
  readonly rating?: number;
  /** The chat that it was made of. */
  readonly conversationId?: string;
  /** All of them, the oldest first, internal notes and system messages too. */
  readonly messages: readonly MessageRecord[];
  /** All files of the ticket, whichever message they stand on. */
  readonly attachments: readonly FileRecord[];
}

export interface ConversationRecord {
  readonly id: string;
  readonly status: "queued" | "active" | "ended";
  readonly memberId: string;
  readonly messages: readonly MessageRecord[];
  /** From 1 to 5, once the member gave it. */
  readonly rating?: number;
  /** The ticket that it is about. */
  readonly ticketId?: string;
}

export interface MessageRecord {
  readonly text: string;
  readonly author: "member" | "agent" | "system";
  readonly internal: boolean;
  /** A line of the thread that is no words but the new state. */
  readonly change?: TicketStatus;
}

export interface FileRecord {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}
