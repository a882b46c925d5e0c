import type { Author } from "../../core/contract/adapter.ts";
import { pathOf, type Desk } from "./desk.ts";
import { listOf, transaction as schema, type RtTicket, type RtTransaction } from "./schemas.ts";

export interface TransactionsQuery {
  /** TransactionSQL. It has to name types that the account may see: RT counts hidden ones in a page, and leaves them out. */
  readonly where: string;
  readonly limit: number;
  readonly order?: "ASC" | "DESC";
  readonly page?: number;
}

/** RT's own account for what it does by itself. */
const SYSTEM_ID = "1";

/** What a member may see of a ticket's history: words, and changes of its state. Comments are the agents' own. */
export const shownTypes = "(Type = 'Create' OR Type = 'Correspond' OR Type = 'Status')";

export async function transactionsOf(
  desk: Desk,
  { where, limit, order = "ASC", page = 1 }: TransactionsQuery,
  signal: AbortSignal,
): Promise<readonly RtTransaction[]> {
  const path = pathOf("/transactions", [
    // Users and groups have transactions too, and ids that tickets have.
    ["query", `ObjectType = 'RT::Ticket' AND (${where})`],
    ["orderby", "id"],
    ["order", order],
    ["per_page", limit],
    ["page", page],
    ["fields", "Type,Field,OldValue,NewValue,ObjectId,Created,Creator,CustomFields"],
    ["fields[Creator]", "id,Name,RealName"],
  ]);
  return (await desk.client.json({ path }, listOf(schema), signal)).items;
}

/** What the gateway writes it writes for a member, and so does whoever is asked for in the ticket. */
export function roleOf(desk: Desk, ticket: RtTicket, personId: string): Author["role"] {
  if (personId === desk.settings.accountId || ticket.Requestor.some(({ id }) => id === personId)) return "member";
  return personId === SYSTEM_ID ? "system" : "agent";
}

export function isSystem({ Creator }: RtTransaction): boolean {
  return Creator.id === SYSTEM_ID;
}
