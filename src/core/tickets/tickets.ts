import { computed, createModel, effect, signal } from "@preact/signals-core";
import type { Message, Ticket, TicketEvent, TicketStatus } from "../contract/adapter.ts";
import { type ConnectionState, keepConnected } from "../delivery/connection.ts";
import { createOutbox } from "../delivery/outbox.ts";
import { callContext, type Scope } from "../platform.ts";
import { createSeen } from "./seen.ts";
import { TicketFormModel } from "./ticket-form.ts";
import { TicketListModel } from "./ticket-list.ts";
import { type Reply, TicketThreadModel } from "./ticket-thread.ts";

export interface TicketsHooks {
  onSubmitted(ticket: Ticket): void;
  onReply(ticketId: string): void;
  /** The desk waits for the member's answer since now. */
  onAwaiting(ticket: Ticket): void;
}

/** The tickets tab of one member: the overview, the form, and the thread that is open. */
export const TicketsModel = createModel((scope: Scope, hooks: TicketsHooks) => {
  const { platform, adapter } = scope;
  const list = new TicketListModel(scope);
  const seen = createSeen(scope);
  const statuses = new Map<string, TicketStatus>();
  const submitted = signal<Ticket | undefined>(undefined);
  const thread = signal<{ id: string; model: InstanceType<typeof TicketThreadModel> } | undefined>(undefined);
  const connection = signal<ConnectionState>("connecting");
  const stopped = new AbortController();
  let connected = false;

  const form = new TicketFormModel(scope, (ticket) => {
    submitted.value = ticket;
    seen.read(ticket);
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
    if (event.type === "ticket") return onTicket(event.ticket);
    const isOpen = open?.id === event.ticketId;
    if (event.type === "removed") {
      list.removed(event.ticketId);
      if (isOpen) open.model.removed();
      return;
    }
    if (isOpen) open.model.take([event.message]);
    if (event.message.author.role !== "member" && !event.message.change) hooks.onReply(event.ticketId);
  }

  function onTicket(ticket: Ticket) {
    const open = thread.peek();
    list.changed(ticket);
    if (open?.id === ticket.id) open.model.changed(ticket);
    if (ticket.status === "awaiting" && statuses.get(ticket.id) !== "awaiting") hooks.onAwaiting(ticket);
    statuses.set(ticket.id, ticket.status);
  }

  function follow() {
    const events = adapter.tickets?.events?.bind(adapter.tickets);
    if (connected || !events) return;
    connected = true;
    void keepConnected({
      platform,
      storage: scope.storage,
      name: "tickets",
      signal: stopped.signal,
      state: connection,
      open: events,
      onEvent,
      // What changed in between came with no event.
      onReconnected() {
        if (list.status.peek() === "idle") void list.count();
        else list.refresh();
        void thread.peek()?.model.load();
      },
    }).catch(() => (connected = false));
  }

  return {
    list,
    form,
    seen,
    connection: computed(() => connection.value),
    /** The ticket that was just created: the screen that thanks for it. */
    submitted: computed(() => submitted.value),
    thread: computed(() => thread.value?.model),
    canList: computed(() => adapter.tickets?.list !== undefined),
    canUpload: computed(() => adapter.uploads !== undefined),

    /** The member looks: the list is read, and changes arrive by themselves from now on. */
    watch() {
      seen.visit();
      list.refresh();
      follow();
    },
    /** The panel was closed: the visit lasted until now. */
    left() {
      if (list.status.peek() !== "idle") seen.visit();
    },
    /** How much waits for the member, live, without the list. */
    follow() {
      void list.count();
      follow();
    },
    openThread(id: string) {
      const before = thread.peek();
      if (before?.id === id) return before.model.revisit();
      before?.model[Symbol.dispose]();
      const model = new TicketThreadModel(scope, id, replies, seen);
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
