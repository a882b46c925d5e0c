import { AdapterError, type Message, type TicketsApi } from "../../../src/index.ts";
import type { Api } from "./api.ts";
import { memberOf, messagesOf, ownCase, statusOf, ticketOf, type Entry } from "./cases.ts";
import { refuse } from "./create.ts";
import { checkFiles } from "./files.ts";
import { createOnce } from "./once.ts";

export function changing(api: Api): Required<Pick<TicketsApi, "reply" | "setStatus">> {
  const once = createOnce<Message>();
  return {
    async reply(ticketId, { clientId, text, attachments = [] }, ctx) {
      const member = memberOf(ctx);
      if (text.trim() === "" && attachments.length === 0) refuse("text", "is empty");
      return await once(["note", member.id, ticketId, clientId], ctx.signal, async () => {
        const { signal } = new AbortController();
        const { entries, status } = await ownCase(api, ticketId, { ...ctx, signal });
        let entry = entries.find(({ by, reference }) => by === "person" && reference === clientId);
        if (!entry) {
          await checkFiles(api, attachments, member.id, signal);
          // Note and status in one call, so that neither can fail alone. Marmot does not reopen by itself.
          const reopened = statusOf[status] === "open" ? {} : { status: "working" };
          const note = { body: text, by: "person", reference: clientId, files: attachments, ...reopened };
          entry = await api.post<Entry>(`/cases/${ticketId}/notes`, note, signal);
        }
        const [message] = messagesOf(entry, member);
        if (!message) throw new AdapterError("unknown", "Marmot made no note of the reply");
        return message;
      });
    },

    async setStatus(ticketId, status, ctx) {
      const before = await ownCase(api, ticketId, ctx);
      if (statusOf[before.status] !== status) {
        const change = { by: "person", status: status === "open" ? "working" : "closed" };
        await api.post(`/cases/${ticketId}/notes`, change, ctx.signal);
      }
      return ticketOf(await ownCase(api, ticketId, ctx));
    },
  };
}
