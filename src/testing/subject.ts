import type {
  Adapter,
  Author,
  Credentials,
  FieldValue,
  Member,
  TicketContext,
  TicketStatus,
} from "../core/contract/adapter.ts";

/** The adapter under test and how to test it. */
export interface Contract {
  /** Part of the test titles. */
  readonly name: string;
  /**
   * Called before every case. Start an expensive server once, outside, and return two new members from each call; the
   * cases compare differences, so data of other cases does no harm.
   */
  create(): Promise<Subject>;
  /** Known failures. A gap fails the run if its case passes, or if it names no case. */
  readonly gaps?: readonly Gap[];
  /** The time limit of one case; some write hundreds of tickets. @default 30 000 */
  readonly timeoutMs?: number;
}

export interface Gap {
  readonly reason: string;
  /** The exact titles of the cases. */
  readonly tests: readonly string[];
}

export interface Subject {
  /** A desk's adapter returns the same object each time, as the member is in each call's context. */
  adapterFor(member: Member): Promise<Adapter>;
  readonly backend: Backend;
  /** Two unrelated members who may use every part. */
  readonly members: readonly [Member, Member];
  /** The first member's credentials, if the adapter has `accounts`. */
  readonly credentials?: Credentials;
  /** Moves the guest's data to the member through whatever wraps the adapter. @default the adapter's own `merge` */
  merge?(guest: Member, member: Member): Promise<void>;
  /** An article of the desk, words that find it first, and the locale of the search. Needed if the adapter has `articles`. */
  readonly article?: { readonly title: string; readonly words: string; readonly locale: string };
  /** Valid answers for form fields that can't be generated: texts with a pattern. */
  readonly answers?: Readonly<Record<string, FieldValue>>;
  dispose(): Promise<void>;
}

/**
 * A second access to the system under test: reads the desk's records without the adapter, and acts as an agent. Omit
 * methods that the desk can't support; cases that need them are skipped.
 */
export interface Backend {
  ticket(ticketId: string): Promise<TicketRecord | undefined>;
  ticketCount(): Promise<number>;
  /** The number of live event subscriptions, for tickets and chat together. */
  listeners(): number | Promise<number>;

  replyToTicket?(ticketId: string, text: string): Promise<void>;
  /** Replies with a question and sets the ticket to `awaiting`. */
  askForFeedback?(ticketId: string, text: string): Promise<void>;
  /** Adds an internal note, which the member must never see. */
  addNote?(ticketId: string, text: string): Promise<void>;
  resolveTicket?(ticketId: string): Promise<void>;
  /** Closes it for good: it is resolved, takes no more replies, and can't be reopened. */
  closeTicket?(ticketId: string): Promise<void>;
  /** Somebody on the member's side who is not the member, such as a colleague in Cc, writes to the ticket. */
  replyAsParticipant?(ticketId: string, text: string): Promise<void>;
  /** Deletes it permanently. */
  removeTicket?(ticketId: string): Promise<void>;

  conversation?(conversationId: string): Promise<ConversationRecord | undefined>;
  takeConversation?(conversationId: string): Promise<void>;
  say?(conversationId: string, text: string): Promise<void>;
  /** Corrects the agent's last message. */
  correct?(conversationId: string, text: string): Promise<void>;
  /** Retracts the agent's last message. */
  retract?(conversationId: string): Promise<void>;
  type?(conversationId: string, typing: boolean): Promise<void>;
  requestTicket?(conversationId: string): Promise<void>;
  /** The agent returns the chat to the front of the queue. */
  giveBackConversation?(conversationId: string): Promise<void>;
  /** The member's messages up to this one were delivered to the agent. */
  deliver?(conversationId: string, messageId: string): Promise<void>;
  /** The agent has read up to this message. */
  read?(conversationId: string, messageId: string): Promise<void>;
  endConversation?(conversationId: string): Promise<void>;
}

export interface TicketRecord {
  readonly id: string;
  readonly title: string;
  /** The member's text of the ticket. */
  readonly text: string;
  readonly status: TicketStatus;
  readonly memberId: string;
  /** The form's answers by key, if the desk stores them separately from the text. */
  readonly fields?: Readonly<Record<string, FieldValue>>;
  /** The context that the member allowed the widget to add. */
  readonly context?: TicketContext;
  /** From 1 to 5, if the member has rated. */
  readonly rating?: number;
  /** The chat that it was made from. */
  readonly conversationId?: string;
  /** All messages, oldest first, including internal notes and system messages. */
  readonly messages: readonly MessageRecord[];
  /** All files of the ticket, from every message. */
  readonly attachments: readonly FileRecord[];
}

export interface ConversationRecord {
  readonly id: string;
  readonly status: "queued" | "active" | "ended";
  readonly memberId: string;
  readonly messages: readonly MessageRecord[];
  /** From 1 to 5, if the member has rated. */
  readonly rating?: number;
  /** The ticket that it is about. */
  readonly ticketId?: string;
}

export interface MessageRecord {
  readonly text: string;
  readonly author: Author["role"];
  readonly internal: boolean;
  /** Set if the message is a status change without text. */
  readonly change?: TicketStatus;
}

export interface FileRecord {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}
