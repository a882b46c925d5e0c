import type { GenericSchema } from "valibot";
import * as data from "./data.ts";

/**
 * A route of the gateway. Paths are relative to its base path; `:id` is a percent-encoded path segment. Both sides and
 * the OpenAPI document are generated from these.
 */
export interface Route {
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
  /** On success. 204 has no body. */
  readonly status: 200 | 201 | 204;
  /** The schema of the response body, or of each event of a stream. */
  readonly answer?: GenericSchema;
  /** The `Location` of the created resource; `:id` is the id in the response. */
  readonly made?: string;
  /** Requires an `Idempotency-Key`; the operation is executed once per key. */
  readonly once?: true;
  /** Responds with server-sent events. */
  readonly stream?: true;
}

export const routes = {
  session: { method: "GET", path: "/session", status: 200, answer: data.sessionAnswer },
  guest: { method: "POST", path: "/session/guest", status: 201, answer: data.tokenAnswer },
  signIn: { method: "POST", path: "/session/sign-in", status: 200, answer: data.tokenAnswer },
  signOut: { method: "POST", path: "/session/sign-out", status: 204 },
  merge: { method: "POST", path: "/session/merge", status: 204 },
  chatCode: { method: "POST", path: "/session/chat-code", status: 201, answer: data.chatCodeAnswer },
  redeem: { method: "POST", path: "/session/redeem", status: 200, answer: data.redeemAnswer },

  listTickets: { method: "GET", path: "/tickets", status: 200, answer: data.ticketPage },
  createTicket: {
    method: "POST",
    path: "/tickets",
    status: 201,
    answer: data.ticket,
    made: "/tickets/:id",
    once: true,
  },
  ticketFields: { method: "GET", path: "/tickets/fields", status: 200, answer: data.fieldList },
  ticketCounts: { method: "GET", path: "/tickets/counts", status: 200, answer: data.ticketCounts },
  unreadTickets: { method: "GET", path: "/tickets/unread", status: 200, answer: data.unreadTickets },
  ticketEvents: { method: "GET", path: "/tickets/events", status: 200, answer: data.ticketStreamEvent, stream: true },
  ticket: { method: "GET", path: "/tickets/:id", status: 200, answer: data.ticket },
  ticketThread: { method: "GET", path: "/tickets/:id/messages", status: 200, answer: data.messagePage },
  replyToTicket: { method: "POST", path: "/tickets/:id/messages", status: 201, answer: data.message, once: true },
  setTicketStatus: { method: "PUT", path: "/tickets/:id/status", status: 200, answer: data.ticket },
  rateTicket: { method: "PUT", path: "/tickets/:id/rating", status: 200, answer: data.ticket },

  searchArticles: { method: "GET", path: "/articles", status: 200, answer: data.articleList },
  article: { method: "GET", path: "/articles/:id", status: 200, answer: data.article },

  chatAvailability: { method: "GET", path: "/chat/availability", status: 200, answer: data.availability },
  lastChat: { method: "GET", path: "/chat/last", status: 200, answer: data.currentConversation },
  chatHistory: { method: "GET", path: "/chat/conversations/:id/messages", status: 200, answer: data.chatHistory },
  mailTranscript: { method: "POST", path: "/chat/conversations/:id/transcript", status: 204 },
  currentChat: { method: "GET", path: "/chat/current", status: 200, answer: data.currentConversation },
  openChat: {
    method: "POST",
    path: "/chat/conversations",
    status: 201,
    answer: data.conversation,
    made: "/chat/conversations/:id/messages",
    once: true,
  },
  sendChat: {
    method: "POST",
    path: "/chat/conversations/:id/messages",
    status: 201,
    answer: data.message,
    once: true,
  },
  chatEvents: {
    method: "GET",
    path: "/chat/conversations/:id/events",
    status: 200,
    answer: data.chatEvent,
    stream: true,
  },
  setTyping: { method: "PUT", path: "/chat/conversations/:id/typing", status: 204 },
  markRead: { method: "PUT", path: "/chat/conversations/:id/read", status: 204 },
  closeChat: { method: "POST", path: "/chat/conversations/:id/close", status: 204 },
  rateChat: { method: "POST", path: "/chat/conversations/:id/rating", status: 204 },

  finishUpload: { method: "POST", path: "/uploads/:id/finish", status: 200, answer: data.attachment },
} as const satisfies Readonly<Record<string, Route>>;

export type RouteName = keyof typeof routes;

/** Where files are uploaded with the tus protocol, version 1.0.0. */
export const UPLOADS_PATH = "/uploads";
/** Where a file is downloaded: GET with its id appended. */
export const FILES_PATH = "/files";
