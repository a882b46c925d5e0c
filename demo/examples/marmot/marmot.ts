import type { Adapter } from "../../../src/index.ts";
import { connect, type MarmotOptions } from "./api.ts";
import { changing } from "./change.ts";
import { creating } from "./create.ts";
import { events } from "./events.ts";
import { files } from "./files.ts";
import { reading } from "./read.ts";

/** Tickets at Marmot. Runs in the gateway, so that the key never reaches a browser. */
export function marmot(options: MarmotOptions): Adapter {
  const api = connect(options);
  return {
    name: "marmot",
    tickets: {
      ...creating(api),
      ...reading(api),
      ...changing(api),
      ...events(api, options.pollMs),
    },
    uploads: files(api),
    async *check(signal) {
      const { account } = await api.get<{ readonly account: string }>("/me", {}, signal);
      yield { level: "good", text: `Marmot takes the key, as ${account}` };
    },
  };
}
