import type { Availability } from "../../src/core/adapter.ts";
import type { Agents } from "./agents.ts";
import type { Conversations } from "./conversations.ts";
import type { Presence } from "./presence.ts";

export interface DeskAvailability {
  now(): Availability;
}

/** Open while an agent who set themselves available has the page open. */
export function createAvailability(agents: Agents, presence: Presence, conversations: Conversations): DeskAvailability {
  return {
    now() {
      const available = agents.available().filter((session) => presence.here(session.id));
      const languages = [...new Set(available.flatMap(({ agent }) => agent.languages))].toSorted();
      const waitMs = conversations.waitMs();
      return {
        open: available.length > 0,
        ...(languages.length > 0 ? { languages } : {}),
        ...(waitMs === undefined ? {} : { waitMs }),
      };
    },
  };
}
