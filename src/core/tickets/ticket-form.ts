import { computed, createModel, effect, signal } from "@preact/signals-core";
import type { Field, FieldValue, Ticket, TicketContext, TicketDraft } from "../contract/adapter.ts";
import { clientId } from "../delivery/client-id.ts";
import { createDraft } from "../delivery/drafts.ts";
import { type AdapterErrorCode, isAdapterError } from "../contract/errors.ts";
import { answers, askedFields } from "./fields.ts";
import { createFiles } from "../delivery/files.ts";
import { createOutbox } from "../delivery/outbox.ts";
import { callContext, type Scope } from "../platform.ts";

/** What the form holds before it is sent. */
export interface TicketWords {
  readonly title: string;
  /** What happened: the one thing that has to be said. What was done before, and what should have happened, may be. */
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

/** The form `tickets/new`: a draft that survives, files, and sending exactly once. */
export const TicketFormModel = createModel((scope: Scope, onCreated: (ticket: Ticket) => void) => {
  const { platform, adapter, storage } = scope;
  const stopped = new AbortController();
  effect(() => () => stopped.abort());
  const ctx = () => callContext(platform, stopped.signal);

  const draft = createDraft<TicketWords>(storage, "ticket-draft", () => ({
    title: "",
    text: "",
    did: "",
    expected: "",
    language: "",
    fields: {},
    withheld: [],
    conversationId: "",
  }));
  const files = createFiles(scope, "ticket-files");
  const fields = signal<readonly Field[]>([]);
  const context = signal<TicketContext>({});
  const unresolved = signal<readonly Ticket[]>([]);
  const preparing = signal(false);
  const failure = signal<{ code: AdapterErrorCode; fields?: Readonly<Record<string, string>> } | undefined>(undefined);
  const undo = signal<(() => void) | undefined>(undefined);

  const outbox = createOutbox<TicketDraft, Ticket>({
    platform,
    storage,
    key: "ticket-outbox",
    send: (item, signal) => requireTickets(scope).create(item, callContext(platform, signal)),
    onSent(_item, ticket) {
      draft.reset();
      files.clear();
      onCreated(ticket);
    },
  });

  // A refusal gives the words back to the form, to be mended there.
  effect(() => {
    const refused = outbox.entries.value.find((entry) => entry.state.status === "refused");
    if (refused?.state.status !== "refused") return;
    const { code, fields: byField } = refused.state;
    failure.value = { code, ...(byField && { fields: byField }) };
    outbox.remove(refused.item.clientId);
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
    words: draft.value,
    saved: computed(() => (files.saving.value ? "saving" : draft.saved.value)),
    files,
    /** Of the desk's fields, those that are asked for now. */
    fields: computed(() => askedFields(fields.value, draft.value.value.fields)),
    failure,
    /** What the widget would add of itself. */
    context: computed(() => context.value),
    /** The member's tickets that are not resolved: what is being written may stand among them. */
    unresolved: computed(() => unresolved.value),
    /** The draft was discarded just now, and can be had back. */
    discarded: computed(() => undo.value !== undefined),
    /** `idle`, or what the submit button is busy with. `retrying`: the words are kept, and sent when the network allows. */
    sending: computed<"idle" | "sending" | "retrying">(() => {
      const [entry] = outbox.entries.value;
      if (entry?.state.status === "retrying") return "retrying";
      return entry || preparing.value ? "sending" : "idle";
    }),

    write(patch: Partial<TicketWords>) {
      undo.value = undefined;
      draft.set(patch);
    },
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
      const words = draft.value.peek();
      const putBack = files.discard();
      draft.reset();
      failure.value = undefined;
      undo.value = () => {
        draft.set(words);
        putBack();
      };
    },
    undoDiscard() {
      undo.peek()?.();
      undo.value = undefined;
    },
    retry() {
      outbox.retry();
    },
    /** `title` is the whole title, with the language in it; `text` the description as the desk reads it. */
    async submit(title: string, text: string): Promise<void> {
      if (preparing.peek() || outbox.entries.peek().length > 0) return;
      preparing.value = true;
      failure.value = undefined;
      try {
        const attachments = await files.attachments();
        const words = draft.value.peek();
        const given = answers(fields.peek(), words.fields);
        const known = contextToSend();
        await outbox.add({
          clientId: clientId(),
          title,
          text,
          locale: words.language || platform.locale.peek(),
          ...(Object.keys(given).length > 0 && { fields: given }),
          ...(attachments.length > 0 && { attachments }),
          ...(words.conversationId && { conversationId: words.conversationId }),
          ...(Object.keys(known).length > 0 && { context: known }),
        });
      } catch (error) {
        // A file that can't be uploaded: the file's own row says why and offers to try again or to take it out.
        failure.value = { code: isAdapterError(error) ? error.code : "unknown" };
      } finally {
        preparing.value = false;
      }
    },
  };
});

function requireTickets(scope: Scope) {
  if (!scope.adapter.tickets) throw new Error(`adapter "${scope.adapter.name}" has no tickets`);
  return scope.adapter.tickets;
}
