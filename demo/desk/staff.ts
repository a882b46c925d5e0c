import type { Agent, Agents } from "./agents.ts";
import type { Presence } from "./presence.ts";

/** Which agents are present. */
export interface Staff {
  /** Agents who take chats and have the page open, without duplicates. */
  available(): readonly Agent[];
  /** The agent has the page open, whether they take chats or not. */
  here(agentId: string): boolean;
}

export function createStaff(agents: Agents, presence: Presence): Staff {
  const present = () => agents.sessions().filter((session) => presence.here(session.id));
  return {
    available() {
      const all = present().filter(({ available }) => available);
      return [...new Map(all.map(({ agent }) => [agent.id, agent])).values()];
    },
    here: (agentId) => present().some(({ agent }) => agent.id === agentId),
  };
}
