import { computed, createModel, effect, signal } from "@preact/signals-core";
import type { Message, MessageDraft, Ticket } from "./adapter.ts";
import { clientId } from "./client-id.ts";
import { createDraft } from "./drafts.ts";
import { type AdapterErrorCode, isAdapterError } from "./errors.ts";
import { createFiles } from "./files.ts";
import type { Outbox } from "./outbox.ts";
import { callContext, type Scope } from "./platform.ts";

/** On its way to its ticket, whichever thread is open. */
export interface Reply extends MessageDraft {
  readonly ticketId: string;
}

/** One ticket's conversation, and the reply to it. */
export const TicketThreadModel = createModel((scope: Scope, ticketId: string, replies: Outbox<Reply>) => {
  const { platform, adapter, storage } = scope;
  const ticket = signal<Ticket | undefined>(undefined);
  const messages = signal<readonly Message[]>([]);
  const status = signal<"loading" | "ready" | "failed">("loading");
  const code = signal<AdapterErrorCode>("unknown");
  const stopped = new AbortController();
  effect(() => () => stopped.abort());
  const ctx = () => callContext(platform, stopped.signal);

  const draft = createDraft(storage, `reply-draft/${ticketId}`, () => ({ text: "" }));
  const files = createFiles(scope, `reply-files/${ticketId}`);

  function take(added: readonly Message[]) {
    const known = new Set(messages.peek().map((message) => message.id));
    const fresh = added.filter((message) => !known.has(message.id));
    if (fresh.length === 0) return;
    // What was missed is read again while newer ones arrive: the desk's own times put them in order.
    messages.value = [...messages.peek(), ...fresh].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  }

  async function load() {
    try {
      let cursor: string | undefined;
      do {
        const page = await adapter.tickets?.thread?.(ticketId, cursor, ctx());
        take(page?.items ?? []);
        cursor = page?.next;
      } while (cursor);
      ticket.value = (await adapter.tickets?.get?.(ticketId, ctx())) ?? ticket.peek();
      status.value = "ready";
    } catch (error) {
      // A thread that is on the screen is worth more than an error page.
      if (stopped.signal.aborted || status.peek() === "ready") return;
      code.value = isAdapterError(error) ? error.code : "unknown";
      status.value = "failed";
    }
  }

  return {
    id: computed(() => ticketId),
    ticket: computed(() => ticket.value),
    messages: computed(() => messages.value),
    pending: computed(() => replies.entries.value.filter(({ item }) => item.ticketId === ticketId)),
    status: computed(() => status.value),
    code: computed(() => code.value),
    text: computed(() => draft.value.value.text),
    files,
    canReply: computed(() => adapter.tickets?.reply !== undefined),
    load,
    take,
    changed(now: Ticket) {
      ticket.value = now;
    },
    write(text: string) {
      draft.set({ text });
    },
    retry() {
      replies.retry();
    },
    /** A refused reply goes back into the composer. */
    takeBack(draftOf: MessageDraft) {
      replies.remove(draftOf.clientId);
      draft.set({ text: [draftOf.text, draft.value.peek().text].filter(Boolean).join("\n") });
    },
    async send(): Promise<boolean> {
      const text = draft.value.peek().text.trim();
      try {
        const attachments = await files.attachments();
        if (!text && attachments.length === 0) return false;
        // Stored as unsent first, then taken out of the composer: a crash in between shows it twice rather than never.
        const stored = replies.add({
          ticketId,
          clientId: clientId(),
          text,
          ...(attachments.length > 0 && { attachments }),
        });
        draft.reset();
        files.clear();
        await stored;
        return true;
      } catch {
        return false;
      }
    },
  };
});
