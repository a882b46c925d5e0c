import type { Desk } from "./parts.ts";

/** Tells an agent's page what to reload. Contains no data; the page loads that with the usual calls. */
export type AgentEvent =
  | { readonly type: "ticket"; readonly ticketId: string }
  | { readonly type: "conversation"; readonly conversationId: string }
  | { readonly type: "typing"; readonly conversationId: string; readonly typing: boolean };

/** Future events, until `signal` aborts. */
export async function* agentEvents(desk: Desk, signal: AbortSignal): AsyncGenerator<AgentEvent, void, undefined> {
  for await (const entry of desk.events.follow({ kind: "desk" }, desk.events.last(), signal)) {
    if (entry.type === "passing") {
      yield { type: "typing", conversationId: entry.conversationId, typing: entry.event.typing };
    } else if (entry.ticketId !== null) {
      yield { type: "ticket", ticketId: entry.ticketId };
    } else if (entry.conversationId !== null && entry.type !== "delivered") {
      yield { type: "conversation", conversationId: entry.conversationId };
    }
  }
}
