import { computed, createModel, effect, signal } from "@preact/signals-core";
import type { Field, FieldValue, Ticket, TicketContext, TicketDraft } from "../contract/adapter.ts";
import type { AdapterErrorCode } from "../contract/errors.ts";
import { answered } from "../delivery/answered.ts";
import { onDispose } from "../delivery/on-dispose.ts";
import { createOutbox } from "../delivery/outbox.ts";
import type { Scope } from "../delivery/scope.ts";
import { createWritten } from "../delivery/written.ts";
import { callContext } from "../platform.ts";
import { type ContextPart, contextParts, withoutParts } from "./context-parts.ts";
import { answers, askedFields } from "./fields.ts";
import { offerArticles } from "./offered-articles.ts";
import { ticketText, ticketTitle } from "./ticket-text.ts";

/** The values of the form. */
export interface TicketWords {
  readonly title: string;
  /** What happened: the only required answer, besides what was done before and what should have happened. */
  readonly text: string;
  readonly did: string;
  readonly expected: string;
  /** The language of the member's text; empty until they choose: the widget's own. */
  readonly language: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Parts of the context that the member removed. */
  readonly withheld: readonly ContextPart[];
  /** Set if the ticket continues a chat. */
  readonly conversationId: string;
}

/** A ticket being sent, with its form values: a refusal returns them to the form. */
interface SubmittedTicket {
  readonly clientId: string;
  readonly draft: Omit<TicketDraft, "clientId" | "attachments">;
  readonly words: TicketWords;
}

interface Failure {
  readonly code: AdapterErrorCode;
  readonly fields?: Readonly<Record<string, string>>;
  /** The name of the file that the desk does not accept. */
  readonly file?: string;
}

const blank: TicketWords = {
  title: "",
  text: "",
  did: "",
  expected: "",
  language: "",
  fields: {},
  withheld: [],
  conversationId: "",
};

/** The form `tickets/new`: a draft that survives a reload, files, and idempotent sending. */
export const TicketFormModel = createModel((scope: Scope, onCreated: (ticket: Ticket, own: boolean) => void) => {
  const { platform, adapter, uploads } = scope;
  const disposed = new AbortController();
  onDispose(() => disposed.abort());
  const ctx = () => callContext(platform, AbortSignal.any([scope.left, disposed.signal]));

  const form = createWritten<TicketWords>(scope, "ticket-draft", blank, ["title", "text", "did", "expected"]);
  const { draft, files } = form;
  const fields = signal<readonly Field[]>([]);
  const context = signal<TicketContext>({});
  const shown = signal(0);
  const unresolved = signal<readonly Ticket[]>([]);
  const failure = signal<Failure | undefined>(undefined);
  const undo = signal<(() => void) | undefined>(undefined);
  let isReady = false;

  const outbox = createOutbox<SubmittedTicket, Ticket>({
    scope,
    key: "ticket-outbox",
    async send({ clientId, draft: ticket }, attachments, signal) {
      if (!adapter.tickets) throw new Error(`adapter "${adapter.name}" has no tickets`);
      const whole = { clientId, ...ticket, ...(attachments.length > 0 && { attachments }) };
      return answered(await adapter.tickets.create(whole, callContext(platform, signal)), "tickets.create");
    },
    onSent: (_item, ticket, own) => onCreated(ticket, own),
  });
  const ready = Promise.all([form.loaded, outbox.loaded]).then(() => (isReady = true));
  outbox.onFound(({ item, files: ids }) => form.sent(item.clientId, item.words, ids));

  outbox.onSuperseded(({ item, files: ids }, other) => form.putBackRest(item.words, other.item.words, "text", ids));

  /** The ticket being sent; the form shows it until it has arrived. */
  const sent = computed(() => outbox.entries.value[0]);
  const words = computed(() => sent.value?.item.words ?? draft.value.value);
  const language = computed(() => words.value.language || platform.locale.value);

  // A ticket that is being sent needs no article.
  const typed = computed(() => (shown.value > 0 && !sent.value ? draft.value.value.title : undefined));
  const articles = offerArticles(scope, typed, AbortSignal.any([scope.left, disposed.signal]));
  onDispose(() => articles.stop());

  // The site may change what it says about the member while the form is shown.
  effect(() => {
    if (shown.value > 0) context.value = platform.context() ?? {};
  });

  // A refusal returns the text to the form for correction.
  effect(() => {
    for (const { item, state } of outbox.entries.value) {
      if (state.status !== "refused") continue;
      const { status: _, ...why } = state;
      // Every tab shows the reason, and all of them share the text.
      void outbox
        .take(item.clientId, ({ files: ids }, held) => form.putBack(item.words, "text", ids, held))
        .then(() => (failure.value = why));
    }
  });

  /** Without them the form still works; a field that the desk requires is reported as `invalid`. */
  async function ifItCan<T>(call: Promise<T> | undefined): Promise<T | undefined> {
    return await call?.catch(() => undefined);
  }

  return {
    words,
    /** The current text, also while an earlier ticket is being sent. */
    written: draft.value,
    saved: computed(() => (files.saving.value ? "saving" : draft.saved.value)),
    files: {
      ...files,
      files: computed(() => sent.value?.files.flatMap((id) => uploads.get(id) ?? []) ?? files.files.value),
    },
    /** The language of the member's text. */
    language,
    /** Title and description as the desk will store them. */
    title: computed(() => ticketTitle(words.value.title, language.value, platform.ticketTexts)),
    text: computed(() => ticketText(words.value, platform.ticketTexts)),
    /** The visible fields of the desk. */
    fields: computed(() => askedFields(fields.value, words.value.fields)),
    failure: computed(() => failure.value),
    /** The context that the widget would add. */
    context: computed(() => contextParts(context.value)),
    /** Help articles for the title. */
    articles: { offered: articles.offered, read: (id: string) => articles.read(id) },
    /** The member's unresolved tickets: one of them may be about the same. */
    unresolved: computed(() => unresolved.value),
    /** The draft was discarded just now, and can be restored. */
    discarded: computed(() => undo.value !== undefined),
    /** The state of the submit button. `retrying`: the text is kept, and sent when the network allows. */
    sending: computed<"idle" | "uploading" | "sending" | "retrying">(() => {
      const status = sent.value?.state.status;
      if (status === "uploading" || status === "retrying") return status;
      return status ? "sending" : "idle";
    }),

    write(patch: Partial<TicketWords>) {
      undo.value = undefined;
      draft.set(patch);
    },
    /** Fills in fields that the member has not edited. */
    prefill: (patch: Partial<TicketWords>) => draft.fill(patch),
    /** Adds text of a chat or of another ticket, and what was taken out of its composer. Repeating this adds it once. */
    takeOver(
      added: Partial<TicketWords>,
      taken: { readonly text: string; readonly files: readonly string[] } | undefined,
    ) {
      undo.value = undefined;
      const { text: before } = draft.value.peek();
      const fresh = [added.text, taken?.text].filter((each) => each && !before.includes(each));
      draft.set({ ...added, text: [before, ...fresh].filter(Boolean).join("\n\n") });
      if (taken?.files.length) void files.putBack(taken.files);
    },
    /** The form is shown: loads the desk's fields, and reads the page's context. */
    async prepare() {
      shown.value += 1;
      const { tickets } = adapter;
      const [asked, open, awaiting] = await Promise.all([
        ifItCan(tickets?.fields?.(ctx())),
        ifItCan(tickets?.list?.({ filter: "open", limit: 50 }, ctx())),
        ifItCan(tickets?.list?.({ filter: "awaiting", limit: 50 }, ctx())),
      ]);
      fields.value = asked ?? fields.peek();
      unresolved.value = [...(awaiting?.items ?? []), ...(open?.items ?? [])];
    },
    discard() {
      const before = draft.value.peek();
      const restoreFiles = files.discard();
      draft.take();
      failure.value = undefined;
      undo.value = () => {
        draft.set(before);
        restoreFiles();
      };
    },
    undoDiscard() {
      undo.peek()?.();
      undo.value = undefined;
    },
    retry() {
      outbox.retry();
    },
    /**
     * Takes text and files out of the form at once. Does nothing while a ticket is being sent, or if a file can't be
     * sent.
     */
    async submit(): Promise<void> {
      if (!isReady) await ready;
      if (sent.peek() || !files.canBeSent()) return;
      failure.value = undefined;
      const { texts, written, tag } = {
        texts: platform.ticketTexts,
        written: draft.value.peek(),
        tag: language.peek(),
      };
      const given = answers(fields.peek(), written.fields);
      const known = withoutParts(context.peek(), written.withheld);
      const ticket = {
        title: ticketTitle(written.title, tag, texts),
        text: ticketText(written, texts),
        locale: tag,
        ...(Object.keys(given).length > 0 && { fields: given }),
        ...(written.conversationId && { conversationId: written.conversationId }),
        ...(Object.keys(known).length > 0 && { context: known }),
      };
      const chosen = files.files.peek().map(({ id }) => id);
      form.take(outbox.add({ clientId: draft.id(), draft: ticket, words: written }, chosen));
    },
  };
});
