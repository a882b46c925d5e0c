import { computed, effect, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Availability, ChatRequest } from "../contract/adapter.ts";
import type { AdapterErrorCode } from "../contract/errors.ts";
import { languageOf } from "../contract/language-tag.ts";
import { createDraft } from "../delivery/drafts.ts";
import type { Outbox } from "../delivery/outbox.ts";
import type { EntryState } from "../delivery/outbox-entry.ts";
import type { Scope } from "../delivery/scope.ts";
import { callContext } from "../platform.ts";
import type { ChatItem, ChatStart } from "./chat-outbox.ts";

/** The fields of the form before the chat; the screen omits what the site knows already. */
export type ChatForm = Omit<Required<ChatRequest>, "clientId" | "page">;

const blank: ChatForm = { name: "", email: "", memberId: "", question: "", ticketId: "" };

/** The maximum wait for the answer whether the chat is open: the desk checks it again when the chat starts. */
const availabilityMs = 4_000;

function wordsOf({ request: { page: _page, ...words } }: ChatStart): ChatForm {
  return { ...blank, ...words };
}

/** The form before the chat, and the request made from it. Call it inside a model. */
export function createChatForm(
  { platform, adapter, storage }: Scope,
  outbox: Outbox<ChatItem>,
  failure: { value: AdapterErrorCode | undefined },
  stopped: AbortSignal,
  isRunning: () => boolean,
) {
  const draft = createDraft<ChatForm>(storage, "chat-form", blank, ["question"]);
  outbox.onFound(({ item }) => {
    if (item.kind === "start") draft.sent(item.clientId, wordsOf(item));
  });
  outbox.onSuperseded(({ item }, { item: other }) => {
    const rest = item.kind === "start" && other.kind === "start" && draft.rest(wordsOf(item), wordsOf(other));
    if (rest) void draft.putBack(rest, "question", stopped);
  });
  const availability = signal<Availability | undefined>(undefined);
  const languageNotice = signal(false);
  const checking = signal(false);
  const request: ReadonlySignal<{ readonly item: ChatStart; readonly state: EntryState } | undefined> = computed(() => {
    for (const { item, state } of outbox.entries.value) {
      if (item.kind === "start") return { item, state };
    }
    return undefined;
  });

  // A refusal returns the text to the form: the corrected text is a new request.
  effect(() => {
    for (const { item, state } of outbox.entries.value) {
      if (item.kind === "start" && state.status === "refused") void takeBack(item, state.code);
    }
  });
  async function takeBack(start: ChatStart, code: AdapterErrorCode) {
    // Every tab shows the reason, and all of them share the text.
    await outbox.take(start.clientId, (_entry, held) => draft.putBack(wordsOf(start), "question", held));
    failure.value = code;
  }

  async function refreshAvailability() {
    try {
      availability.value = await adapter.chat?.availability?.(callContext(platform, stopped));
    } catch {
      // An unknown state is shown as unknown.
    }
  }

  const speaksMemberLanguage = () => {
    const languages = availability.peek()?.languages;
    const mine = languageOf(platform.locale.peek());
    return !languages || languages.some((language) => languageOf(language) === mine);
  };

  /** Resolves when the request was answered, or has failed for now. */
  async function untilAnswered(id: string): Promise<void> {
    let stop = () => undefined as void;
    await new Promise<void>((resolve) => {
      stopped.addEventListener("abort", () => resolve(), { once: true });
      stop = effect(() => {
        const entry = outbox.entries.value.find(({ item }) => item.clientId === id);
        if (!entry || entry.state.status === "retrying" || entry.state.status === "refused") resolve();
      });
    });
    stop();
  }

  async function join() {
    // Text stored by an earlier page is part of the request.
    await draft.loaded;
    if (request.peek() || isRunning()) return;
    failure.value = undefined;
    const { memberId, ticketId, ...words } = draft.value.peek();
    const page = platform.context()?.page;
    const more = { ...(memberId && { memberId }), ...(ticketId && { ticketId }), ...(page && { page }) };
    const id = draft.id();
    draft.take(outbox.add({ kind: "start", clientId: id, request: { ...words, ...more } }));
    await untilAnswered(id);
  }

  return {
    availability: computed(() => availability.value),
    refreshAvailability,
    loaded: draft.loaded,
    /** The text in the form, or the text that is being sent. */
    form: computed<ChatForm>(() => (request.value ? { ...blank, ...request.value.item.request } : draft.value.value)),
    fill: (patch: Partial<ChatForm>) => draft.set(patch),
    /** Fills in fields that the member has not edited. */
    prefill: (words: Partial<ChatForm>) => draft.fill(words),
    /** The team doesn't speak the member's language: shown before the queue, with both options. */
    languageNotice: computed(() => languageNotice.value),
    /** The member chooses the other option. */
    dismissNotice: () => void (languageNotice.value = false),
    starting: computed(() => checking.value || request.value !== undefined),
    /** Why the request has not arrived yet; the outbox keeps trying. */
    startTrouble: computed(() => {
      const state = request.value?.state;
      return state?.status === "retrying" ? state.code : undefined;
    }),
    /** The form was submitted: joins the queue, unless the language has to be discussed first. */
    async start(): Promise<void> {
      if (checking.peek()) return;
      checking.value = true;
      const late = new Promise<void>((resolve) => setTimeout(resolve, availabilityMs));
      await Promise.race([refreshAvailability(), late]);
      checking.value = false;
      if (stopped.aborted || availability.peek()?.open === false) return;
      if (speaksMemberLanguage()) await join();
      else languageNotice.value = true;
    },
    async startAnyway(): Promise<void> {
      languageNotice.value = false;
      await join();
    },
  };
}
