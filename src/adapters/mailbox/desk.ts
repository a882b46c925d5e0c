import type { CallContext, Member, Ticket } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import type { Link } from "./link.ts";
import type { MailIndex } from "./mail-index.ts";
import type { Settings } from "./options.ts";
import type { Outbox } from "./outbox.ts";
import type { Seal } from "./seal.ts";
import type { Sync } from "./sync.ts";
import type { Thread } from "./thread.ts";

/** What every part of the adapter works with. */
export interface Desk {
  readonly settings: Settings;
  readonly seal: Seal;
  readonly link: Link;
  readonly index: MailIndex;
  readonly sync: Sync;
  readonly outbox: Outbox;
  readonly closed: AbortSignal;
}

/** The caller. The mailbox has no accounts: the gateway's own record in a thread says whose it is. */
export function askerOf({ member, signal }: CallContext): Member {
  signal.throwIfAborted();
  if (member === undefined) throw new AdapterError("unauthorized", "the context has no member");
  return member;
}

/**
 * As the mailbox is now. Rejects with `not-found` for another member's thread, with the same message as for a missing
 * one.
 */
export async function ownThread(desk: Desk, ticketId: string, ctx: CallContext): Promise<Thread> {
  const member = askerOf(ctx);
  await desk.sync.run(ctx.signal);
  return knownThread(desk, ticketId, member);
}

/** As it was read last. */
export function knownThread({ index, seal }: Desk, ticketId: string, { id }: Member): Thread {
  const thread = index.thread(ticketId);
  if (thread && seal.owners(id).includes(thread.owner)) return thread;
  throw new AdapterError("not-found", `there is no ticket "${ticketId.slice(0, 100)}"`);
}

export function ticketOf({ id, head, status, updatedAt, updatedBy, rating }: Thread): Ticket {
  return {
    id,
    number: id.toUpperCase(),
    title: head.title ?? "",
    status,
    createdAt: new Date(head.at).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
    updatedBy,
    ...(rating ? { rating } : {}),
  };
}
