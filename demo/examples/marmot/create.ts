import { AdapterError, type Ticket, type TicketsApi } from "../../../src/index.ts";
import type { Api } from "./api.ts";
import { memberOf, ticketOf, type Case } from "./cases.ts";
import { checkFiles } from "./files.ts";
import { createOnce } from "./once.ts";

const SUBJECT_MOST = 150;

export function creating(api: Api): Pick<TicketsApi, "create"> {
  const once = createOnce<Ticket>();
  return {
    async create({ clientId, title, text, context, attachments = [] }, ctx) {
      const { id, name, email } = memberOf(ctx);
      // Marmot silently truncates long subjects and replaces empty ones.
      if (title.trim() === "") refuse("title", "is empty");
      if (title.length > SUBJECT_MOST) refuse("title", `has more than ${SUBJECT_MOST} characters`);
      if (text.trim() === "") refuse("text", "is empty");
      return await once(["case", id, clientId], ctx.signal, async () => {
        const { signal } = new AbortController();
        const [earlier] = await api.get<readonly Case[]>("/cases", { person: id, reference: clientId }, signal);
        if (earlier) return ticketOf(earlier);
        await checkFiles(api, attachments, id, signal);
        const draft = { subject: title, body: text, reference: clientId, files: attachments, extra: context };
        return ticketOf(await api.post<Case>("/cases", { ...draft, person: { id, name, email } }, signal));
      });
    },
  };
}

export function refuse(field: string, fault: string): never {
  throw new AdapterError("invalid", `${field} ${fault}`, { fields: { [field]: fault } });
}
