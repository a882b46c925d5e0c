import { batch, computed, createModel, effect, signal, untracked } from "@preact/signals-core";
import type { Author, ChatEvent, Conversation, Message, Rating } from "../contract/adapter.ts";
import { AdapterError, type AdapterErrorCode, codeOf, isRetryable } from "../contract/errors.ts";
import { clientId } from "../delivery/client-id.ts";
import { type ConnectionState, keepConnected } from "../delivery/connection.ts";
import { onDispose } from "../delivery/on-dispose.ts";
import { waitToRetry } from "../delivery/retry.ts";
import type { Scope } from "../delivery/scope.ts";
import { callContext } from "../platform.ts";
import { createAgentTyping } from "./agent-typing.ts";
import { createChatComposer } from "./chat-composer.ts";
import { createChatForm } from "./chat-form.ts";
import { createHistory } from "./chat-history.ts";
import { createChatOutbox } from "./chat-outbox.ts";
import { createTimeline } from "./chat-timeline.ts";

export interface ChatHooks {
  onQueued(conversation: Conversation): void;
  onPosition(position: number): void;
  onAgentJoined(agent: Author): void;
  onMessage(message: Message): void;
  onEnded(conversation: Conversation): void;
}

const seenKey = "chat-seen";

/** One member's live chat: the form before it, the queue, the conversation, and the end. */
export const ChatModel = createModel((scope: Scope, hooks: ChatHooks) => {
  const { platform, adapter, storage } = scope;
  const conversation = signal<Conversation | undefined>(undefined);
  const loading = signal(true);
  const failure = signal<AdapterErrorCode | undefined>(undefined);
  const ticketRequestedBy = signal<Author | undefined>(undefined);
  const agentTyping = createAgentTyping();
  const joinedAgent = signal<Author | undefined>(undefined);
  const news = signal<Message | undefined>(undefined);
  const rated = signal(false);
  /** The member's question, until their first message is loaded. */
  const question = signal("");
  const connection = signal<ConnectionState>("connecting");
  const timeline = createTimeline();
  const history = createHistory(scope, timeline);
  const last = signal<Conversation | undefined>(undefined);
  /** The number of chats started or left in this browser since the page was opened. */
  let turns = 0;
  let listening = new AbortController();
  const disposed = new AbortController();
  const stopped = AbortSignal.any([scope.left, disposed.signal]);
  onDispose(() => {
    disposed.abort();
    listening.abort();
  });
  const ctx = () => callContext(platform, stopped);

  const outbox = createChatOutbox(scope, {
    onStarted(joined, asked, own) {
      turns += 1;
      // A guest's chat that the desk ended at the transfer to a member who was in another one.
      if (joined.status === "ended" && isRunning()) return;
      batch(() => {
        question.value = asked;
        ticketRequestedBy.value = undefined;
        rated.value = false;
        const isNew = joined.id !== conversation.peek()?.id;
        setConversation(joined);
        if (own && joined.status === "queued") hooks.onQueued(joined);
        if (isNew) listen(joined);
      });
    },
    onMessage(conversationId, message) {
      if (conversationId === conversation.peek()?.id) timeline.answered(message);
    },
    onLeft(conversationId) {
      turns += 1;
      const now = conversation.peek();
      if (now?.id !== conversationId) return;
      if (now.status === "queued") startOver();
      else setConversation({ ...now, status: "ended" });
    },
  });
  const { loaded: formLoaded, ...form } = createChatForm(
    scope,
    outbox,
    failure,
    stopped,
    () => conversation.peek() !== undefined,
  );
  const isRunning = () => conversation.peek() !== undefined && conversation.peek()?.status !== "ended";
  const composer = createChatComposer(scope, timeline, outbox, conversation, loading);
  const leaving = computed(() => {
    for (const { item, state } of outbox.entries.value) {
      if (item.kind === "leave" && item.conversationId === conversation.value?.id) return { id: item.clientId, state };
    }
    return undefined;
  });

  // If the desk does not let the member leave, this is shown; the button is available again.
  effect(() => {
    const now = leaving.value;
    if (now?.state.status !== "refused") return;
    failure.value = now.state.code;
    outbox.cancel(now.id);
  });

  /** The last message that the member has read, in any tab. */
  async function readSeen() {
    const seen = await storage.get(seenKey).catch(() => undefined);
    if (typeof seen === "string") timeline.seen(seen);
  }
  onDispose(storage.watch(seenKey, () => void readSeen()));

  /** `isResumed`: it existed before this page, so the agent's presence is not news. */
  function setConversation(now: Conversation, isResumed = false) {
    const before = conversation.peek();
    // The member left the queue: there is no conversation to look back on.
    if (now.status === "ended" && before?.status === "queued" && leaving.peek()) return startOver();
    if (now.id !== before?.id) failure.value = undefined;
    conversation.value = now;
    if (now.ticketRequestedBy) ticketRequestedBy.value = now.ticketRequestedBy;
    if (now.status === "ended") agentTyping.set(undefined);
    announce(now, before, isResumed);
  }

  function announce(now: Conversation, before: Conversation | undefined, isResumed: boolean) {
    const { status, position, agent } = now;
    if (status === "queued" && position !== undefined && position !== before?.position) hooks.onPosition(position);
    if (status === "active" && agent && !isResumed && agent.id !== before?.agent?.id) {
      joinedAgent.value = agent;
      hooks.onAgentJoined(agent);
    }
    if (status === "ended" && before?.status !== "ended") hooks.onEnded(now);
  }

  function onEvent(event: ChatEvent) {
    if (event.type === "conversation") setConversation(event.conversation);
    if (event.type === "typing" && event.author.role === "agent") {
      agentTyping.set(event.typing ? event.author : undefined);
    }
    if (event.type === "message-removed") timeline.remove(event.messageId);
    if (event.type === "ticket-requested") ticketRequestedBy.value = event.by;
    if (event.type === "delivered" || event.type === "read") timeline.reached(event.type, event.messageId);
    if (event.type === "message") {
      if (event.message.author.role === "agent") agentTyping.set(undefined);
      if (timeline.take(event.message)) onNews(event.message);
    }
  }

  function onNews(message: Message) {
    // A desk without a history sends everything again: messages seen earlier are not news.
    if (message.author.role === "agent" && timeline.unread.peek() > 0) news.value = message;
    hooks.onMessage(message);
  }

  /** Changes while the history was read: the events continue after that. */
  async function readAgain(id: string) {
    const before = conversation.peek();
    const now = (await adapter.chat?.current?.(ctx())) ?? (await adapter.chat?.last?.(ctx()));
    // Later events are newer than this answer.
    if (now?.id === id && conversation.peek() === before) setConversation(now);
  }

  /** Polls for news while no stream works. */
  async function poll(id: string) {
    for (const message of await history.newer()) onNews(message);
    await readAgain(id);
  }

  function listen(to: Conversation) {
    listening.abort();
    listening = new AbortController();
    const stop = AbortSignal.any([stopped, listening.signal]);
    timeline.clear();
    const follow = async () => {
      // Without an initial page, the stream starts with all past events.
      const cursor = await history.start(to.id, stop).catch(() => undefined);
      if (stop.aborted || to.status === "ended") return;
      // What can't be read now comes with the stream, which is retried until it works.
      if (cursor !== undefined) await readAgain(to.id).catch(() => undefined);
      const { chat } = adapter;
      if (!chat) throw new AdapterError("unavailable", `adapter "${adapter.name}" has no chat`);
      await keepConnected<ChatEvent>({
        platform,
        storage,
        name: `chat/${to.id}`,
        cursor,
        fromStart: true,
        signal: stop,
        state: connection,
        open: (at, now) => chat.events(to.id, at, now),
        onEvent,
        ...(chat.history && { poll: () => poll(to.id) }),
      });
    };
    void follow().catch((error: unknown) => {
      if (!stop.aborted) failure.value = codeOf(error);
    });
  }

  /** Leaves this conversation for the form of a new one. */
  function startOver() {
    listening.abort();
    batch(() => {
      last.value = conversation.peek();
      conversation.value = undefined;
      failure.value = undefined;
      timeline.clear();
    });
    void form.refreshAvailability();
  }

  async function find() {
    const beside = Promise.all([form.refreshAvailability(), formLoaded, readSeen()]);
    let current: Conversation | undefined;
    let at: number;
    do {
      at = turns;
      // oxlint-disable-next-line no-await-in-loop -- an answer may be older than what the member has begun or left meanwhile
      [current] = await Promise.all([adapter.chat?.current?.(ctx()), beside]);
    } while (at !== turns);
    if (current && current.id !== conversation.peek()?.id) {
      setConversation(current, true);
      listen(current);
    }
    if (!current && !conversation.peek()) last.value = await adapter.chat?.last?.(ctx());
  }

  /** Finds the running conversation and its agent; retries while the network fails. */
  async function load(): Promise<void> {
    let failed: AdapterErrorCode | undefined;
    for (let tries = 1; !stopped.aborted; tries += 1) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one try after the other
        await find();
        // A refusal of the desk in the meantime stays on the screen.
        if (failure.peek() === failed) failure.value = undefined;
        return;
      } catch (error) {
        if (stopped.aborted) return;
        failed = codeOf(error);
        failure.value = failed;
        loading.value = false;
        if (!isRetryable(error)) return;
        // oxlint-disable-next-line no-await-in-loop -- the back-off
        await waitToRetry(platform, tries, error, stopped).catch(() => undefined);
      } finally {
        loading.value = false;
      }
    }
  }

  // A guest started by another tab may have started a chat there too.
  let asked = scope.caller.subject.peek();
  effect(() => {
    const subject = scope.caller.subject.value;
    if (subject === asked) return;
    asked = subject;
    if (!conversation.peek()) untracked(() => void load());
  });

  return {
    ...form,
    conversation: computed(() => conversation.value),
    connection: computed(() => connection.value),
    failure: computed(() => failure.value),
    loading: computed(() => loading.value),
    messages: timeline.messages,
    mark: timeline.mark,
    hasOlder: history.hasOlder,
    older: () => void history.older(),
    /** Whether the agent sees which page the member is on. */
    tellsPage: () => platform.context()?.page !== undefined,
    /** The newest conversation, if it has ended: to be read again. */
    last: computed(() => (last.value?.status === "ended" ? last.value : undefined)),
    canMail: computed(() => adapter.chat?.mailTranscript !== undefined),
    /** The member's question: the first text of a ticket created from the chat. */
    question: computed(
      () => timeline.messages.value.find(({ author }) => author.role === "member")?.text ?? question.value,
    ),
    /** All messages. */
    transcript: () => history.all(),
    unread: timeline.unread,
    /** An agent's newest message that arrived while this page was open, and was not seen elsewhere. */
    news: computed(() => news.value),
    /** The agent who joined last while this page was open. */
    joined: computed(() => joinedAgent.value),
    agentTyping: agentTyping.author,
    ticketRequestedBy: computed(() => ticketRequestedBy.value),
    rated: computed(() => rated.value),
    ...composer,

    load,
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
    /** The newest message is on the screen: it is read if the member can see the widget. */
    seen() {
      if (!platform.visible.peek()) return;
      const newest = timeline.messages.peek().at(-1)?.id;
      if (newest) {
        timeline.seen(newest);
        void storage.set(seenKey, newest).catch(() => undefined);
      }
      const id = conversation.peek()?.id;
      const said = timeline.messages.peek().findLast((message) => message.author.role === "agent");
      if (id && said) void adapter.chat?.markRead?.(id, said.id, ctx()).catch(() => undefined);
    },
    /** The state of the request to leave the queue, or to end the conversation. */
    leaving: computed(() => leaving.value?.state.status),
    /** Leaves the queue, or ends the conversation. Retries until the desk has received it. */
    end() {
      const now = conversation.peek();
      if (!now || now.status === "ended" || leaving.peek()) return;
      void outbox.add({ kind: "leave", clientId: clientId(), conversationId: now.id });
    },
    /** The member stays after all, unless the desk was told already. */
    stay() {
      const now = leaving.peek();
      if (now) outbox.cancel(now.id);
    },
    async rate(rating: Rating): Promise<void> {
      const id = conversation.peek()?.id;
      if (!id) return;
      try {
        await adapter.chat?.rate?.(id, rating, ctx());
        rated.value = true;
      } catch (error) {
        if (!stopped.aborted) failure.value = codeOf(error);
      }
    },
    startOver,
  };
});
