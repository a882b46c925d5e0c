import { batch, computed, effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { TicketStatus } from "../../src/core/contract/adapter.ts";
import type { AgentConversation, AgentTranscript } from "../desk/agent-chat.ts";
import type { AgentEvent } from "../desk/agent-events.ts";
import type { AgentThread, AgentTicket } from "../desk/agent-tickets.ts";
import type { Agent } from "../desk/agents.ts";
import { statusOf, type AgentCalls, type Api } from "./api.ts";
import { createDrafts, type Drafts } from "./drafts.ts";
import { stayConnected } from "./live.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { createPlace, type At, type Place } from "./place.ts";

/** The page's state and an agent's actions. Errors go to `problem`, as text for the agent. */
export interface DeskModel {
  readonly agent: ReadonlySignal<Agent | undefined>;
  readonly available: ReadonlySignal<boolean>;
  /** The live connection is open; while it is not, members find the chat closed. */
  readonly connected: ReadonlySignal<boolean>;
  readonly queue: ReadonlySignal<readonly AgentConversation[]>;
  readonly mine: ReadonlySignal<readonly AgentConversation[]>;
  readonly tickets: ReadonlySignal<readonly AgentTicket[] | undefined>;
  readonly filter: Signal<TicketStatus>;
  readonly search: Signal<string>;
  readonly place: Place;
  readonly thread: ReadonlySignal<AgentThread | undefined>;
  readonly transcript: ReadonlySignal<AgentTranscript | undefined>;
  /** The member of the open conversation is typing. */
  readonly memberTypes: ReadonlySignal<boolean>;
  readonly problem: Signal<string | undefined>;
  readonly drafts: Drafts;
  /** Resolves with whether it succeeded. */
  readonly signIn: (username: string, password: string) => Promise<boolean>;
  readonly signOut: () => Promise<void>;
  readonly setAvailable: (available: boolean) => Promise<void>;
  /** Runs calls, then reloads. Resolves with false if they failed; `problem` then has the reason. */
  readonly act: (what: (calls: AgentCalls) => Promise<unknown>) => Promise<boolean>;
  /** Permanently. Closes the ticket if it is open. */
  readonly removeTicket: (id: string) => Promise<void>;
  readonly calls: () => AgentCalls | undefined;
}

const tokenKey = "desk-agent-token";
const typingShownMs = 6000;

export function createDeskModel(api: Api): DeskModel {
  const token = signal(sessionStorage.getItem(tokenKey) ?? undefined);
  const calls = computed(() => (token.value === undefined ? undefined : api.as(token.value)));
  const agent = signal<Agent>();
  const available = signal(false);
  const connected = signal(false);
  const queue = signal<readonly AgentConversation[]>([]);
  const mine = signal<readonly AgentConversation[]>([]);
  const tickets = signal<readonly AgentTicket[]>();
  const filter = signal<TicketStatus>("open");
  const search = signal("");
  const place = createPlace();
  const thread = signal<AgentThread>();
  const transcript = signal<AgentTranscript>();
  const memberTypes = signal(false);
  const problem = signal<string>();
  const drafts = createDrafts();
  const removed = new Set<string>();
  let typingTimer: ReturnType<typeof setTimeout> | undefined;

  function forget(): void {
    sessionStorage.removeItem(tokenKey);
    batch(() => {
      token.value = undefined;
      agent.value = undefined;
      available.value = false;
      queue.value = [];
      mine.value = [];
      tickets.value = undefined;
      thread.value = undefined;
      transcript.value = undefined;
    });
  }

  function fail(error: unknown): void {
    const status = statusOf(error);
    if (status === 401) return forget();
    problem.value = problems[status ?? 0] ?? "The desk cannot be reached. Nothing that you wrote is lost.";
  }

  async function guarded(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      fail(error);
      return false;
    }
  }

  const lookAtChats = oneAtATime(async () => {
    const lists = await calls.value?.conversations();
    if (!lists) return;
    batch(() => {
      queue.value = lists.queue;
      mine.value = lists.mine;
    });
    // The messages are now on this screen: the member sees "delivered".
    const arrived = lists.mine.flatMap(({ id, undelivered }) =>
      undelivered === undefined ? [] : [{ id, undelivered }],
    );
    await Promise.allSettled(arrived.map(async ({ id, undelivered }) => calls.value?.markDelivered(id, undelivered)));
  });
  const lookAtTickets = oneAtATime(async () => {
    const found = await calls.value?.tickets(filter.value, search.value.trim());
    if (found) tickets.value = found;
  });
  const lookAtPlace = oneAtATime(async () => {
    const at = place.at.value;
    if (!at) return;
    try {
      await lookAt(at);
    } catch (error) {
      if (statusOf(error) !== 404 || place.at.value?.id !== at.id) throw error;
      place.go(undefined);
      // The agent who removed it needs no message.
      if (!removed.has(at.id)) problem.value = problems[404];
    }
  });

  async function lookAt(at: At): Promise<void> {
    const here = () => place.at.value?.id === at.id;
    if (at.kind === "ticket") {
      const found = await calls.value?.thread(at.id);
      if (found && here()) thread.value = found;
    } else {
      const found = await calls.value?.transcript(at.id);
      if (found && here()) transcript.value = found;
    }
  }
  const look = (...looks: readonly (() => Promise<void>)[]) => guarded(() => Promise.all(looks.map((one) => one())));

  async function act(what: (agentCalls: AgentCalls) => Promise<unknown>): Promise<boolean> {
    problem.value = undefined;
    const done = await guarded(async () => {
      if (calls.value) await what(calls.value);
    });
    await look(lookAtChats, lookAtTickets, lookAtPlace);
    return done;
  }

  function onEvent(event: AgentEvent): void {
    const at = place.at.value;
    if (event.type === "ticket") {
      void look(lookAtTickets, ...(at?.id === event.ticketId ? [lookAtPlace] : []));
      return;
    }
    const here = at?.id === event.conversationId;
    if (event.type === "typing") {
      if (!here) return;
      clearTimeout(typingTimer);
      memberTypes.value = event.typing;
      if (event.typing) typingTimer = setTimeout(() => (memberTypes.value = false), typingShownMs);
      return;
    }
    if (here) memberTypes.value = false;
    void look(lookAtChats, ...(here ? [lookAtPlace] : []));
  }

  effect(() => {
    const signedIn = calls.value;
    if (!signedIn) return undefined;
    return stayConnected({
      connect: (stop, onOpen) => signedIn.listen(onOpen, onEvent, stop),
      async onOpen() {
        // Events contain no data, so changes during the interruption are loaded here.
        const me = await signedIn.me();
        batch(() => {
          connected.value = true;
          agent.value = me.agent;
          available.value = me.available;
        });
        await look(lookAtChats, lookAtTickets, lookAtPlace);
      },
      onLost(error) {
        connected.value = false;
        if (statusOf(error) === 401) forget();
      },
    });
  });
  effect(() => {
    const at = place.at.value;
    if (thread.peek()?.ticket.id !== at?.id) thread.value = undefined;
    if (transcript.peek()?.conversation.id !== at?.id) transcript.value = undefined;
    memberTypes.value = false;
    if (at && calls.value) void look(lookAtPlace);
  });
  effect(() => {
    void [filter.value, search.value];
    if (!calls.value) return undefined;
    const timer = setTimeout(() => void look(lookAtTickets), 150);
    return () => clearTimeout(timer);
  });
  effect(() => {
    const waiting = queue.value.length + mine.value.reduce((sum, { unread }) => sum + unread, 0);
    document.title = waiting > 0 ? `(${waiting}) Desk` : "Desk";
  });

  return {
    agent,
    available,
    connected,
    queue,
    mine,
    tickets,
    filter,
    search,
    place,
    thread,
    transcript,
    memberTypes,
    problem,
    drafts,
    calls: () => calls.value,
    async signIn(username, password) {
      problem.value = undefined;
      try {
        const session = await api.signIn(username, password);
        sessionStorage.setItem(tokenKey, session.token);
        await api.as(session.token).setAvailable(true);
        batch(() => {
          agent.value = session.agent;
          available.value = true;
          token.value = session.token;
        });
        return true;
      } catch (error) {
        const wrong = statusOf(error) === 401;
        if (wrong) problem.value = "The username or password is incorrect.";
        else fail(error);
        return false;
      }
    },
    async signOut() {
      await guarded(async () => calls.value?.signOut());
      forget();
    },
    async setAvailable(wanted) {
      const done = await guarded(async () => calls.value?.setAvailable(wanted));
      if (done) available.value = wanted;
    },
    act,
    async removeTicket(id) {
      removed.add(id);
      const done = await act(async (agentCalls) => {
        await agentCalls.remove(id);
        if (place.at.value?.id === id) place.go(undefined);
      });
      if (done) drafts.done(id);
      else removed.delete(id);
    },
  };
}

const problems: Readonly<Record<number, string>> = {
  403: "Another agent has this conversation.",
  404: "This is not here any more.",
  413: "This is too large.",
  422: "The desk did not accept this. Check the file’s type, and whether the conversation has ended.",
  429: "Too many tries. Wait a minute.",
  503: "The desk cannot store this now. Try again in a moment.",
};
