import type { TicketQuery, TicketStatus } from "../../core/contract/adapter.ts";
import type { Statuses } from "./options.ts";
import { quoted } from "./sql.ts";

/** RT compares the names of statuses without case. */
export function statusOf({ awaiting, resolved }: Statuses, name: string): TicketStatus {
  if (has(awaiting, name)) return "awaiting";
  return has(resolved, name) ? "resolved" : "open";
}

/** The desk's own word, where the settings have none for it. */
export function labelOf({ open, awaiting, resolved }: Statuses, name: string): string | undefined {
  return has([...open, ...awaiting, ...resolved], name) ? undefined : name;
}

/** TicketSQL for one of the lists, to be joined to a scope. What is open is whatever is nothing else. */
export function statusCondition({ awaiting, resolved }: Statuses, filter: TicketQuery["filter"]): string {
  if (filter === "all") return "";
  if (filter === "open") {
    return [...awaiting, ...resolved].map((name) => ` AND Status != ${quoted(name)}`).join("");
  }
  return awaiting.length === 0
    ? " AND id = 0"
    : ` AND (${awaiting.map((name) => `Status = ${quoted(name)}`).join(" OR ")})`;
}

function has(names: readonly string[], name: string): boolean {
  return names.some((each) => each.toLowerCase() === name.toLowerCase());
}
