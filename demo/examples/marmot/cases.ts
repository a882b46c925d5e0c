import {
  AdapterError,
  type Attachment,
  type Author,
  type CallContext,
  type Member,
  type Message,
  type Ticket,
  type TicketStatus,
} from "../../../src/index.ts";
import type { Api } from "./api.ts";

type Status = "new" | "working" | "waiting" | "closed";

/** As in Marmot's responses. */
export interface Case {
  readonly no: number;
  readonly subject: string;
  readonly status: Status;
  readonly person: string;
  readonly opened: number;
  readonly changed: number;
  readonly changedBy: string;
  /** Increases with every change at the desk. */
  readonly turn: number;
}

export interface Entry {
  readonly id: number;
  readonly by: string;
  readonly body?: string;
  readonly internal: boolean;
  readonly reference?: string;
  readonly files?: readonly StoredFile[];
  readonly from?: Status;
  readonly to?: Status;
  readonly at: number;
}

export interface WholeCase extends Case {
  readonly entries: readonly Entry[];
}

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly person: string;
  readonly no?: number;
}

export const statusOf: Readonly<Record<Status, TicketStatus>> = {
  new: "open",
  working: "open",
  waiting: "awaiting",
  closed: "resolved",
};

/** The caller, as verified by the gateway: the only source for whose tickets may be read. */
export function memberOf({ member, signal }: CallContext): Member {
  signal.throwIfAborted();
  if (!member) throw new AdapterError("unauthorized", "nobody is signed in");
  return member;
}

/** The member's own case; another member's counts as missing. */
export async function ownCase(api: Api, ticketId: string, ctx: CallContext): Promise<WholeCase> {
  const member = memberOf(ctx);
  const missing = new AdapterError("not-found", "there is no such ticket of this member's");
  // Anything but digits could address another resource of the API.
  if (!/^\d+$/.test(ticketId)) throw missing;
  const found = await api.get<WholeCase>(`/cases/${ticketId}`, {}, ctx.signal);
  if (found.person !== member.id) throw missing;
  return found;
}

export function ticketOf(one: Case): Ticket {
  return {
    id: String(one.no),
    number: String(one.no),
    title: one.subject,
    status: statusOf[one.status],
    statusLabel: one.status,
    createdAt: new Date(one.opened).toISOString(),
    updatedAt: new Date(one.changed).toISOString(),
    updatedBy: one.changedBy === "person" ? "member" : "agent",
  };
}

/** Empty for internal notes and for changes that do not affect the member. */
export function messagesOf(entry: Entry, member: Member): readonly Message[] {
  if (entry.internal) return [];
  const author: Author =
    entry.by === "person" ? { id: member.id, role: "member" } : { id: entry.by, name: entry.by, role: "agent" };
  const base = { id: String(entry.id), author, text: entry.body ?? "", at: new Date(entry.at).toISOString() };
  if (entry.from && entry.to) {
    const [before, status] = [statusOf[entry.from], statusOf[entry.to]];
    return before === status ? [] : [{ ...base, change: { status } }];
  }
  return [
    {
      ...base,
      ...(entry.reference === undefined ? {} : { clientId: entry.reference }),
      ...(entry.files?.length ? { attachments: entry.files.map(attachmentOf) } : {}),
    },
  ];
}

export function attachmentOf({ id, name, size, type }: StoredFile): Attachment {
  return { id, name, bytes: size, type };
}
