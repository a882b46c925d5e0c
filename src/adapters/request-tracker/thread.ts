import { badCursor, type Author, type CallContext, type Message, type Page } from "../../adapter/index.ts";
import { bodiesOf, type Bodies } from "./bodies.ts";
import { ownFields, valueOf, type Desk } from "./desk.ts";
import type { Requester } from "./people.ts";
import type { RtTicket, RtTransaction } from "./schemas.ts";
import { isSystem, requestorOf, roleOf, shownTypes } from "./ticket.ts";

const PAGE = 50;

export async function readThread(
  desk: Desk,
  ticketId: string,
  before: string | undefined,
  ctx: CallContext,
): Promise<Page<Message>> {
  const requester = await desk.people.requester(ctx);
  if (before !== undefined && !/^\d{1,15}$/.test(before)) throw badCursor(before);
  const ticket = await desk.ticket(ticketId, requester, ctx.signal);
  const where = `TicketId = ${ticket.id} AND ${shownTypes}${before === undefined ? "" : ` AND id < ${before}`}`;
  // One more: the author of a change that RT made is the one before.
  const found = (await desk.transactions({ where, limit: PAGE + 1, order: "DESC" }, ctx.signal)).toReversed();
  const shown = found.slice(-PAGE);
  const bodies = await bodiesOf(desk, shown.filter(isSaid), ctx.signal);
  const ids = new Set(shown.map(({ id }) => id));
  const items = messagesOf(desk, requester, ticket, found, bodies).filter(({ id }) => ids.has(id));
  const [first] = shown;
  return { items, ...(found.length > PAGE && first ? { next: first.id } : {}) };
}

export function isSaid({ Type }: RtTransaction): boolean {
  return Type === "Create" || Type === "Correspond";
}

/** These transactions of one ticket, oldest first, as its member sees them. */
export function messagesOf(
  desk: Desk,
  requester: Requester,
  ticket: RtTicket,
  transactions: readonly RtTransaction[],
  bodies: Bodies,
): readonly Message[] {
  let before: RtTransaction | undefined;
  return transactions.flatMap((each): readonly Message[] => {
    // A person's message may make RT set the status: that person is then the author of the change.
    before = isSystem(each) && before !== undefined ? before : each;
    const author = authorOf(desk, requester, ticket, before);
    const { Created: at, Type, id } = each;
    if (Type === "Status") {
      const status = desk.statuses.of(each.NewValue);
      // From "new" to "open" is no change for the member.
      return status === desk.statuses.of(each.OldValue) ? [] : [{ id, author, text: "", at, change: { status } }];
    }
    const { attachments, markup, words } = bodies.get(id) ?? { markup: "", words: "", attachments: [] };
    const isOurs = each.Creator.id === desk.settings.accountId;
    const clientId = isOurs ? valueOf(Type === "Create" ? ticket : each, ownFields.ref) : undefined;
    const own = {
      ...(clientId === undefined ? {} : { clientId }),
      ...(attachments.length === 0 ? {} : { attachments }),
    };
    return [{ id, author, text: author.role === "member" ? words : markup, at, ...own }];
  });
}

/** Only names: members do not see the addresses of agents and other requestors. */
function authorOf(desk: Desk, requester: Requester, ticket: RtTicket, transaction: RtTransaction): Author {
  const { Name, RealName, id } = transaction.Creator;
  const role = roleOf(desk, ticket, requester.email, transaction);
  const requestor = requestorOf(desk, ticket, transaction);
  if (requestor === undefined) return { id, ...named(RealName || Name), role };
  if (role !== "member") return { id: `requestor-${requestor.id}`, ...named(requestor.name), role };
  return {
    id: requester.id,
    ...(requester.name === undefined ? named(requestor.name) : { name: requester.name }),
    role,
  };
}

function named(name = ""): { name?: string } {
  return name === "" || name.includes("@") ? {} : { name };
}

/** As agents and RT's mail headers show it: "Lena <lena@example.org>". */
export function signature({ email, name }: Requester): string {
  if (name === undefined) return email;
  const line = name.replaceAll(/[\s\p{C}<>"\\]+/gu, " ").trim();
  return `${Array.from(line).slice(0, 100).join("")} <${email}>`;
}
