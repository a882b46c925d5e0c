import { batch, computed, createModel, effect, signal } from "@preact/signals-core";
import type {
  Author,
  Availability,
  ChatEvent,
  ChatRequest,
  Conversation,
  Message,
  Rating,
} from "../contract/adapter.ts";
import { createChatComposer } from "./chat-composer.ts";
import { createHistory } from "./chat-history.ts";
import { createTimeline } from "./chat-timeline.ts";
import { clientId } from "../delivery/client-id.ts";
import { type ConnectionState, keepConnected } from "../delivery/connection.ts";
import { createDraft } from "../delivery/drafts.ts";
import { type AdapterErrorCode, isAdapterError } from "../contract/errors.ts";
import { callContext, type Scope } from "../platform.ts";

/** What the form before the chat asks for; what the site knows already is left out on the screen. */
export type ChatForm = Omit<Required<ChatRequest>, "clientId" | "page">;

export interface ChatHooks {
  onQueued(conversation: Conversation): void;
  onPosition(position: number): void;
  onAgentJoined(agent: Author): void;
  onMessage(message: Message): void;
  onEnded(conversation: Conversation): void;
}

const seenKey = "chat-seen";

/** One member's live chat: the form before it, the queue, the conversation, and what comes after. */
export const ChatModel = createModel((scope: Scope, hooks: ChatHooks) => {
  const { platform, adapter, storage } = scope;
  const availability = signal<Availability | undefined>(undefined);
  const conversation = signal<Conversation | undefined>(undefined);
  const loading = signal(true);
  const starting = signal(false);
  const failure = signal<AdapterErrorCode | undefined>(undefined);
  const languageNotice = signal(false);
  const ticketRequestedBy = signal<Author | undefined>(undefined);
  const agentTyping = signal<Author | undefined>(undefined);
  const rated = signal(false);
  const connection = signal<ConnectionState>("connecting");
  const timeline = createTimeline();
  const history = createHistory(scope, timeline);
  const last = signal<Conversation | undefined>(undefined);
  let listening = new AbortController();
  const stopped = new AbortController();
  effect(() => () => {
    stopped.abort();
    listening.abort();
  });
  const ctx = () => callContext(platform, stopped.signal);

  const form = createDraft<ChatForm & { readonly clientId: string }>(storage, "chat-form", () => ({
    clientId: "",
    name: "",
    email: "",
    memberId: "",
    question: "",
    ticketId: "",
  }));
  const composer = createChatComposer(scope, timeline, () => conversation.peek()?.id);

  /** Up to where the member has read, in whichever tab. */
  async function readSeen() {
    const seen = await storage.get(seenKey).catch(() => undefined);
    if (typeof seen === "string") timeline.seen(seen);
  }
  effect(() => storage.watch(seenKey, () => void readSeen()));

  function setConversation(now: Conversation) {
    const before = conversation.peek();
    conversation.value = now;
    if (now.ticketRequestedBy) ticketRequestedBy.value = now.ticketRequestedBy;
    if (now.status === "queued" && now.position !== undefined && now.position !== before?.position) {
      hooks.onPosition(now.position);
    }
    if (now.status === "active" && now.agent && now.agent.id !== before?.agent?.id) hooks.onAgentJoined(now.agent);
    if (now.status === "ended" && before?.status !== "ended") {
      agentTyping.value = undefined;
      hooks.onEnded(now);
    }
  }

  function onEvent(event: ChatEvent) {
    if (event.type === "conversation") setConversation(event.conversation);
    if (event.type === "typing" && event.author.role === "agent") {
      agentTyping.value = event.typing ? event.author : undefined;
    }
    if (event.type === "message-removed") timeline.remove(event.messageId);
    if (event.type === "ticket-requested") ticketRequestedBy.value = event.by;
    if (event.type === "delivered" || event.type === "read") timeline.reached(event.type, event.messageId);
    if (event.type === "message") {
      if (event.message.author.role === "agent") agentTyping.value = undefined;
      if (timeline.take(event.message)) hooks.onMessage(event.message);
    }
  }

  /** What became of it while its history was read: the events go on after that. */
  async function readAgain(id: string) {
    const now = (await adapter.chat?.current?.(ctx())) ?? (await adapter.chat?.last?.(ctx()));
    if (now?.id === id && conversation.peek()?.id === id) setConversation(now);
  }

  function listen(to: Conversation) {
    listening.abort();
    listening = new AbortController();
    const { signal: stop } = listening;
    timeline.clear();
    const follow = async () => {
      // Without a page to begin with, the stream begins with everything.
      const cursor = await history.start(to.id, stop).catch(() => undefined);
      if (stop.aborted || to.status === "ended") return;
      // What can't be read now comes with the stream, which is tried until it stands.
      if (cursor !== undefined) await readAgain(to.id).catch(() => undefined);
      await keepConnected<ChatEvent>({
        platform,
        storage,
        name: `chat/${to.id}`,
        cursor,
        fromStart: true,
        signal: stop,
        state: connection,
        open: (at, now) => requireChat().events(to.id, at, now),
        onEvent,
      });
    };
    void follow().catch((error: unknown) => {
      failure.value = isAdapterError(error) ? error.code : "unknown";
    });
  }

  function requireChat() {
    if (!adapter.chat) throw new Error(`adapter "${adapter.name}" has no chat`);
    return adapter.chat;
  }

  async function join() {
    if (starting.peek() || conversation.peek()) return;
    starting.value = true;
    failure.value = undefined;
    const words = form.value.peek();
    // Kept with the words, so that pressing again after a lost answer or a reload joins the queue once.
    if (!words.clientId) form.set({ clientId: clientId() });
    const { memberId, ticketId, ...request } = form.value.peek();
    const page = platform.context()?.page;
    const more = { ...(memberId && { memberId }), ...(ticketId && { ticketId }), ...(page && { page }) };
    try {
      const joined = await requireChat().open({ ...request, ...more }, ctx());
      form.reset();
      batch(() => {
        ticketRequestedBy.value = undefined;
        rated.value = false;
        setConversation(joined);
        hooks.onQueued(joined);
        listen(joined);
      });
    } catch (error) {
      if (!stopped.signal.aborted) failure.value = isAdapterError(error) ? error.code : "unknown";
    } finally {
      starting.value = false;
    }
  }

  async function refreshAvailability() {
    try {
      availability.value = await adapter.chat?.availability?.(ctx());
    } catch {
      // Not known is shown as not known.
    }
  }

  const speaksMemberLanguage = () => {
    const languages = availability.peek()?.languages;
    const mine = platform.locale.peek().split("-")[0];
    return !languages || languages.some((language) => language.split("-")[0] === mine);
  };

  return {
    availability: computed(() => availability.value),
    conversation: computed(() => conversation.value),
    connection: computed(() => connection.value),
    form: form.value,
    failure,
    /** The team doesn't speak the member's language: said before the queue, with both ways on. */
    languageNotice,
    starting: computed(() => starting.value),
    loading: computed(() => loading.value),
    messages: timeline.messages,
    mark: timeline.mark,
    hasOlder: history.hasOlder,
    older: () => void history.older(),
    /** Whether the agent is told which page the member is on. */
    tellsPage: () => platform.context()?.page !== undefined,
    /** The newest conversation, when it has ended: there to be read again. */
    last: computed(() => (last.value?.status === "ended" ? last.value : undefined)),
    canMail: computed(() => adapter.chat?.mailTranscript !== undefined),
    /** Everything that was said. */
    transcript: () => history.all(),
    unread: timeline.unread,
    agentTyping: computed(() => agentTyping.value),
    ticketRequestedBy,
    rated: computed(() => rated.value),
    ...composer,

    /** Finds the running conversation, and who is there. */
    async load(): Promise<void> {
      try {
        const [current] = await Promise.all([adapter.chat?.current?.(ctx()), refreshAvailability(), form.loaded]);
        if (current && current.id !== conversation.peek()?.id) {
          await readSeen();
          setConversation(current);
          listen(current);
        }
        if (!current) last.value = await adapter.chat?.last?.(ctx());
      } catch (error) {
        if (!stopped.signal.aborted) failure.value = isAdapterError(error) ? error.code : "unknown";
      } finally {
        loading.value = false;
      }
    },
    refreshAvailability,
    showLast() {
      const ended = last.peek();
      if (!ended) return;
      rated.value = true;
      conversation.value = ended;
      listen(ended);
    },
    async mailTranscript(): Promise<void> {
      const id = conversation.peek()?.id;
      if (id) await adapter.chat?.mailTranscript?.(id, ctx());
    },
    fill(patch: Partial<ChatForm>) {
      form.set(patch);
    },
    /** The form was submitted: joins the queue, unless the language has to be spoken of first. */
    async start(): Promise<void> {
      await refreshAvailability();
      if (availability.peek()?.open === false) return;
      if (speaksMemberLanguage()) await join();
      else languageNotice.value = true;
    },
    async startAnyway(): Promise<void> {
      languageNotice.value = false;
      await join();
    },
    /** The member sees the newest message. */
    seen() {
      const newest = timeline.messages.peek().at(-1)?.id;
      if (newest) {
        timeline.seen(newest);
        void storage.set(seenKey, newest).catch(() => undefined);
      }
      const id = conversation.peek()?.id;
      const said = timeline.messages.peek().findLast((message) => message.author.role === "agent");
      if (id && said) void adapter.chat?.markRead?.(id, said.id, ctx()).catch(() => undefined);
    },
    /** Leaves the queue, or ends the conversation. */
    async end(): Promise<void> {
      const now = conversation.peek();
      if (!now) return;
      try {
        await adapter.chat?.close?.(now.id, ctx());
        setConversation({ ...now, status: "ended" });
      } catch (error) {
        failure.value = isAdapterError(error) ? error.code : "unknown";
      }
    },
    async rate(rating: Rating): Promise<void> {
      const id = conversation.peek()?.id;
      if (!id) return;
      try {
        await adapter.chat?.rate?.(id, rating, ctx());
        rated.value = true;
      } catch (error) {
        failure.value = isAdapterError(error) ? error.code : "unknown";
      }
    },
    /** Away from the ended conversation, to the form of a new one. */
    startOver() {
      listening.abort();
      last.value = conversation.peek();
      conversation.value = undefined;
      timeline.clear();
      void refreshAvailability();
    },
  };
});
