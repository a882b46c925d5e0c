import type { GenericSchema } from "valibot";
import * as requests from "../protocol/requests.ts";
import type { RouteName } from "../protocol/routes.ts";

export interface Operation {
  readonly summary: string;
  readonly tag: "session" | "tickets" | "chat" | "files" | "gateway";
  /** `anyone`: with or without a token. `look`: without one, if guests are allowed. `public`: the token is ignored. */
  readonly access: "anyone" | "look" | "token" | "public";
  readonly body?: GenericSchema;
  readonly query?: GenericSchema;
}

const session = { tag: "session", access: "anyone" } as const;
const tickets = { tag: "tickets", access: "token" } as const;
const chat = { tag: "chat", access: "token" } as const;

/** The input of each route; the routes themselves define the output. */
export const operations: Readonly<Record<RouteName, Operation>> = {
  session: { ...session, summary: "The caller, the areas open to them, and the capabilities of the desk" },
  guest: { ...session, summary: "A token for a guest" },
  signIn: { ...session, summary: "Signs in with the desk's own account", body: requests.credentials },
  signOut: { ...session, access: "token", summary: "Ends the session, at every copy of the gateway" },
  merge: {
    ...session,
    access: "token",
    summary: "Transfers a guest's chats and files to the caller",
    body: requests.mergeRequest,
  },
  chatCode: {
    ...session,
    access: "token",
    summary: "The address of the chat page, with a code that works once",
    body: requests.chatCodeRequest,
  },
  redeem: { ...session, summary: "A token in exchange for the code of the chat page", body: requests.redeemRequest },
  listTickets: { ...tickets, summary: "The member's tickets, the last changed first", query: requests.ticketQuery },
  createTicket: { ...tickets, summary: "Creates a ticket", body: requests.ticketDraft },
  ticketFields: { ...tickets, summary: "The additional fields of the desk's form" },
  ticketCounts: { ...tickets, summary: "How many tickets the member has in each list" },
  unreadTickets: { ...tickets, summary: "How many tickets await the member; without a call to the desk" },
  ticketEvents: { ...tickets, summary: "Changes of the member's tickets", query: requests.eventsQuery },
  ticket: { ...tickets, summary: "One ticket" },
  ticketThread: {
    ...tickets,
    summary: "A ticket's newest messages, or those before a cursor, oldest first",
    query: requests.threadQuery,
  },
  replyToTicket: { ...tickets, summary: "Replies, which reopens the ticket", body: requests.messageDraft },
  setTicketStatus: { ...tickets, summary: "Resolves a ticket, or opens it again", body: requests.statusChange },
  rateTicket: { ...tickets, summary: "Rates the help, once the ticket is resolved", body: requests.rating },
  searchArticles: {
    ...tickets,
    access: "look",
    summary: "The help articles that match a text",
    query: requests.articleQuery,
  },
  article: { ...tickets, access: "look", summary: "One help article" },
  chatAvailability: { ...chat, access: "look", summary: "Whether the chat is open" },
  lastChat: { ...chat, access: "look", summary: "The member's newest conversation, ended or not" },
  chatHistory: {
    ...chat,
    summary: "A conversation's messages, newest page first",
    query: requests.historyQuery,
  },
  mailTranscript: { ...chat, summary: "Mails the transcript to the member's verified address" },
  currentChat: { ...chat, access: "look", summary: "The member's running conversation" },
  openChat: { ...chat, summary: "Resumes the member's conversation, or joins the queue", body: requests.chatRequest },
  sendChat: { ...chat, summary: "Sends a chat message", body: requests.messageDraft },
  chatEvents: { ...chat, summary: "The events of a conversation, from the start", query: requests.eventsQuery },
  setTyping: { ...chat, summary: "Sets whether the member is typing", body: requests.typing },
  markRead: { ...chat, summary: "Sets the last message that the member has read", body: requests.read },
  closeChat: { ...chat, summary: "Ends the conversation" },
  rateChat: { ...chat, summary: "Rates the conversation", body: requests.rating },
  finishUpload: {
    tag: "files",
    access: "token",
    summary: "Passes a complete upload to the desk; a retry returns the same attachment",
  },
};
