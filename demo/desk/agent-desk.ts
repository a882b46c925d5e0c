import type { Availability } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import type { SharedStore } from "../../src/gateway/shared-store.ts";
import { createAgentChat, type AgentChat } from "./agent-chat.ts";
import { createAgentFiles, type AgentFiles } from "./agent-files.ts";
import { agentEvents, type AgentEvent } from "./agent-events.ts";
import { createAgentTickets, type AgentTickets } from "./agent-tickets.ts";
import type { Agent, AgentSession } from "./agents.ts";
import type { Desk } from "./parts.ts";

/** All agent operations. Authorisation is up to the agent API, with `session`. */
export interface AgentDesk {
  readonly tickets: AgentTickets;
  readonly chat: AgentChat;
  readonly files: AgentFiles;
  /** Rejects with `unauthorized`, and with `rate-limited` after ten failed attempts. */
  signIn(username: string, password: string): Promise<{ readonly token: string; readonly agent: Agent }>;
  session(token: string): AgentSession | undefined;
  /** Also ends the session's event streams. */
  signOut(session: AgentSession): void;
  setAvailable(session: AgentSession, available: boolean): void;
  /** The availability that members see. */
  availability(): Availability;
  /** The session counts as present while this is read and for ten seconds after. Ends on sign-out. */
  events(session: AgentSession, signal: AbortSignal): AsyncIterable<AgentEvent>;
  stillValid(session: AgentSession): boolean;
  /** The number of live event streams of members and agents. */
  listeners(): number;
}

const signInLimit = { capacity: 10, refillMs: 30_000 };

export function createAgentDesk(desk: Desk, keyStore: SharedStore): AgentDesk {
  const { absences, agents, availability, events, files, presence } = desk;
  return {
    tickets: createAgentTickets(desk),
    chat: createAgentChat(desk),
    files: createAgentFiles(files),
    async signIn(username, password) {
      const retryAfterMs = await keyStore.take(`agent-sign-in:${username.slice(0, 100)}`, signInLimit);
      if (retryAfterMs > 0) throw new AdapterError("rate-limited", "Too many tries: wait a little.", { retryAfterMs });
      return agents.signIn(username, password);
    },
    session: (token) => agents.session(token),
    stillValid: (session) => agents.stillValid(session.id),
    signOut(session) {
      agents.signOut(session.id);
      presence.dismiss(session.id);
      absences.agentLeft(session.agent.id);
    },
    setAvailable: (session, available) => agents.setAvailable(session.id, available),
    availability: () => availability.now(),
    events(session, signal) {
      const stream = presence.join(session.id);
      signal.addEventListener("abort", () => stream.leave(), { once: true });
      if (signal.aborted) stream.leave();
      return agentEvents(desk, AbortSignal.any([signal, stream.signal]));
    },
    listeners: () => events.followers(),
  };
}
