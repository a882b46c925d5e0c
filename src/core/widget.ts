import { computed, createModel, effect, signal } from "@preact/signals-core";
import type { Area, Member } from "./contract/adapter.ts";
import type { ChatModel } from "./chat/chat.ts";
import type { PodporaEvents } from "./events.ts";
import { callContext, type Platform, type Scope } from "./platform.ts";
import { formatRoute, type Route } from "./routes.ts";
import { SessionModel } from "./identity/session.ts";
import { scopedStorage } from "./delivery/storage.ts";
import type { TicketWords } from "./tickets/ticket-form.ts";
import { TicketsModel } from "./tickets/tickets.ts";

export type Emit = <Name extends keyof PodporaEvents>(name: Name, data: PodporaEvents[Name]) => void;

/** The chat's model: a part of the widget that is fetched when there is a chat. */
export type LoadChat = () => Promise<typeof ChatModel>;

/** Guests share one scope, so that a guest's words do not vanish when the server gives them a name. */
function scopeOf(member: Member | undefined): string {
  return member && !member.guest ? `member:${member.id}` : "guest";
}

/** What the storage holds of people; the rest is the browser's, such as its language. */
const personal = ["member:", "guest/", "upload/", "alerted"];

/** The whole widget, without a screen. */
export const WidgetModel = createModel((platform: Platform, start: Route, emit: Emit, loadChat: LoadChat) => {
  const session = new SessionModel(platform);
  const route = signal<Route>(start);
  const open = signal(false);
  const person = signal<{ name: string; scope: Scope; tickets: TicketsOf; chat?: ChatOf } | undefined>(undefined);
  const chatFailed = signal(false);
  let loadingChat: Promise<ChatOf | undefined> | undefined;

  function leave() {
    person.peek()?.tickets[Symbol.dispose]();
    person.peek()?.chat?.[Symbol.dispose]();
    person.value = undefined;
    loadingChat = undefined;
  }

  /** The chat of who is here now; undefined when there is none, or when its part of the widget can't be had. */
  async function startChat(): Promise<ChatOf | undefined> {
    const now = person.peek();
    if (!now?.scope.adapter.chat || now.chat) return now?.chat;
    chatFailed.value = false;
    try {
      const Model = await loadChat();
      if (person.peek() !== now) return undefined;
      const chat = createChat(Model, now.scope, emit);
      person.value = { ...now, chat };
      return chat;
    } catch {
      if (person.peek() !== now) return undefined;
      loadingChat = undefined;
      chatFailed.value = true;
      return undefined;
    }
  }
  const withChat = () => (loadingChat ??= startChat());

  // Another person, other models: nothing of the one before stays on the screen or goes out under the wrong name.
  effect(() => {
    const state = session.state.value;
    if (state.status !== "ready") return;
    const name = scopeOf(state.session.member);
    if (person.peek()?.name === name) return;
    leave();
    const scope: Scope = { platform, adapter: state.adapter, storage: scopedStorage(platform.storage, name) };
    person.value = { name, scope, tickets: createTickets(scope, emit) };
    if (state.session.access.chat.allowed) void withChat();
  });
  const stopped = new AbortController();
  effect(() => () => {
    stopped.abort();
    leave();
  });

  function navigate(to: Route) {
    if (to.view === "new") person.peek()?.tickets.startNew();
    if (formatRoute(to) === formatRoute(route.peek())) return;
    route.value = to;
    emit("route", { route: formatRoute(to) });
  }

  const adapter = computed(() => (session.state.value.status === "ready" ? session.state.value.adapter : undefined));

  /** Where the member is: of a desk without tickets always in its chat. */
  const shown = computed(() =>
    adapter.value?.chat && !adapter.value.tickets ? ({ tab: "chat", view: "chat" } as const) : route.value,
  );

  const unreadChat = computed(() =>
    open.value && shown.value.tab === "chat" ? 0 : (person.value?.chat?.unread.value ?? 0),
  );

  return {
    session,
    online: platform.online,
    canSignIn: computed(() => adapter.value?.accounts !== undefined),
    canUpload: computed(() => adapter.value?.uploads !== undefined),
    canPopOut: computed(() => adapter.value?.session?.chatPage !== undefined),
    route: shown,
    open: computed(() => open.value),
    tickets: computed(() => person.value?.tickets),
    chat: computed(() => person.value?.chat),
    /** The chat's part of the widget could not be fetched. */
    chatFailed: computed(() => chatFailed.value),
    withChat,
    unread: unreadChat,
    /** What waits for the member: tickets that need their answer, and words in the chat that they have not seen. */
    waiting: computed(() => unreadChat.value + (person.value?.tickets.list.awaiting.value ?? 0)),
    navigate,
    show() {
      if (open.peek()) return;
      open.value = true;
      void session.connect();
      emit("open", {});
    },
    hide() {
      if (!open.peek()) return;
      open.value = false;
      person.peek()?.tickets.left();
      emit("close", {});
    },
    /** Whether the desk has this at all. Who may use it is the session's `access`. */
    offers(area: Area): boolean {
      return adapter.value?.[area] !== undefined;
    },
    /** The page is told that somebody has to sign in, so that it can offer its own way. */
    needIdentity() {
      emit("identity:needed", {});
    },
    /** A file's bytes, or undefined where the desk gives none. */
    async download(attachmentId: string): Promise<Blob | undefined> {
      const state = session.state.peek();
      if (state.status !== "ready") return undefined;
      return await state.adapter.uploads?.download?.(attachmentId, callContext(platform, stopped.signal));
    },
    /** Out of the chat into the ticket form, with everything said so far. */
    handOff(words: Partial<TicketWords>) {
      const now = person.peek();
      if (!now) return;
      const { text: written } = now.tickets.form.words.peek();
      // What was being written and chosen in the chat goes along.
      const along = now.chat?.takeAll();
      if (along?.files.length) now.tickets.form.files.add(along.files);
      // Coming this way twice says it once.
      const fresh = [words.text, along?.text].filter((each) => each && !written.includes(each));
      const text = [written, ...fresh].filter(Boolean).join("\n\n");
      now.tickets.form.write({ conversationId: "", ...words, text });
      if (now.chat) now.chat.languageNotice.value = false;
      emit("handoff", { from: "chat" });
      navigate({ tab: "tickets", view: "new" });
    },
    /** Out of a ticket into the chat, with the ticket for the agent to see. */
    askLive(ticketId: string, question: string) {
      navigate({ tab: "chat", view: "chat" });
      void withChat().then((chat) => {
        const status = chat?.conversation.peek()?.status;
        // A chat that runs already is asked there.
        if (status === "active" || status === "queued") chat?.write(chat.text.peek() || question);
        else chat?.fill({ ticketId, question });
      });
    },
    /** Wipes what this browser holds of anybody, whether this page knows who it is or not; then signs out. */
    async signOut(): Promise<void> {
      leave();
      await Promise.all(personal.map((prefix) => platform.storage.clear(prefix))).catch(() => undefined);
      await session.signOut();
      route.value = start;
    },
  };
});

function createTickets(scope: Scope, emit: Emit) {
  return new TicketsModel(scope, {
    onSubmitted: (ticket) => emit("ticket:submitted", { id: ticket.id, number: ticket.number }),
    onReply: (id) => emit("ticket:reply", { id }),
    onAwaiting: ({ id, number }) => emit("ticket:awaiting", { id, number }),
  });
}

function createChat(Model: typeof ChatModel, scope: Scope, emit: Emit) {
  return new Model(scope, {
    onQueued: ({ id }) => emit("chat:queued", { id }),
    onPosition: (position) => emit("chat:position", { position }),
    onAgentJoined: (agent) => emit("chat:agent-joined", { agent: agent.name ?? agent.id }),
    onMessage: (message) => emit("chat:message", { id: message.id, from: message.author.role }),
    onEnded: ({ id }) => emit("chat:ended", { id }),
  });
}

type TicketsOf = InstanceType<typeof TicketsModel>;
type ChatOf = InstanceType<typeof ChatModel>;
