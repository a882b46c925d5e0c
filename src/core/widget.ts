import { computed, createModel, effect, signal, untracked } from "@preact/signals-core";
import type { ChatModel } from "./chat/chat.ts";
import type { Area } from "./contract/adapter.ts";
import { createDownloads } from "./delivery/downloads.ts";
import { onDispose } from "./delivery/on-dispose.ts";
import type { Scope } from "./delivery/scope.ts";
import type { PodporaEvents } from "./events.ts";
import { IdentityModel } from "./identity/identity.ts";
import type { Person } from "./identity/person.ts";
import type { SiteIdentity } from "./identity/site-identity.ts";
import { isOutdated } from "./outdated-error.ts";
import { callContext, type Platform } from "./platform.ts";
import { formatRoute, type Route } from "./routes.ts";
import type { TicketWords } from "./tickets/ticket-form.ts";
import { TicketsModel } from "./tickets/tickets.ts";
import { deskClock } from "./delivery/desk-clock.ts";

export type Emit = <Name extends keyof PodporaEvents>(name: Name, data: PodporaEvents[Name]) => void;

/** The chat's model: a part of the widget that is fetched when it is needed. */
export type LoadChat = () => Promise<typeof ChatModel>;

export interface WidgetOptions {
  readonly platform: Platform;
  /** The first screen of the panel. */
  readonly route: Route;
  /** The first screen of the next person, after a sign-out. @default the overview of tickets */
  readonly home?: Route;
  /** The site's identification of its member. */
  readonly identity?: SiteIdentity | undefined;
  readonly emit: Emit;
  readonly loadChat: LoadChat;
}

/** Values from the site for fields that the member has not edited. */
export interface Prefill {
  readonly title?: string;
  readonly text?: string;
  readonly name?: string;
  readonly email?: string;
  readonly question?: string;
}

/** The models of one person: created and disposed of with that person. */
interface Models {
  readonly person: Person;
  readonly tickets: TicketsOf;
  readonly downloads: ReturnType<typeof createDownloads>;
  readonly chat?: ChatOf;
}

/** The whole widget, without a screen. */
export const WidgetModel = createModel((options: WidgetOptions) => {
  const { platform, emit, loadChat, home = { tab: "tickets", view: "list" } } = options;
  const identity = new IdentityModel(platform, options.identity);
  const route = signal<Route>(options.route);
  const open = signal(false);
  const models = signal<Models | undefined>(undefined);
  const chatFailed = signal<false | "network" | "outdated">(false);
  let loadingChat: Promise<ChatOf | undefined> | undefined;
  let prefilled: Prefill = {};

  function close() {
    models.peek()?.tickets[Symbol.dispose]();
    models.peek()?.chat?.[Symbol.dispose]();
    models.value = undefined;
    loadingChat = undefined;
    chatFailed.value = false;
  }

  /** The chat of this person; undefined if there is none, or if its part of the widget can't be fetched. */
  async function startChat(): Promise<ChatOf | undefined> {
    const now = models.peek();
    if (!now?.person.scope.adapter.chat || now.chat) return now?.chat;
    chatFailed.value = false;
    try {
      const Model = await loadChat();
      if (models.peek() !== now) return undefined;
      const chat = createChat(Model, now.person.scope, emit);
      models.value = { ...now, chat };
      fillChat(chat);
      void chat.load();
      return chat;
    } catch (error) {
      if (models.peek() !== now) return undefined;
      loadingChat = undefined;
      chatFailed.value = isOutdated(error) ? "outdated" : "network";
      return undefined;
    }
  }
  const withChat = () => (loadingChat ??= startChat());

  // A new person gets new models: nothing of the previous one is shown, or sent under the wrong name.
  effect(() => {
    const person = identity.person.value;
    if (models.peek()?.person === person) return;
    close();
    if (!person) return;
    const { scope } = person;
    const downloads = createDownloads(async (id) => {
      return await scope.adapter.uploads?.download?.(id, callContext(platform, scope.left));
    });
    models.value = { person, tickets: createTickets(scope, emit), downloads };
    fillTicket();
  });
  // The chat may open to a member later: a higher rank, an adapter that was asked again.
  effect(() => {
    if (models.value && identity.session.value?.access.chat.allowed) void withChat();
  });
  // The server translates the site's notice and consent: in another language they are other words.
  effect(() => {
    void platform.locale.value;
    const { notice, consent } = untracked(() => identity.session.value) ?? {};
    if (notice !== undefined || consent !== undefined) void identity.connect();
  });
  onDispose(close);

  function fillTicket() {
    const { title, text } = prefilled;
    models.peek()?.tickets.form.prefill({ ...(title !== undefined && { title }), ...(text !== undefined && { text }) });
  }
  function fillChat(chat: ChatOf) {
    const { name, email, question } = prefilled;
    const words = { name, email, question };
    chat.prefill(Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined)));
  }

  function navigate(to: Route) {
    if (to.view === "new") models.peek()?.tickets.startNew();
    if (formatRoute(to) === formatRoute(route.peek())) return;
    route.value = to;
    emit("route", { route: formatRoute(to) });
  }

  /** From the chat into the ticket form, with all messages so far. */
  function handOff(words: Partial<TicketWords>) {
    const now = models.peek();
    if (!now) return;
    // Unsent text and files of the chat are moved to the ticket.
    now.tickets.form.takeOver({ conversationId: "", ...words }, now.chat?.takeAll());
    now.chat?.dismissNotice();
    emit("handoff", { from: "chat" });
    navigate({ tab: "tickets", view: "new" });
  }

  const adapter = computed(() => identity.person.value?.scope.adapter);

  /** The member's screen: for a desk without tickets always its chat. */
  const shown = computed(() =>
    adapter.value?.chat && !adapter.value.tickets ? ({ tab: "chat", view: "chat" } as const) : route.value,
  );

  /** In a background tab, or if the page has removed the widget, nothing is visible. */
  const looks = computed(() => open.value && platform.visible.value);
  const looksAtChat = computed(() => looks.value && shown.value.tab === "chat");
  const unreadChat = computed(() => (looksAtChat.value ? 0 : (models.value?.chat?.unread.value ?? 0)));

  return {
    session: identity,
    online: platform.online,
    /** The panel is open, and the member can see it. */
    looks,
    looksAtChat,
    clock: deskClock(platform),
    canSignIn: computed(() => adapter.value?.accounts !== undefined),
    canUpload: computed(() => adapter.value?.uploads !== undefined),
    canPopOut: computed(() => adapter.value?.session?.chatPage !== undefined),
    route: shown,
    open: computed(() => open.value),
    tickets: computed(() => models.value?.tickets),
    chat: computed(() => models.value?.chat),
    /** The chat's part of the widget could not be fetched. */
    chatFailed: computed(() => chatFailed.value),
    withChat,
    unread: unreadChat,
    /** The unread count: tickets that need the member's answer, and unseen chat messages. */
    waiting: computed(() => unreadChat.value + (models.value?.tickets.list.awaiting.value ?? 0)),
    navigate,
    show() {
      if (open.peek()) return;
      open.value = true;
      void identity.connect();
      emit("open", {});
    },
    hide() {
      if (!open.peek()) return;
      open.value = false;
      models.peek()?.tickets.left();
      emit("close", {});
    },
    /** Kept until there is a form to fill. Never overwrites the member's text. */
    prefill(words: Prefill) {
      prefilled = { ...prefilled, ...words };
      fillTicket();
      const chat = models.peek()?.chat;
      if (chat) fillChat(chat);
    },
    /** Whether the desk has this at all. The session's `access` says who may use it. */
    offers(area: Area): boolean {
      return adapter.value?.[area] !== undefined;
    },
    /** The page is notified that the member has to sign in, so that it can offer its own sign-in. */
    needIdentity() {
      emit("identity:needed", {});
    },
    /** A file's bytes, or undefined if the desk returns none. */
    download: async (attachmentId: string): Promise<Blob | undefined> =>
      await models.peek()?.downloads.get(attachmentId),
    /** From the queue into the ticket form. The desk is told as soon as possible. */
    leaveQueueForTicket(question: string) {
      handOff({ text: question });
      models.peek()?.chat?.end();
    },
    handOff,
    /** From a closed ticket into the form, with the reply that the member was writing. */
    followUp(words: { readonly title: string; readonly text: string }) {
      const { form, thread } = models.peek()?.tickets ?? {};
      form?.prefill({ title: words.title });
      form?.takeOver({ text: words.text }, thread?.peek()?.takeAll());
      navigate({ tab: "tickets", view: "new" });
    },
    /** From a ticket into the chat, with the ticket for the agent. */
    askLive(ticketId: string, question: string) {
      navigate({ tab: "chat", view: "chat" });
      void withChat().then((chat) => {
        const status = chat?.conversation.peek()?.status;
        // In a running chat, the question is sent there.
        if (status === "active" || status === "queued") chat?.write(chat.text.peek() || question);
        else chat?.fill({ ticketId, question });
      });
    },
    /** Wipes everybody's data from this browser, whether or not the person is known; then signs out. */
    async signOut(): Promise<void> {
      const done = identity.signOut();
      prefilled = {};
      route.value = home;
      await done;
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
