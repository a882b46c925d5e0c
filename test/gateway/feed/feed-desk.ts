import type { FeedAdapter } from "../../../src/gateway/feed/feed-adapter.ts";
import type { Changes, FeedContext, Member, PersonalEvent, Ticket } from "../../../src/core/contract/adapter.ts";
import { AdapterError } from "../../../src/core/contract/errors.ts";

export const LOOK_MS = 1000;

/** A desk that is a list of its events, with every fault of real desks. */
export function feedDesk() {
  const all: PersonalEvent[] = [];
  let [looks, lists] = [0, 0];
  let running = 0;
  let mostRunning = 0;
  let fault: "hang" | "fail" | "refuse" | "repeat" | "stale" | undefined;
  const tickets = new Map<string, Ticket>();

  /** One copy's adapter. */
  function adapter(): FeedAdapter {
    async function* changes(cursor: string | undefined, ctx: FeedContext): AsyncGenerator<Changes> {
      if (cursor !== undefined && fault === "stale") {
        fault = undefined;
        throw new AdapterError("stale-cursor", "too old");
      }
      // Permanently, and before any event.
      if (fault === "refuse") throw new AdapterError("unavailable", "the desk is away");
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      try {
        let at = cursor === undefined ? all.length : Number(cursor);
        yield { cursor: String(at), events: [] };
        for (;;) {
          looks += 1;
          const now = fault;
          fault = undefined;
          if (now === "hang") await new Promise(() => undefined);
          if (now === "fail") throw new AdapterError("unavailable", "the desk is away");
          if (now === "repeat") at = Math.max(0, at - 3);
          if (all.length > at) {
            const events = all.slice(at);
            at = all.length;
            yield { cursor: String(at), events };
          }
          await ctx.pause(LOOK_MS);
        }
      } finally {
        running -= 1;
      }
    }
    return {
      name: "listed",
      changes,
      people: {
        key(member: Member | undefined) {
          if (member?.email === undefined) throw new AdapterError("forbidden", "no address");
          return member.email;
        },
      },
      tickets: {
        create: async () => await Promise.reject(new Error("not here")),
        async list({ cursor = "0", limit = 20 }, { member }) {
          lists += 1;
          const own = [...tickets.values()].filter(({ title }) => title === member?.email);
          const waiting = own.filter(({ status }) => status === "awaiting");
          const end = Number(cursor) + limit;
          return { items: waiting.slice(Number(cursor), end), ...(waiting.length > end ? { next: String(end) } : {}) };
        },
        async setStatus(id, status) {
          tell(tickets.get(id)?.title ?? "", id, status);
          return ticketOf(id, status);
        },
      },
    };
  }

  const ticketOf = (id: string, status: Ticket["status"], key = ""): Ticket => {
    const at = "2026-11-23T08:00:00Z";
    return { id, number: id, title: key, status, createdAt: at, updatedAt: at };
  };

  function tell(key: string, id: string, status: Ticket["status"]): void {
    const ticket = ticketOf(id, status, key);
    tickets.set(id, ticket);
    all.push({ key, event: { type: "ticket", ticket } });
  }

  return {
    adapter,
    looks: () => looks,
    lists: () => lists,
    running: () => running,
    mostRunning: () => mostRunning,
    /** At the next poll. */
    break: (how: NonNullable<typeof fault>) => void (fault = how),
    say(key: string, id: string, by = "agent", text = id) {
      const author = by === "agent" ? { id: by, role: "agent" as const } : { id: by, role: "member" as const };
      all.push({
        key,
        event: { type: "message", ticketId: "1", message: { id, author, text, at: "2026-11-23T08:00:00Z" } },
      });
    },
    setStatus: tell,
    remove(key: string, id: string) {
      tickets.delete(id);
      all.push({ key, event: { type: "removed", ticketId: id } });
    },
  };
}
export type FeedDesk = ReturnType<typeof feedDesk>;
