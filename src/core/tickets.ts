import { computed, createModel, effect, signal } from "@preact/signals-core";
import type { Message, Ticket, TicketEvent } from "./adapter.ts";
import { type ConnectionState, keepConnected } from "./connection.ts";
import { createOutbox } from "./outbox.ts";
import { callContext, type Scope } from "./platform.ts";
import { TicketFormModel } from "./ticket-form.ts";
import { TicketListModel } from "./ticket-list.ts";
import { type Reply, TicketThreadModel } from "./ticket-thread.ts";

export interface TicketsHooks {
  onSubmitted(ticket: Ticket): void;
  onReply(ticketId: string): void;
}

/** The tickets tab of one member: the overview, the form, and the thread that is open. */
export const TicketsModel = createModel((scope: Scope, hooks: TicketsHooks) => {
  const { platform, adapter } = scope;
  const list = new TicketListModel(scope);
  const submitted = signal<Ticket | undefined>(undefined);
  const thread = signal<{ id: string; model: InstanceType<typeof TicketThreadModel> } | undefined>(undefined);
  const connection = signal<ConnectionState>("connecting");
  const stopped = new AbortController();
  let connected = false;

  const form = new TicketFormModel(scope, (ticket) => {
    submitted.value = ticket;
    list.refresh();
    hooks.onSubmitted(ticket);
  });
  // One outbox for all tickets: a reply goes out although its thread was left.
  const replies = createOutbox<Reply, Message>({
    platform,
    storage: scope.storage,
    key: "reply-outbox",
    lane: (reply) => reply.ticketId,
    async send({ ticketId, ...draft }, signal) {
      if (!adapter.tickets?.reply) throw new Error(`adapter "${adapter.name}" has no tickets.reply`);
      return await adapter.tickets.reply(ticketId, draft, callContext(platform, signal));
    },
    onSent({ ticketId }, message) {
      const open = thread.peek();
      if (open?.id === ticketId) open.model.take([message]);
    },
  });
  effect(() => () => {
    stopped.abort();
    thread.peek()?.model[Symbol.dispose]();
  });

  function onEvent(event: TicketEvent) {
    const open = thread.peek();
    if (event.type === "ticket") {
      list.changed(event.ticket);
      if (open?.id === event.ticket.id) open.model.changed(event.ticket);
      return;
    }
    if (open?.id === event.ticketId) open.model.take([event.message]);
    if (event.message.author.role !== "member") hooks.onReply(event.ticketId);
  }

  return {
    list,
    form,
    connection: computed(() => connection.value),
    /** The ticket that was just created: the screen that thanks for it. */
    submitted: computed(() => submitted.value),
    thread: computed(() => thread.value?.model),
    canList: computed(() => adapter.tickets?.list !== undefined),
    canUpload: computed(() => adapter.uploads !== undefined),

    /** Changes arrive by themselves from the first look on. */
    watch() {
      list.refresh();
      const events = adapter.tickets?.events?.bind(adapter.tickets);
      if (connected || !events) return;
      connected = true;
      void keepConnected({
        platform,
        signal: stopped.signal,
        state: connection,
        open: events,
        onEvent,
        // What changed in between came with no event.
        onReconnected() {
          list.refresh();
          void thread.peek()?.model.load();
        },
      }).catch(() => (connected = false));
    },
    openThread(id: string) {
      if (thread.peek()?.id === id) return;
      thread.peek()?.model[Symbol.dispose]();
      const model = new TicketThreadModel(scope, id, replies);
      const known = list.items.peek().find((ticket) => ticket.id === id);
      if (known) model.changed(known);
      thread.value = { id, model };
      void model.load();
    },
    startNew() {
      submitted.value = undefined;
    },
  };
});
