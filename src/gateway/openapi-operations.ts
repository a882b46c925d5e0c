import type { GenericSchema } from "valibot";
import * as requests from "../protocol/requests.ts";
import type { RouteName } from "../protocol/routes.ts";

export interface Operation {
  readonly summary: string;
  readonly tag: "session" | "tickets" | "chat" | "files" | "gateway";
  /** `anyone`: with a token or without. `look`: without one, where guests may be. `public`: no token is looked at. */
  readonly access: "anyone" | "look" | "token" | "public";
  readonly body?: GenericSchema;
  readonly query?: GenericSchema;
}

const session = { tag: "session", access: "anyone" } as const;
const tickets = { tag: "tickets", access: "token" } as const;
const chat = { tag: "chat", access: "token" } as const;

/** What each route is asked with; the routes themselves say what they answer. */
export const operations: Readonly<Record<RouteName, Operation>> = {
  session: { ...session, summary: "Who the caller is, what is open to them, and what the desk can do" },
  guest: { ...session, summary: "A token for a guest" },
  signIn: { ...session, summary: "Signs in with the desk's own account", body: requests.credentials },
  signOut: { ...session, access: "token", summary: "Ends the session, at every copy of the gateway" },
  merge: {
    ...session,
    access: "token",
    summary: "Gives what a guest began to the caller",
    body: requests.mergeRequest,
  },
  chatCode: {
    ...session,
    access: "token",
    summary: "The address of the chat page, with a code that works once",
    body: requests.chatCodeRequest,
  },
  redeem: { ...session, summary: "A token for the code of the chat page", body: requests.redeemRequest },
  listTickets: { ...tickets, summary: "The member's tickets, the last changed first", query: requests.ticketQuery },
  createTicket: { ...tickets, summary: "Creates a ticket", body: requests.ticketDraft },
  ticketFields: { ...tickets, summary: "What else the desk's form asks for" },
  ticketCounts: { ...tickets, summary: "How many tickets the member has in each list" },
  ticketEvents: { ...tickets, summary: "What changes in the member's tickets", query: requests.eventsQuery },
  ticket: { ...tickets, summary: "One ticket" },
  ticketThread: { ...tickets, summary: "A ticket's messages, the oldest first", query: requests.threadQuery },
  replyToTicket: { ...tickets, summary: "Replies, which reopens the ticket", body: requests.messageDraft },
  setTicketStatus: { ...tickets, summary: "Resolves a ticket, or opens it again", body: requests.statusChange },
  rateTicket: { ...tickets, summary: "Rates the help, once the ticket is resolved", body: requests.rating },
  chatAvailability: { ...chat, access: "look", summary: "Whether the chat is open" },
  lastChat: { ...chat, access: "look", summary: "The member's newest conversation, ended or not" },
  chatHistory: {
    ...chat,
    summary: "A conversation's messages, the newest page first",
    query: requests.historyQuery,
  },
  mailTranscript: { ...chat, summary: "Mails everything that was said to the member's verified address" },
  currentChat: { ...chat, access: "look", summary: "The member's conversation that is not ended" },
  openChat: { ...chat, summary: "Resumes the member's conversation, or joins the queue", body: requests.chatRequest },
  sendChat: { ...chat, summary: "Sends a chat message", body: requests.messageDraft },
  chatEvents: { ...chat, summary: "What happens in a conversation, from the start", query: requests.eventsQuery },
  setTyping: { ...chat, summary: "Says whether the member types", body: requests.typing },
  markRead: { ...chat, summary: "Says up to where the member has read", body: requests.read },
  closeChat: { ...chat, summary: "Ends the conversation" },
  rateChat: { ...chat, summary: "Rates the conversation", body: requests.rating },
  finishUpload: {
    tag: "files",
    access: "token",
    summary: "Gives a complete upload to the desk; a repetition gives the same attachment",
  },
};
