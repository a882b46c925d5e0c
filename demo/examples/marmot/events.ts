import { setTimeout } from "node:timers/promises";
import type { TicketsApi } from "../../../src/index.ts";
import type { Api } from "./api.ts";
import { memberOf, messagesOf, ticketOf, type Case, type Entry } from "./cases.ts";

type Change = { readonly turn: number } & ({ readonly case: Case; readonly entry: Entry } | { readonly gone: number });

interface Changes {
  readonly last: number;
  readonly changes: readonly Change[];
}

const POLL_MS = 5000;

export function events(api: Api, pollMs = POLL_MS): Required<Pick<TicketsApi, "events">> {
  return {
    async *events(cursor, ctx) {
      const { signal } = ctx;
      const member = memberOf(ctx);
      const person = member.id;
      let after = cursor ?? String((await api.get<Changes>("/changes", { person }, signal)).last);
      ctx.onConnected?.();
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- a polling loop
        const { changes } = await api.get<Changes>("/changes", { person, after }, signal);
        for (const change of changes) {
          after = String(change.turn);
          if ("gone" in change) {
            yield { type: "removed", ticketId: String(change.gone), cursor: after };
            continue;
          }
          const ticket = ticketOf(change.case);
          const messages = messagesOf(change.entry, member);
          if (messages.length > 0) yield { type: "ticket", ticket };
          // Only the last event of a change may carry its cursor: after an interruption, the whole change is sent
          // again.
          for (const message of messages) yield { type: "message", ticketId: ticket.id, message, cursor: after };
        }
        // oxlint-disable-next-line no-await-in-loop -- the polling interval
        await setTimeout(pollMs, undefined, { signal }).catch(() => signal.throwIfAborted());
      }
    },
  };
}
