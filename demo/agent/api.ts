import ky, { HTTPError, type KyInstance } from "ky";
import { createParser } from "eventsource-parser";
import type { AgentChat, AgentConversation, AgentTranscript } from "../desk/agent-chat.ts";
import type { AgentEvent } from "../desk/agent-events.ts";
import type { AgentDraft, AgentMessageKind, AgentThread, AgentTicket } from "../desk/agent-tickets.ts";
import type { Agent } from "../desk/agents.ts";
import type { Canned } from "../desk/canned.ts";
import type { Attachment, TicketStatus } from "../../src/core/contract/adapter.ts";

/** The agent API with a signed-in agent's token. All methods reject with ky's errors. */
export interface AgentCalls {
  me(): Promise<{ readonly agent: Agent; readonly available: boolean }>;
  signOut(): Promise<void>;
  setAvailable(available: boolean): Promise<void>;
  tickets(status: TicketStatus, search: string): Promise<readonly AgentTicket[]>;
  thread(id: string): Promise<AgentThread>;
  write(id: string, draft: AgentDraft, kind: AgentMessageKind): Promise<void>;
  setStatus(id: string, status: "open" | "resolved" | "closed"): Promise<void>;
  remove(id: string): Promise<void>;
  /** Converts HTML copied from an e-mail or a document to message markup. */
  markup(html: string): Promise<string>;
  upload(file: File, clientId: string): Promise<Attachment>;
  conversations(): Promise<ReturnType<AgentChat["list"]>>;
  transcript(id: string): Promise<AgentTranscript>;
  take(id: string): Promise<AgentConversation>;
  say(id: string, draft: AgentDraft): Promise<void>;
  setTyping(id: string, typing: boolean): Promise<void>;
  markRead(id: string, messageId: string): Promise<void>;
  markDelivered(id: string, messageId: string): Promise<void>;
  colleagues(): Promise<readonly Agent[]>;
  /** To the front of the queue if `to` is undefined. */
  transfer(id: string, to: string | undefined): Promise<void>;
  canned(locale: string): Promise<readonly Canned[]>;
  requestTicket(id: string): Promise<void>;
  end(id: string): Promise<void>;
  file(id: string, signal?: AbortSignal): Promise<Blob>;
  /** The events of one connection, until it is lost or `signal` aborts. */
  listen(onOpen: () => void, onEvent: (event: AgentEvent) => void, signal: AbortSignal): Promise<void>;
}

export interface Api {
  signIn(username: string, password: string): Promise<{ readonly token: string; readonly agent: Agent }>;
  as(token: string): AgentCalls;
}

// The desk sends a comment every 15 seconds: after two missing ones, the connection is dead.
const silenceMs = 35_000;

export function createApi(prefixUrl: string): Api {
  const http = ky.create({ prefixUrl, cache: "no-store" });
  return {
    signIn: (username, password) => http.post("sign-in", { json: { username, password } }).json(),
    as: (token) => callsOf(http.extend({ headers: { Authorization: `Bearer ${token}` } })),
  };
}

function callsOf(http: KyInstance): AgentCalls {
  const post = async (path: string, json?: unknown) => void (await http.post(path, json === undefined ? {} : { json }));
  return {
    me: () => http.get("me").json(),
    signOut: () => post("sign-out"),
    setAvailable: async (available) => void (await http.put("availability", { json: { available } })),
    tickets: (status, search) =>
      http.get("tickets", { searchParams: { status, ...(search === "" ? {} : { search }) } }).json(),
    thread: (id) => http.get(`tickets/${id}`).json(),
    write: (id, draft, kind) => post(`tickets/${id}/messages`, { ...draft, kind }),
    setStatus: async (id, status) => void (await http.put(`tickets/${id}/status`, { json: { status } })),
    remove: async (id) => void (await http.delete(`tickets/${id}`)),
    markup: async (html) => (await http.post("markup", { json: { html } }).json<{ readonly text: string }>()).text,
    upload(file, clientId) {
      const body = new FormData();
      body.set("clientId", clientId);
      body.set("file", file);
      return http.post("files", { body, timeout: false }).json();
    },
    conversations: () => http.get("conversations").json(),
    transcript: (id) => http.get(`conversations/${id}`).json(),
    take: (id) => http.post(`conversations/${id}/take`).json(),
    say: (id, draft) => post(`conversations/${id}/messages`, draft),
    setTyping: (id, typing) => post(`conversations/${id}/typing`, { typing }),
    markRead: (id, messageId) => post(`conversations/${id}/read`, { messageId }),
    markDelivered: (id, messageId) => post(`conversations/${id}/delivered`, { messageId }),
    colleagues: () => http.get("colleagues").json(),
    transfer: (id, to) => post(`conversations/${id}/transfer`, to === undefined ? {} : { to }),
    canned: (locale) => http.get("canned", { searchParams: { locale } }).json(),
    requestTicket: (id) => post(`conversations/${id}/request-ticket`),
    end: (id) => post(`conversations/${id}/end`),
    file: (id, signal) => http.get(`files/${id}`, signal ? { signal } : {}).blob(),
    async listen(onOpen, onEvent, signal) {
      const silence = new AbortController();
      const response = await http.get("events", {
        signal: AbortSignal.any([signal, silence.signal]),
        timeout: false,
        retry: 0,
      });
      if (!response.body) return;
      onOpen();
      const parser = createParser({ onEvent: ({ data }) => onEvent(JSON.parse(data)) });
      const lost = () => silence.abort(new Error("The desk has been silent for too long."));
      let timer = setTimeout(lost, silenceMs);
      try {
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        for (let step = await reader.read(); !step.done; step = await reader.read()) {
          clearTimeout(timer);
          timer = setTimeout(lost, silenceMs);
          parser.feed(step.value);
        }
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

export function statusOf(error: unknown): number | undefined {
  return error instanceof HTTPError ? error.response.status : undefined;
}
