import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { AgentEnvironment } from "./agent-environment.ts";
import type { AgentDesk } from "./agent-desk.ts";

const beatMs = 15_000;

/** The agent's live events. A comment every 15 seconds lets both ends detect a dead connection. */
export function streamEvents(c: Context<AgentEnvironment>, desk: AgentDesk): Response {
  const { session } = c.var;
  return streamSSE(c, async (stream) => {
    const closed = new AbortController();
    stream.onAbort(() => closed.abort());
    const beat = setInterval(() => {
      if (desk.stillValid(session)) void stream.write(": beat\n\n");
      else closed.abort();
    }, beatMs);
    try {
      const events = desk.events(session, closed.signal);
      await stream.write(": here\n\n");
      for await (const event of events) await stream.writeSSE({ event: event.type, data: JSON.stringify(event) });
    } finally {
      clearInterval(beat);
      closed.abort();
    }
  });
}
