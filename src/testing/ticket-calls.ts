import type { Member, TicketsApi } from "../core/contract/adapter.ts";
import { by, uuid, type Stage, type With } from "./case.ts";

/** Text that must arrive unchanged: both text directions, markup, white space. */
export const hostileText = [
  "Č š ž – „narekovaji“ 👩🏽‍🚀 𝒳",
  "<script>alert(document.cookie)</script><img src=x onerror=alert(1)>",
  "שלום, אני לא מצליח להתחבר. مرحبا",
  "",
  "1. *one*\n\t2. `two` [three](https://example.org/?a=1&b=2)",
  "end",
].join("\n");

export function ticketsOf<K extends keyof TicketsApi = never>(
  stage: Stage,
  ...names: readonly K[]
): TicketsApi & With<TicketsApi, K> {
  return stage.need(stage.mine.tickets, ...names);
}

/** The adapter's methods that take a ticket's id. */
export function byTicketId(tickets: TicketsApi, member: Member): readonly ((ticketId: string) => Promise<unknown>)[] {
  const calls: ((ticketId: string) => Promise<unknown>)[] = [];
  if (tickets.get) calls.push(async (id) => await tickets.get?.(id, by(member)));
  if (tickets.thread) calls.push(async (id) => await tickets.thread?.(id, undefined, by(member)));
  if (tickets.reply) calls.push(async (id) => await tickets.reply?.(id, { clientId: uuid(), text: "x" }, by(member)));
  if (tickets.setStatus) calls.push(async (id) => await tickets.setStatus?.(id, "resolved", by(member)));
  if (tickets.rate) calls.push(async (id) => await tickets.rate?.(id, { score: 1 }, by(member)));
  return calls;
}
