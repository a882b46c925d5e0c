import { computed, createModel, signal } from "@preact/signals-core";
import type { Message, Ticket, TicketEvent, TicketStatus } from "../contract/adapter.ts";
import { textLimit, titleLimit } from "../contract/limits.ts";
import { type ConnectionState, keepConnected } from "../delivery/connection.ts";
import { answered } from "../delivery/answered.ts";
import { onDispose } from "../delivery/on-dispose.ts";
import { createOutbox } from "../delivery/outbox.ts";
import type { Scope } from "../delivery/scope.ts";
import { callContext } from "../platform.ts";
import { createSeen } from "./seen.ts";
import { TicketFormModel } from "./ticket-form.ts";
import { TicketListModel } from "./ticket-list.ts";
import { type Reply, TicketThreadModel } from "./ticket-thread.ts";

export interface TicketsHooks {
  onSubmitted(ticket: Ticket): void;
  onReply(ticketId: string): void;
  /** The ticket has just become `awaiting`. */
  onAwaiting(ticket: Ticket): void;
}

/** The tickets tab of one member: the overview, the form, and the open thread. */
export const TicketsModel = createModel((scope: Scope, hooks: TicketsHooks) => {
  const { platform, adapter } = scope;
  const list = new TicketListModel(scope);
  const seen = createSeen(scope);
  const statuses = new Map<string, TicketStatus>();
  /** When each ticket changed last, as read by polling. */
  const updated = new Map<string, string>();
  const submitted = signal<Ticket | undefined>(undefined);
  const thread = signal<{ id: string; model: InstanceType<typeof TicketThreadModel> } | undefined>(undefined);
  const connection = signal<ConnectionState>("connecting");
  const disposed = new AbortController();
  const stopped = AbortSignal.any([scope.left, disposed.signal]);
  let connected = false;

  const form = new TicketFormModel(scope, (ticket, own) => {
    seen.read(ticket);
    list.changed(ticket);
    if (!own) return;
    submitted.value = ticket;
    hooks.onSubmitted(ticket);
  });
  // One outbox for all tickets: a reply is sent even after its thread was left.
  const replies = createOutbox<Reply, Message>({
    scope,
    key: "reply-outbox",
    lane: (reply) => reply.ticketId,
    async send({ ticketId, ...words }, attachments, signal) {
      if (!adapter.tickets?.reply) throw new Error(`adapter "${adapter.name}" has no tickets.reply`);
      const draft = { ...words, ...(attachments.length > 0 && { attachments }) };
      const message = await adapter.tickets.reply(ticketId, draft, callContext(platform, signal));
      return answered(message, "tickets.reply");
    },
    onSent({ ticketId }, message) {
      const open = thread.peek();
      if (open?.id === ticketId) open.model.take(message);
    },
  });
  onDispose(() => {
    disposed.abort();
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
    if (isOpen) open.model.take(event.message);
    if (event.message.author.role !== "member" && !event.message.change) hooks.onReply(event.ticketId);
  }

  function onTicket(ticket: Ticket) {
    const open = thread.peek();
    list.changed(ticket);
    if (open?.id === ticket.id) open.model.changed(ticket);
    if (ticket.status === "awaiting" && statuses.get(ticket.id) !== "awaiting") hooks.onAwaiting(ticket);
    statuses.set(ticket.id, ticket.status);
  }

  /** Changes while there were no events. */
  async function readAgain() {
    if (list.status.peek() === "idle") void list.count();
    else list.refresh();
    await thread.peek()?.model.load();
  }

  /** Polls for news while no stream works. */
  async function poll() {
    const page = await adapter.tickets?.list?.({ filter: "all" }, callContext(platform, stopped));
    const isFirst = updated.size === 0;
    for (const ticket of page?.items.toReversed() ?? []) {
      const isChanged = updated.get(ticket.id) !== ticket.updatedAt;
      updated.set(ticket.id, ticket.updatedAt);
      if (isFirst || !isChanged) continue;
      onTicket(ticket);
      if (ticket.updatedBy !== "member") hooks.onReply(ticket.id);
      if (thread.peek()?.id === ticket.id) void thread.peek()?.model.load();
    }
    // Changes before the first poll are not known individually.
    if (isFirst) await readAgain();
  }

  function follow() {
    const events = adapter.tickets?.events?.bind(adapter.tickets);
    if (connected || !events) return;
    connected = true;
    void keepConnected({
      platform,
      storage: scope.storage,
      name: "tickets",
      signal: stopped,
      state: connection,
      open: events,
      onEvent,
      onGap: () => void readAgain(),
      poll,
    }).catch(() => (connected = false));
  }

  return {
    list,
    form,
    seen,
    connection: computed(() => connection.value),
    /** The ticket that was just created, for the confirmation screen. */
    submitted: computed(() => submitted.value),
    thread: computed(() => thread.value?.model),
    canList: computed(() => adapter.tickets?.list !== undefined),
    /** The longest title and text that the desk takes. */
    limits: computed(() => ({
      title: Math.min(titleLimit, adapter.tickets?.limits?.title ?? titleLimit),
      text: Math.min(textLimit, adapter.tickets?.limits?.text ?? textLimit),
    })),
    canUpload: computed(() => adapter.uploads !== undefined),

    /** The member opens the tab: the list is read, and changes arrive automatically from now on. */
    watch() {
      seen.visit();
      list.refresh();
      follow();
    },
    /** The panel was closed: the visit ended now. */
    left() {
      if (list.status.peek() !== "idle" && platform.visible.peek()) seen.visit();
    },
    /** The unread count, live, without the list. */
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
