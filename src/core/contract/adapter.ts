/**
 * The heart of Podpora: what a desk looks like to the widget. In the browser the widget's core calls an adapter; on the
 * server the gateway serves one. A part or method that is absent is not offered to the member.
 *
 * Times are ISO 8601 strings in UTC, sizes bytes, durations end in `Ms`, locales BCP 47 tags.
 */

/** The person who needs help. */
export interface Member {
  /** The desk's own stable id. */
  readonly id: string;
  readonly name?: string;
  readonly email?: string;
  /** One of the site's ranks, such as "Silver". A guest has none. */
  readonly rank?: string;
  readonly locale?: string;
  /** Known only to this browser: neither the site nor the desk vouches for them. */
  readonly guest?: boolean;
}

/** Given to every call. `signal` aborts on time-out, on closing, on destroy; its reason is what the call rejects with. */
export interface CallContext {
  readonly signal: AbortSignal;
  readonly locale: string;
  /** Who asks. On the server: verified by the gateway, never by the adapter's own guess. */
  readonly member?: Member;
  /** What time it is at the server, in milliseconds since the epoch: an adapter over a network says so with each answer. */
  onServerTime?(ms: number): void;
}

/** Given to `events`. */
export interface StreamContext extends CallContext {
  /** The stream stands: an adapter over a network says so, lest a member be told of a lost connection longer than it is true. */
  onConnected?(): void;
}

export interface Adapter {
  /** Lower-case and stable: it stands in log lines and storage keys. */
  readonly name: string;
  readonly tickets?: TicketsApi;
  readonly chat?: ChatApi;
  readonly uploads?: UploadsApi;
  /** Sign-in with the user name and password that the desk knows. Absent: identity comes from the site's token. */
  readonly accounts?: AccountsApi;
  /** What a server in between adds. Only `adapters/rest` has it; a desk's adapter leaves it out. */
  readonly session?: SessionApi;
  /**
   * What `guest` began (the chat that runs, and files) belongs to `ctx.member` from now on: the guest has signed in. Twice
   * is once. Absent: a guest's chat ends at the sign-in, and the member is told.
   */
  merge?(guest: Member, ctx: CallContext): Promise<void>;
  /** How the desk itself reports changes, by name. On a server alone: the gateway takes them at `/hooks/<name>`. */
  readonly hooks?: Readonly<Record<string, HookApi>>;
  /** What `podpora check` says of the desk, in the order found. Writes nothing that stays. On a server alone. */
  check?(signal: AbortSignal): AsyncIterable<Finding>;
  /**
   * Whether the desk answers, part by part, as far as the adapter knows without asking: for `/readyz`. A part that is left out
   * goes by its last call. On a server alone.
   */
  state?(): Readonly<Partial<Record<Area, DeskState>>>;
  /**
   * What the desk has of this member, for `podpora forget`: what is erased, and what the desk keeps and why. Erases nothing
   * unless `remove` is set. Twice is once. On a server alone. Absent: the desk has to be asked by its own means.
   */
  erase?(member: Member, options: EraseOptions): AsyncIterable<Erasure>;
  /** Called once, when the widget or the gateway is done with it. Calling it twice is once. */
  dispose?(): void | Promise<void>;
}

/** A web hook reaches one copy of the gateway, the member listens at another: what is accepted is told to every copy. */
export interface HookApi {
  /**
   * Checks who sent it, and gives the text that every copy is to hear; undefined when there is nothing to tell. Rejects
   * with `forbidden` for a wrong signature, with `invalid` for what cannot be read. `bytes` is the body as it came, which is
   * what desks sign; `body` is the same as text.
   */
  accept(headers: Headers, body: string, bytes?: Uint8Array<ArrayBuffer>): Promise<string | undefined>;
  heard(text: string): void;
}

/** In English, for who runs the gateway. */
export interface Finding {
  /** `fault`: it does not work like this. `risk`: it works, and should be changed all the same. */
  readonly level: "good" | "risk" | "fault";
  readonly text: string;
  /** What to change, and where. */
  readonly fix?: string;
}

/** `away`: it does not answer, or does not take the gateway's own account. */
export type DeskState = "unknown" | "reached" | "away";

export interface EraseOptions {
  /** Absent or false: it is only told what would be erased. */
  readonly remove?: boolean;
  readonly signal: AbortSignal;
}

/** In English, for who runs the gateway. No line has the member's words. */
export interface Erasure {
  /** `erased`: it is gone, or would be. `kept`: it stays, and `text` says why. */
  readonly outcome: "erased" | "kept";
  readonly text: string;
  /** For what is kept: how it is erased by the desk's own means. */
  readonly fix?: string;
}

// ---------------------------------------------------------------------------------------------------------- tickets

export interface TicketsApi {
  // Required
  /** The same `clientId` of the same member twice makes one ticket, and answers with it. */
  create(draft: TicketDraft, ctx: CallContext): Promise<Ticket>;

  // Optional
  /** The member's own tickets, the last changed first. */
  list?(query: TicketQuery, ctx: CallContext): Promise<Page<Ticket>>;
  get?(ticketId: string, ctx: CallContext): Promise<Ticket>;
  /** The ticket's messages, the oldest first, after the page cursor `after`. Internal notes are never among them. */
  thread?(ticketId: string, after: string | undefined, ctx: CallContext): Promise<Page<Message>>;
  /** Reopens a ticket that was awaiting the member, and a resolved one. */
  reply?(ticketId: string, draft: MessageDraft, ctx: CallContext): Promise<Message>;
  setStatus?(ticketId: string, status: "open" | "resolved", ctx: CallContext): Promise<Ticket>;
  /** How the member found the help, once the ticket is resolved. The last one given stands. */
  rate?(ticketId: string, rating: Rating, ctx: CallContext): Promise<Ticket>;
  /** How many the member has in each list. */
  counts?(ctx: CallContext): Promise<TicketCounts>;
  /** What else the desk's form asks for, such as a category. */
  fields?(ctx: CallContext): Promise<readonly Field[]>;
  /** Changes after `cursor`, then live ones until `signal` aborts. Without a cursor: live ones only. */
  events?(cursor: string | undefined, ctx: StreamContext): AsyncIterable<TicketEvent>;
}

/** `awaiting`: the desk waits for the member's answer. */
export type TicketStatus = "open" | "awaiting" | "resolved";

export interface Ticket {
  readonly id: string;
  /** What member and agent call it, such as "1042". */
  readonly number: string;
  readonly title: string;
  readonly status: TicketStatus;
  /** The desk's own word for the state, where it says more than `status`. */
  readonly statusLabel?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Who did what `updatedAt` is the time of: the member's own doing is no news to them. */
  readonly updatedBy?: Author["role"];
  /** When an agent has probably answered, by the desk's real answer times; absent when it has none, or has answered. */
  readonly expectedAt?: string;
  readonly rating?: Rating;
}

export interface TicketDraft {
  /** A UUID made once on the member's device: what makes a retry safe. */
  readonly clientId: string;
  readonly title: string;
  /** Plain text, as it was typed. */
  readonly text: string;
  /** The language that the member writes in. */
  readonly locale?: string;
  readonly fields?: Readonly<Record<string, FieldValue>>;
  /** Ids of attachments that this member uploaded before. */
  readonly attachments?: readonly string[];
  /** The conversation that this ticket goes on from: the desk puts its transcript into the ticket. */
  readonly conversationId?: string;
  /** For agents, beside the member's words: what the member let the widget add. */
  readonly context?: TicketContext;
}

/** What helps to find a fault. The member saw each part before it was sent, and could take it out. */
export interface TicketContext {
  /** The page's address, without what looks like a secret in it. */
  readonly page?: string;
  readonly browser?: string;
  /** Such as "1440 × 900, window 1200 × 700". */
  readonly screen?: string;
  /** The languages that the browser asks for. */
  readonly language?: string;
  /** As the site set it. */
  readonly appVersion?: string;
  /** The page's last script errors, the oldest first. */
  readonly errors?: readonly string[];
}

export type TicketCounts = Readonly<Record<TicketQuery["filter"], number>>;

export interface TicketQuery {
  readonly filter: "open" | "awaiting" | "all";
  readonly search?: string;
  /** `next` of the page before. */
  readonly cursor?: string;
  /** At most this many; the adapter may give fewer. @default 20 */
  readonly limit?: number;
}

export type TicketEvent = { readonly cursor?: string } & (
  | { readonly type: "ticket"; readonly ticket: Ticket }
  | { readonly type: "message"; readonly ticketId: string; readonly message: Message }
  /** Deleted, or no longer the member's. */
  | { readonly type: "removed"; readonly ticketId: string }
);

/** A date is "2026-11-23"; what was chosen of several is a list of their values. */
export type FieldValue = string | number | boolean | readonly string[];

export interface Field {
  readonly key: string;
  readonly label: string;
  readonly kind: "text" | "long-text" | "select" | "multi-select" | "checkbox" | "date" | "number";
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  readonly required?: boolean;
  readonly help?: string;
  /** For text: a regular expression that the whole of it matches, as in HTML's `pattern`. `help` says it in words. */
  readonly pattern?: string;
  /** Asked only while the other field has one of these values; what is not asked is not sent. */
  readonly showWhen?: { readonly key: string; readonly values: readonly (string | number | boolean)[] };
}

// --------------------------------------------------------------------------------------------------------- messages

export interface Author {
  readonly id: string;
  readonly name?: string;
  readonly role: "member" | "agent" | "system";
  /** Id of a picture that `uploads.download` gives to whoever may see this author. */
  readonly picture?: string;
}

export interface Message {
  readonly id: string;
  /** The draft's, where the message came from a draft: matches the echo to what is already shown. */
  readonly clientId?: string;
  readonly author: Author;
  /** A member's: plain text. Anybody else's: text in the small Markdown subset of docs/architecture.md. Never HTML. */
  readonly text: string;
  readonly at: string;
  readonly attachments?: readonly Attachment[];
  /** Not words but a change of the ticket's state, by `author`; the text may be empty. */
  readonly change?: { readonly status: TicketStatus };
}

export interface MessageDraft {
  /** A UUID made once on the member's device: the same one twice makes one message. */
  readonly clientId: string;
  /** Plain text, as it was typed. Empty only where files say it. */
  readonly text: string;
  readonly attachments?: readonly string[];
}

/** `next` is the cursor of the page after this one; absent on the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

// ------------------------------------------------------------------------------------------------------------- chat

export interface ChatApi {
  // Required
  /**
   * Resumes the member's open conversation, or joins the queue with a new one. A guest's name and e-mail come with the
   * request; of a verified member the desk knows them.
   */
  open(request: ChatRequest, ctx: CallContext): Promise<Conversation>;
  send(conversationId: string, draft: MessageDraft, ctx: CallContext): Promise<Message>;
  /**
   * What came after `cursor`, then live events until `signal` aborts. Without a cursor: everything from the start. A
   * lost connection throws or returns: the core reconnects, with back-off, from the last cursor that it saw.
   */
  events(conversationId: string, cursor: string | undefined, ctx: StreamContext): AsyncIterable<ChatEvent>;

  // Optional
  availability?(ctx: CallContext): Promise<Availability>;
  /** The member's conversation that is not ended, without joining the queue. */
  current?(ctx: CallContext): Promise<Conversation | undefined>;
  /** The member's newest conversation, ended or not: to be read again. */
  last?(ctx: CallContext): Promise<Conversation | undefined>;
  /** The messages before the page cursor `before`, the oldest first; without one: the newest. `next` leads further back. */
  history?(conversationId: string, before: string | undefined, ctx: CallContext): Promise<ChatHistory>;
  /** Sends everything that was said to the e-mail address of `ctx.member`, which the site or the desk has verified. */
  mailTranscript?(conversationId: string, ctx: CallContext): Promise<void>;
  setTyping?(conversationId: string, typing: boolean, ctx: CallContext): Promise<void>;
  markRead?(conversationId: string, messageId: string, ctx: CallContext): Promise<void>;
  /** Ends the conversation, or leaves the queue. Ending an ended one does nothing. */
  close?(conversationId: string, ctx: CallContext): Promise<void>;
  rate?(conversationId: string, rating: Rating, ctx: CallContext): Promise<void>;
  /** A ticket was made of the conversation, at another desk: `combine` says so, and both records name each other. */
  linkTicket?(
    conversationId: string,
    ticket: { readonly id: string; readonly number: string },
    ctx: CallContext,
  ): Promise<void>;
}

export interface Availability {
  readonly open: boolean;
  /** When closed: the next opening. */
  readonly opensAt?: string;
  /** What the team speaks, as BCP 47 language tags. Absent: not known, so nothing is claimed. */
  readonly languages?: readonly string[];
  /** From real service times; absent when there are none. */
  readonly waitMs?: number;
}

export interface ChatRequest {
  /** A UUID: the same one twice joins the queue once. */
  readonly clientId: string;
  readonly name: string;
  readonly email: string;
  /** The member's number at the site, where it asks for one. */
  readonly memberId?: string;
  readonly question: string;
  /** The member's ticket that this is about: the agent sees it. */
  readonly ticketId?: string;
  /** The address of the page that the member is on, without what looks like a secret in it. */
  readonly page?: string;
}

export interface Conversation {
  readonly id: string;
  readonly status: "queued" | "active" | "ended";
  /** While queued: 1 is next. */
  readonly position?: number;
  /** While queued: until an agent probably comes, from real service times; absent when there are none. */
  readonly waitMs?: number;
  /** While queued: how long the place is kept for a member whose every stream is cut. Absent: until they leave. */
  readonly graceMs?: number;
  readonly agent?: Author;
  readonly createdAt: string;
  /** Who asked for a ticket instead. */
  readonly ticketRequestedBy?: Author;
  /** The ticket that was made of it. */
  readonly ticket?: { readonly id: string; readonly number: string };
}

export interface ChatHistory extends Page<Message> {
  /** Where `events` goes on after the newest of these. Given with the first page, as are the next two. */
  readonly cursor?: string;
  /** Ids of the newest messages that an agent's screen has, and that an agent has read: `events` may have told of them before `cursor`. */
  readonly delivered?: string;
  readonly read?: string;
}

export type ChatEvent = { readonly cursor?: string } &
  /** A new message, or, with an id that was told before, the message as it reads now that its author has corrected it. */
  (
    | { readonly type: "message"; readonly message: Message }
    /** Its author took it back. */
    | { readonly type: "message-removed"; readonly messageId: string }
    /** The conversation changed: place in the queue, agent joined, ended. Holds the whole new state. */
    | { readonly type: "conversation"; readonly conversation: Conversation }
    | { readonly type: "typing"; readonly author: Author; readonly typing: boolean }
    /** An agent's screen has the member's messages up to this one. */
    | { readonly type: "delivered"; readonly messageId: string }
    /** An agent has read up to this message. */
    | { readonly type: "read"; readonly messageId: string }
    /** The agent asks for a ticket instead, such as one in the member's own language. */
    | { readonly type: "ticket-requested"; readonly by: Author }
  );

export interface Rating {
  readonly score: 1 | 2 | 3 | 4 | 5;
  readonly comment?: string;
}

// -------------------------------------------------------------------------------------------- files, accounts, session

export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  /** MIME type. */
  readonly type: string;
}

export interface UploadLimits {
  readonly maxBytes?: number;
  /** MIME types, with `image/*` for all of a kind. */
  readonly accept?: readonly string[];
  /** In one ticket or message. */
  readonly maxFiles?: number;
}

export interface UploadsApi {
  readonly limits?: UploadLimits;
  upload(file: File, ctx: UploadContext): Promise<Attachment>;
  /** The file's bytes. Only of what this member uploaded, or can see in a ticket or conversation. */
  download?(attachmentId: string, ctx: CallContext): Promise<Blob>;
}

export interface UploadContext extends CallContext {
  /** Stable for this file of this draft: an upload cut short goes on where it stopped. */
  readonly clientId?: string;
  /** From 0 to 1. */
  onProgress?(fraction: number): void;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface AccountsApi {
  /** Rejects with `unauthorized` when the desk does not know the pair; it never says which of the two was wrong. */
  signIn(credentials: Credentials, ctx: CallContext): Promise<Member>;
}

/** What the tabs are for: the areas that access rules speak of. */
export type Area = "tickets" | "chat";

export type AreaAccess =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      /** `sign-in`: guests have to sign in first. `rank`: open from the rank `from` upward. */
      readonly reason: "sign-in" | "rank";
      readonly from?: string;
    };

export interface Session {
  readonly member?: Member;
  readonly access: Readonly<Record<Area, AreaAccess>>;
  /** The name that the panel's header shows. */
  readonly team?: string;
}

export interface SessionApi {
  /** Who the server takes us for, and what it opens to them. */
  current(ctx: CallContext): Promise<Session>;
  signOut(ctx: CallContext): Promise<void>;
  /** Lets what a guest began go over to the caller. `guestToken` is the gateway's own; it is of no use afterwards. */
  merge?(guestToken: string, ctx: CallContext): Promise<void>;
  /** The address of the chat page of its own, with a one-time code in it (60 seconds, bound to this member). */
  chatPage?(ctx: CallContext): Promise<string>;
}
