import { computed, createModel, effect, signal } from "@preact/signals-core";
import type { Field, FieldValue, Ticket, TicketContext, TicketDraft } from "../contract/adapter.ts";
import type { AdapterErrorCode } from "../contract/errors.ts";
import { answered } from "../delivery/answered.ts";
import { onDispose } from "../delivery/on-dispose.ts";
import { createOutbox } from "../delivery/outbox.ts";
import type { Scope } from "../delivery/scope.ts";
import { createWritten } from "../delivery/written.ts";
import { callContext } from "../platform.ts";
import { answers, askedFields } from "./fields.ts";
import { ticketText, ticketTitle } from "./ticket-text.ts";

/** What the form holds before it is sent. */
export interface TicketWords {
  readonly title: string;
  /** What happened: the only answer that is required, beside what was done before and what should have happened. */
  readonly text: string;
  readonly did: string;
  readonly expected: string;
  /** The language that the member writes in; empty until they choose: the widget's own. */
  readonly language: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Parts of the context that the member took out. */
  readonly withheld: readonly ContextPart[];
  /** Set when the ticket goes on from a chat. */
  readonly conversationId: string;
}

export type ContextPart = keyof TicketContext;

/** A ticket on its way, with the words it was made of: a refusal gives them back to the form. */
interface SubmittedTicket {
  readonly clientId: string;
  readonly draft: Omit<TicketDraft, "clientId" | "attachments">;
  readonly words: TicketWords;
}

interface Failure {
  readonly code: AdapterErrorCode;
  readonly fields?: Readonly<Record<string, string>>;
  /** The name of the file that the desk does not take. */
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

/** The form `tickets/new`: a draft that survives, files, and sending exactly once. */
export const TicketFormModel = createModel((scope: Scope, onCreated: (ticket: Ticket, own: boolean) => void) => {
  const { platform, adapter, uploads } = scope;
  const disposed = new AbortController();
  onDispose(() => disposed.abort());
  const ctx = () => callContext(platform, AbortSignal.any([scope.left, disposed.signal]));

  const form = createWritten<TicketWords>(scope, "ticket-draft", blank, ["title", "text", "did", "expected"]);
  const { draft, files } = form;
  const fields = signal<readonly Field[]>([]);
  const context = signal<TicketContext>({});
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

  /** The ticket that is on its way; the form shows it until it has arrived. */
  const sent = computed(() => outbox.entries.value[0]);
  const words = computed(() => sent.value?.item.words ?? draft.value.value);
  const language = computed(() => words.value.language || platform.locale.value);

  // A refusal gives the words back to the form, to be mended there.
  effect(() => {
    for (const { item, state } of outbox.entries.value) {
      if (state.status !== "refused") continue;
      const { status: _, ...why } = state;
      // Every tab says why, and all of them share the words.
      void outbox
        .take(item.clientId, ({ files: ids }, held) => form.putBack(item.words, "text", ids, held))
        .then(() => (failure.value = why));
    }
  });

  /** Without them the form still works; a field that the desk insists on comes back as `invalid`. */
  async function ifItCan<T>(call: Promise<T> | undefined): Promise<T | undefined> {
    return await call?.catch(() => undefined);
  }

  function contextToSend(): TicketContext {
    const { withheld } = draft.value.peek();
    return Object.fromEntries(
      Object.entries(context.peek()).filter(([part]) => !(withheld as readonly string[]).includes(part)),
    );
  }

  return {
    words,
    /** What is being written, also while a ticket before it is on its way. */
    written: draft.value,
    saved: computed(() => (files.saving.value ? "saving" : draft.saved.value)),
    files: {
      ...files,
      files: computed(() => sent.value?.files.flatMap((id) => uploads.get(id) ?? []) ?? files.files.value),
    },
    /** The language that the member writes in. */
    language,
    /** Title and description as the desk will store them. */
    title: computed(() => ticketTitle(words.value.title, language.value, platform.ticketTexts)),
    text: computed(() => ticketText(words.value, platform.ticketTexts)),
    /** Of the desk's fields, those that are asked for now. */
    fields: computed(() => askedFields(fields.value, words.value.fields)),
    failure: computed(() => failure.value),
    /** What the widget would add of itself. */
    context: computed(() => context.value),
    /** The member's tickets that are not resolved: one of them may be about the same. */
    unresolved: computed(() => unresolved.value),
    /** The draft was discarded just now, and can be restored. */
    discarded: computed(() => undo.value !== undefined),
    /** What the submit button is busy with. `retrying`: the words are kept, and sent when the network allows. */
    sending: computed<"idle" | "uploading" | "sending" | "retrying">(() => {
      const status = sent.value?.state.status;
      if (status === "uploading" || status === "retrying") return status;
      return status ? "sending" : "idle";
    }),

    write(patch: Partial<TicketWords>) {
      undo.value = undefined;
      draft.set(patch);
    },
    /** Fills in what the member has not written. */
    prefill: (patch: Partial<TicketWords>) => draft.fill(patch),
    /** Files that are uploading already: those of a chat that becomes a ticket. */
    takeFiles: (ids: readonly string[]) => void files.putBack(ids),
    /** The form is before the member: asks the desk for what it needs, and looks at the page. */
    async prepare() {
      context.value = platform.context() ?? {};
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
    /** Takes words and files out of the form at once. Does nothing while a ticket is on its way, or a file can't be sent. */
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
      const known = contextToSend();
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
