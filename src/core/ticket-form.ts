import { computed, createModel, effect, signal } from "@preact/signals-core";
import type { Field, FieldValue, Ticket, TicketDraft } from "./adapter.ts";
import { clientId } from "./client-id.ts";
import { createDraft } from "./drafts.ts";
import { type AdapterErrorCode, isAdapterError } from "./errors.ts";
import { createFiles } from "./files.ts";
import { createOutbox } from "./outbox.ts";
import { callContext, type Scope } from "./platform.ts";

/** What the form holds before it is sent. */
export interface TicketWords {
  readonly title: string;
  readonly text: string;
  /** The language that the member writes in; empty until they choose: the widget's own. */
  readonly language: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Set when the ticket goes on from a chat. */
  readonly conversationId: string;
}

/** The form `tickets/new`: a draft that survives, files, and sending exactly once. */
export const TicketFormModel = createModel((scope: Scope, onCreated: (ticket: Ticket) => void) => {
  const { platform, adapter, storage } = scope;
  const stopped = new AbortController();
  effect(() => () => stopped.abort());

  const draft = createDraft<TicketWords>(storage, "ticket-draft", () => ({
    title: "",
    text: "",
    language: "",
    fields: {},
    conversationId: "",
  }));
  const files = createFiles(scope, "ticket-files");
  const fields = signal<readonly Field[]>([]);
  const preparing = signal(false);
  const failure = signal<{ code: AdapterErrorCode; fields?: Readonly<Record<string, string>> } | undefined>(undefined);

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

  return {
    words: draft.value,
    saved: computed(() => (files.saving.value ? "saving" : draft.saved.value)),
    files,
    fields,
    failure,
    /** `idle`, or what the submit button is busy with. `retrying`: the words are kept, and sent when the network allows. */
    sending: computed<"idle" | "sending" | "retrying">(() => {
      const [entry] = outbox.entries.value;
      if (entry?.state.status === "retrying") return "retrying";
      return entry || preparing.value ? "sending" : "idle";
    }),

    write(patch: Partial<TicketWords>) {
      draft.set(patch);
    },
    async loadFields() {
      try {
        fields.value = (await adapter.tickets?.fields?.(callContext(platform, stopped.signal))) ?? [];
      } catch {
        // Without the desk's further fields the form still works; a field that it insists on comes back as `invalid`.
      }
    },
    retry() {
      outbox.retry();
    },
    /** `title` is the whole title, with the language in it. */
    async submit(title: string): Promise<void> {
      if (preparing.peek() || outbox.entries.peek().length > 0) return;
      preparing.value = true;
      failure.value = undefined;
      try {
        const attachments = await files.attachments();
        const words = draft.value.peek();
        await outbox.add({
          clientId: clientId(),
          title,
          text: words.text.trim(),
          locale: words.language || platform.locale.peek(),
          ...(Object.keys(words.fields).length > 0 && { fields: words.fields }),
          ...(attachments.length > 0 && { attachments }),
          ...(words.conversationId && { conversationId: words.conversationId }),
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
