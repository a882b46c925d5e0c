import type { Author, CallContext, Message, Page } from "../../core/contract/adapter.ts";
import { badCursor } from "../shared/bad-cursor.ts";
import { bodiesOf, type Body } from "./bodies.ts";
import { ownFields, valueOf, type Asker, type Desk } from "./desk.ts";
import type { RtTicket, RtTransaction } from "./schemas.ts";
import { statusOf } from "./statuses.ts";
import { isSystem, roleOf, shownTypes, transactionsOf } from "./transactions.ts";

const PAGE = 50;

export async function readThread(
  desk: Desk,
  ticketId: string,
  after: string | undefined,
  ctx: CallContext,
): Promise<Page<Message>> {
  const asker = await desk.asker(ctx);
  if (after !== undefined && !/^\d{1,15}$/.test(after)) throw badCursor(after);
  const ticket = await desk.ticket(ticketId, asker, ctx.signal);
  const where = `TicketId = ${ticket.id} AND ${shownTypes}${after === undefined ? "" : ` AND id > ${after}`}`;
  const found = await transactionsOf(desk, { where, limit: PAGE }, ctx.signal);
  const last = found.at(-1);
  return {
    items: await messagesOf(desk, asker, ticket, found, ctx.signal),
    ...(found.length < PAGE || last === undefined ? {} : { next: last.id }),
  };
}

/** These transactions of one ticket, the oldest first, as its member sees them. */
export async function messagesOf(
  desk: Desk,
  asker: Asker,
  ticket: RtTicket,
  transactions: readonly RtTransaction[],
  signal: AbortSignal,
): Promise<readonly Message[]> {
  const said = transactions.filter(({ Type }) => Type === "Create" || Type === "Correspond");
  const bodies = await bodiesOf(
    desk,
    ticket.id,
    said.map(({ id }) => id),
    signal,
  );
  let before: RtTransaction | undefined;
  return transactions.flatMap((each) => {
    // What a person writes may make RT set the status: that is then that person's doing.
    const by = isSystem(each) && before !== undefined ? before : each;
    before = by;
    const author = authorOf(desk, asker, ticket, by);
    return each.Type === "Status" ? changeOf(desk, each, author) : [messageOf(desk, ticket, each, author, bodies)];
  });
}

function messageOf(
  desk: Desk,
  ticket: RtTicket,
  transaction: RtTransaction,
  author: Author,
  bodies: ReadonlyMap<string, Body>,
): Message {
  const { attachments, markup, words } = bodies.get(transaction.id) ?? { markup: "", words: "", attachments: [] };
  const isOurs = transaction.Creator.id === desk.settings.accountId;
  const clientId = isOurs ? valueOf(transaction.Type === "Create" ? ticket : transaction, ownFields.ref) : undefined;
  return {
    id: transaction.id,
    ...(clientId === undefined ? {} : { clientId }),
    author,
    text: author.role === "member" ? words : markup,
    at: transaction.Created,
    ...(attachments.length === 0 ? {} : { attachments }),
  };
}

function changeOf(desk: Desk, transaction: RtTransaction, author: Author): readonly Message[] {
  const { statuses } = desk.settings;
  const status = statusOf(statuses, transaction.NewValue);
  // From "new" to "open" is no news to the member.
  if (status === statusOf(statuses, transaction.OldValue)) return [];
  return [{ id: transaction.id, author, text: "", at: transaction.Created, change: { status } }];
}

/** Names alone: the addresses of agents and of others who ask are not the member's to know. */
function authorOf(desk: Desk, asker: Asker, ticket: RtTicket, transaction: RtTransaction): Author {
  const { id, Name, RealName } = transaction.Creator;
  const role = roleOf(desk, ticket, id);
  return role === "member" ? memberOf(asker, ticket, transaction) : { id, ...named(RealName || Name), role };
}

/** Who wrote through the gateway stands with the words; else it is who asked for the ticket first. */
function memberOf(asker: Asker, ticket: RtTicket, transaction: RtTransaction): Author {
  const written = writerOf(valueOf(transaction, ownFields.member));
  const requestor = ticket.Requestor.find(({ id }) => id === transaction.Creator.id) ?? ticket.Requestor[0];
  const email = written?.email ?? requestor?.EmailAddress.toLowerCase();
  if (email !== asker.email) {
    return { id: `requestor-${requestor?.id ?? ""}`, ...named(written?.name ?? requestor?.RealName), role: "member" };
  }
  return { id: asker.id, ...(asker.name === undefined ? named(written?.name) : { name: asker.name }), role: "member" };
}

function named(name = ""): { name?: string } {
  return name === "" || name.includes("@") ? {} : { name };
}

/** As agents read it, and RT a mail's header: "Lena <lena@example.org>". */
export function signature({ name, email }: Asker): string {
  return name === undefined ? email : `${oneLine(name)} <${email}>`;
}

function writerOf(text: string | undefined): { readonly name: string; readonly email: string } | undefined {
  const [, name, email] = /^(.*) <([^<>]+)>$/.exec(text ?? "") ?? [];
  return name === undefined || email === undefined ? undefined : { name, email };
}

function oneLine(text: string): string {
  const line = text.replaceAll(/[\s\p{C}<>"\\]+/gu, " ").trim();
  return Array.from(line).slice(0, 100).join("");
}
