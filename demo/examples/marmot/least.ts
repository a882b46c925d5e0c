import type { Adapter } from "../../../src/index.ts";
import { connect, type MarmotOptions } from "./api.ts";
import { ticketOf, type Case } from "./cases.ts";

export function marmot(options: MarmotOptions): Adapter {
  const api = connect(options);
  return {
    name: "marmot",
    tickets: {
      async create({ clientId, title, text }, { member, signal }) {
        const draft = { subject: title, body: text, person: member, reference: clientId };
        return ticketOf(await api.post<Case>("/cases", draft, signal));
      },
    },
  };
}
