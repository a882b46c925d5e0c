/**
 * The interface between the widget and a desk. In the browser the widget's core calls an adapter; on the server the
 * gateway serves one. The widget does not offer a part or method that is absent.
 *
 * Times are ISO 8601 strings in UTC, sizes are bytes, names of durations end in `Ms`, locales are BCP 47 tags.
 */

import type { ArticlesApi } from "./articles.ts";
import type { CallContext, Member, StreamContext } from "./call-context.ts";

export type { Article, ArticlesApi, ArticleTitle } from "./articles.ts";
export type { CallContext, Member, StreamContext } from "./call-context.ts";

export interface Adapter {
  /** The version of this interface that the adapter was written for. @default 1, the only one so far */
  readonly api?: 1;
  /** Lower-case and stable: it is used in log lines and storage keys. */
  readonly name: string;
  readonly tickets?: TicketsApi;
  readonly chat?: ChatApi;
  readonly uploads?: UploadsApi;
  /** Help articles, which the form offers while the member types the title. Part of the area "tickets". */
  readonly articles?: ArticlesApi;
  /** Sign-in with the desk's user names and passwords. Absent: identity comes from the site's token. */
  readonly accounts?: AccountsApi;
  /** Added by a gateway. Only `adapters/rest` has it; a desk's adapter omits it. */
  readonly session?: SessionApi;
  /**
   * Transfers the running chat and the files of `guest` to `ctx.member`: the guest has signed in. Idempotent. Absent: a
   * guest's chat ends at the sign-in, and the member is told so.
   */
  merge?(guest: Member, ctx: CallContext): Promise<void>;
  /**
   * Changes at the desk, and whom they concern: one iteration for all members and all copies of the gateway. Each step
   * is stored atomically, with the cursor to resume from. Without a cursor: from now on, and the first step, which may
   * be empty, has the current cursor. Throws `stale-cursor` if it cannot resume from there. Server only; needs
   * `people`. Absent: `tickets.events`, one stream for each member.
   */
  changes?(cursor: string | undefined, ctx: FeedContext): AsyncIterable<Changes>;
  readonly people?: PeopleApi;
  /** Web hooks from the desk, by name. Server only: the gateway accepts them at `/hooks/<name>`. */
  readonly hooks?: Readonly<Record<string, HookApi>>;
  /** The findings of `podpora check`, in order. Leaves no data. Server only. */
  check?(signal: AbortSignal): AsyncIterable<Finding>;
  /**
   * Whether each part of the desk answers, if the adapter knows without a call: for `/readyz`. For an omitted part, its
   * last call decides. Server only.
   */
  state?(): Readonly<Partial<Record<Area, DeskState>>>;
  /**
   * The desk's data about this member, for `podpora forget`: what is erased, and what the desk keeps and why. Erases
   * nothing unless `remove` is set. Idempotent. Server only. Absent: the data has to be erased at the desk itself.
   */
  erase?(member: Member, options: EraseOptions): AsyncIterable<Erasure>;
  /** Called when the widget or the gateway is done with the adapter. Idempotent. */
  dispose?(): void | Promise<void>;
}

export interface PeopleApi {
  /**
   * The key of this member in `changes`, such as their address in lower case. Makes no call to the desk. Throws the
   * error of a refused call: `forbidden` for a guest.
   */
  key(member: Member | undefined): string;
}

/** Passed to `changes`. */
export interface FeedContext {
  readonly signal: AbortSignal;
  /**
   * Await it between two polls: it ends early when a web hook arrived or a member wrote. Rejects with the signal's
   * reason.
   */
  readonly pause: (ms: number) => Promise<void>;
}

/** One step of `changes`. */
export interface Changes {
  readonly cursor: string;
  readonly events: readonly PersonalEvent[];
}

/** An event for one person. If they are its author, the author's id is their key. */
export interface PersonalEvent {
  readonly key: string;
  readonly event: TicketEvent;
}

/**
 * A web hook reaches one copy of the gateway, but members may be connected to another: accepted hooks are passed to
 * every copy.
 */
export interface HookApi {
  /**
   * Verifies the sender, and returns the text for every copy; undefined if there is nothing to pass on. Rejects with
   * `forbidden` for a wrong signature, with `invalid` for an unreadable body. `bytes` is the raw body, which desks
   * sign; `body` is the same as text.
   */
  accept(headers: Headers, body: string, bytes?: Uint8Array<ArrayBuffer>): Promise<string | undefined>;
  heard(text: string): void;
}

/** In English, for the operator of the gateway. */
export interface Finding {
  /** `fault`: it does not work. `risk`: it works, but should be changed. */
  readonly level: "good" | "risk" | "fault";
  readonly text: string;
  /** What to change, and where. */
  readonly fix?: string;
}

/** `away`: it does not answer, or refuses the gateway's own account. */
export type DeskState = "unknown" | "reached" | "away";

export interface EraseOptions {
  /** Absent or false: only lists what would be erased. */
  readonly remove?: boolean;
  readonly signal: AbortSignal;
}

/** In English, for the operator of the gateway. Contains no text of the member. */
export interface Erasure {
  /** `erased`: it is erased, or would be. `kept`: it stays, and `text` says why. */
  readonly outcome: "erased" | "kept";
  readonly text: string;
  /** For kept data: how to erase it at the desk itself. */
  readonly fix?: string;
}

// ---------------------------------------------------------------------------------------------------------- tickets

export interface TicketsApi {
  // Required
  /** Idempotent: the same `clientId` of the same member returns the same ticket. */
  create(draft: TicketDraft, ctx: CallContext): Promise<Ticket>;

  // Optional
  /** The desk's own limits. The form and the gateway check them before `create` is called. */
  readonly limits?: TicketLimits;
  /** The member's own tickets, last changed first. */
  list?(query: TicketQuery, ctx: CallContext): Promise<Page<Ticket>>;
  get?(ticketId: string, ctx: CallContext): Promise<Ticket>;
  /**
   * The ticket's messages before the page cursor `before`, oldest first; without one: the newest. `next` is the earlier
   * page. Never includes internal notes.
   */
  thread?(ticketId: string, before: string | undefined, ctx: CallContext): Promise<Page<Message>>;
  /** Reopens a ticket that was awaiting the member, or was resolved. */
  reply?(ticketId: string, draft: MessageDraft, ctx: CallContext): Promise<Message>;
  setStatus?(ticketId: string, status: "open" | "resolved", ctx: CallContext): Promise<Ticket>;
  /** The member's rating, once the ticket is resolved. The last one counts. */
  rate?(ticketId: string, rating: Rating, ctx: CallContext): Promise<Ticket>;
  /** How many tickets the member has in each list. */
  counts?(ctx: CallContext): Promise<TicketCounts>;
  /** Additional fields of the desk's form, such as a category. */
  fields?(ctx: CallContext): Promise<readonly Field[]>;
  /** Changes after `cursor`, then live ones until `signal` aborts. Without a cursor: live ones only. */
  events?(cursor: string | undefined, ctx: StreamContext): AsyncIterable<TicketEvent>;
}

/** Lengths in UTF-16 code units. Podpora itself takes titles of 300 and texts of 100,000. */
export interface TicketLimits {
  readonly title?: number;
  readonly text?: number;
}

/** `awaiting`: the desk waits for the member's answer. */
export type TicketStatus = "open" | "awaiting" | "resolved";

export interface Ticket {
  readonly id: string;
  /** The number that member and agent use, such as "1042". */
  readonly number: string;
  readonly title: string;
  readonly status: TicketStatus;
  /** The desk's own name of the status, if it says more than `status`. */
  readonly statusLabel?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Who made the change at `updatedAt`. The member's own changes do not count as unread. */
  readonly updatedBy?: Author["role"];
  /**
   * When an agent will probably answer, from the desk's real answer times; absent if there are none, or after an
   * answer.
   */
  readonly expectedAt?: string;
  readonly rating?: Rating;
  /** The newest message that the member may read, for the list. Absent: the list shows only the title. */
  readonly lastMessage?: MessagePreview;
  /** What the member can't do with this ticket is false, such as `reply` once it is closed for good. */
  readonly can?: TicketActions;
}

/** Absent: it can be done if the adapter has the method. `resolve` and `reopen` are the directions of `setStatus`. */
export interface TicketActions {
  readonly reply?: boolean;
  readonly resolve?: boolean;
  readonly reopen?: boolean;
  readonly rate?: boolean;
}

/** The beginning of a message. `text` is plain, on one line, at most `previewLimit` characters. */
export interface MessagePreview {
  readonly author: Author;
  readonly text: string;
}

export interface TicketDraft {
  /** A UUID made once on the member's device: makes retries idempotent. */
  readonly clientId: string;
  readonly title: string;
  /** Plain text, as typed. */
  readonly text: string;
  /** The language of the member's text. */
  readonly locale?: string;
  readonly fields?: Readonly<Record<string, FieldValue>>;
  /** Ids of attachments that this member has uploaded. */
  readonly attachments?: readonly string[];
  /** The conversation that led to this ticket: the desk adds its transcript to the ticket. */
  readonly conversationId?: string;
  /** For agents, separate from the member's text: the context that the member allowed the widget to add. */
  readonly context?: TicketContext;
}

/** Context that helps to find a fault. The member saw each part before it was sent, and could remove it. */
export interface TicketContext {
  /** The page's address, without likely secrets. */
  readonly page?: string;
  readonly browser?: string;
  /** Such as "1440 × 900, window 1200 × 700". */
  readonly screen?: string;
  /** The browser's preferred languages. */
  readonly language?: string;
  /** Set by the site. */
  readonly appVersion?: string;
  /** The page's last script errors, oldest first. */
  readonly errors?: readonly string[];
  /** What the site's page says about the member, such as their plan. Claimed, like everything here: the browser sends it. */
  readonly attributes?: readonly ContextAttribute[];
}

/** At most 20 for each ticket. Both are one line, as the page and the member see them. */
export interface ContextAttribute {
  /** At most 64 characters. */
  readonly name: string;
  /** At most 500 characters. */
  readonly value: string;
}

export type TicketCounts = Readonly<Record<TicketQuery["filter"], number>>;

export interface TicketQuery {
  readonly filter: "open" | "awaiting" | "all";
  readonly search?: string;
  /** `next` of the previous page. */
  readonly cursor?: string;
  /** At most this many; the adapter may return fewer. @default 20 */
  readonly limit?: number;
}

export type TicketEvent = { readonly cursor?: string } & (
  | { readonly type: "ticket"; readonly ticket: Ticket }
  | { readonly type: "message"; readonly ticketId: string; readonly message: Message }
  /** Deleted, or no longer the member's. */
  | { readonly type: "removed"; readonly ticketId: string }
);

/** A date is "2026-11-23"; several selected options are a list of their values. */
export type FieldValue = string | number | boolean | readonly string[];

export interface Field {
  readonly key: string;
  readonly label: string;
  readonly kind: "text" | "long-text" | "select" | "multi-select" | "checkbox" | "date" | "number";
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  readonly required?: boolean;
  readonly help?: string;
  /** For text: a regular expression that must match the whole value, as in HTML's `pattern`. `help` describes it. */
  readonly pattern?: string;
  /** Shown only while the other field has one of these values; hidden fields are not sent. */
  readonly showWhen?: { readonly key: string; readonly values: readonly (string | number | boolean)[] };
}

// --------------------------------------------------------------------------------------------------------- messages

export interface Author {
  readonly id: string;
  readonly name?: string;
  /**
   * `member`: the caller. `participant`: another person on the member's side, such as a colleague in Cc. `system`: the
   * desk itself.
   */
  readonly role: "member" | "agent" | "participant" | "system";
  /** The id of a picture that `uploads.download` returns to anyone who may see this author. */
  readonly picture?: string;
}

export interface Message {
  readonly id: string;
  /** The draft's id, if the message came from a draft: matches the echo to what is already shown. */
  readonly clientId?: string;
  readonly author: Author;
  /** A member's: plain text. Anyone else's: text in the small Markdown subset of docs/architecture.md. Never HTML. */
  readonly text: string;
  readonly at: string;
  readonly attachments?: readonly Attachment[];
  /** A change of the ticket's status by `author`, instead of a message; the text may be empty. */
  readonly change?: { readonly status: TicketStatus };
}

export interface MessageDraft {
  /** A UUID made once on the member's device: the same one twice makes one message. */
  readonly clientId: string;
  /** Plain text, as typed. Only empty if there are files. */
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
   * Resumes the member's open conversation, or joins the queue with a new one. The request has a guest's name and
   * e-mail; for a verified member the desk knows them.
   */
  open(request: ChatRequest, ctx: CallContext): Promise<Conversation>;
  send(conversationId: string, draft: MessageDraft, ctx: CallContext): Promise<Message>;
  /**
   * Events after `cursor`, then live events until `signal` aborts. Without a cursor: all events from the start. To report
   * a lost connection, throw or return: the core reconnects, with back-off, from the last cursor that it saw.
   */
  events(conversationId: string, cursor: string | undefined, ctx: StreamContext): AsyncIterable<ChatEvent>;

  // Optional
  availability?(ctx: CallContext): Promise<Availability>;
  /** The member's running conversation, without joining the queue. */
  current?(ctx: CallContext): Promise<Conversation | undefined>;
  /** The member's newest conversation, ended or not: to be read again. */
  last?(ctx: CallContext): Promise<Conversation | undefined>;
  /** The messages before the page cursor `before`, oldest first; without one: the newest. `next` is the earlier page. */
  history?(conversationId: string, before: string | undefined, ctx: CallContext): Promise<ChatHistory>;
  /** Mails the transcript to the e-mail address of `ctx.member`, which the site or the desk has verified. */
  mailTranscript?(conversationId: string, ctx: CallContext): Promise<void>;
  setTyping?(conversationId: string, typing: boolean, ctx: CallContext): Promise<void>;
  markRead?(conversationId: string, messageId: string, ctx: CallContext): Promise<void>;
  /** Ends the conversation, or leaves the queue. Ending an ended one does nothing. */
  close?(conversationId: string, ctx: CallContext): Promise<void>;
  rate?(conversationId: string, rating: Rating, ctx: CallContext): Promise<void>;
  /** A ticket was created from the conversation at another desk: `combine` calls this, and both records name each other. */
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
  /** The languages of the team, as BCP 47 tags. Absent: unknown, so none are shown. */
  readonly languages?: readonly string[];
  /** From real service times; absent if there are none. */
  readonly waitMs?: number;
}

export interface ChatRequest {
  /** A UUID: the same one twice joins the queue once. */
  readonly clientId: string;
  readonly name: string;
  readonly email: string;
  /** The member's number at the site, if the form has that field. */
  readonly memberId?: string;
  readonly question: string;
  /** The member's ticket that the chat is about: the agent sees it. */
  readonly ticketId?: string;
  /** The address of the member's page, without likely secrets. */
  readonly page?: string;
}

export interface Conversation {
  readonly id: string;
  readonly status: "queued" | "active" | "ended";
  /** While queued: 1 is next. */
  readonly position?: number;
  /** While queued: the estimated time until an agent comes, from real service times; absent if there are none. */
  readonly waitMs?: number;
  /** While queued: how long a member without a stream keeps their place. Absent: until they leave. */
  readonly graceMs?: number;
  readonly agent?: Author;
  readonly createdAt: string;
  /** Who asked for a ticket instead. */
  readonly ticketRequestedBy?: Author;
  /** The ticket that was created from it. */
  readonly ticket?: { readonly id: string; readonly number: string };
}

export interface ChatHistory extends Page<Message> {
  /** Where `events` resumes after the newest of these. Returned with the first page, as are the next two. */
  readonly cursor?: string;
  /**
   * Ids of the newest messages that an agent's screen has, and that an agent has read: `events` may have reported them
   * before `cursor`.
   */
  readonly delivered?: string;
  readonly read?: string;
}

export type ChatEvent = { readonly cursor?: string } &
  /** A new message, or, with a known id, the message as corrected by its author. */
  (
    | { readonly type: "message"; readonly message: Message }
    /** Its author retracted it. */
    | { readonly type: "message-removed"; readonly messageId: string }
    /** The conversation changed: place in the queue, agent joined, ended. Contains the whole new state. */
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
  /** The file's bytes. Only of files that this member uploaded, or can see in a ticket or conversation. */
  download?(attachmentId: string, ctx: CallContext): Promise<Blob>;
}

export interface UploadContext extends CallContext {
  /** Stable for this file of this draft: an interrupted upload continues. */
  readonly clientId?: string;
  /** From 0 to 1. */
  onProgress?(fraction: number): void;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface AccountsApi {
  /** Rejects with `unauthorized` for unknown credentials; never says which of the two was wrong. */
  signIn(credentials: Credentials, ctx: CallContext): Promise<Member>;
}

/** The areas of the tabs, to which access rules apply. */
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
  /** The name in the panel's header. */
  readonly team?: string;
  /** Some members of the team, for the first screen. */
  readonly agents?: readonly AgentProfile[];
  /** A notice of the site for every member, such as "Payments are slow today". In the caller's language. */
  readonly notice?: string;
  /**
   * The text that a member agrees to before their first message, in the caller's language and the small Markdown
   * subset. Absent: nothing is asked.
   */
  readonly consent?: string;
}

/** One of the team, as the site introduces them. */
export interface AgentProfile {
  readonly name: string;
  /** The absolute address of a picture. The page fetches it without cookies. */
  readonly picture?: string;
}

export interface Unread {
  readonly awaiting: number;
  /** Changes with the number. */
  readonly version: string;
}

export interface SessionApi {
  /** The server's answer at the connection, as plain JSON: `Platform.recall` creates an adapter from it later. */
  readonly answer?: unknown;
  /** The caller's identity at the server, and the areas open to them. */
  current(ctx: CallContext): Promise<Session>;
  signOut(ctx: CallContext): Promise<void>;
  /** How many tickets await the member; the server knows it without asking the desk. */
  unread?(ctx: CallContext): Promise<Unread>;
  /** Transfers a guest's data to the caller. `guestToken` is the gateway's own; it is invalid afterwards. */
  merge?(guestToken: string, ctx: CallContext): Promise<void>;
  /** The address of the separate chat page, with a one-time code in it (60 seconds, bound to this member). */
  chatPage?(ctx: CallContext): Promise<string>;
}
