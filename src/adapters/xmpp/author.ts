import type { Author } from "../../core/contract/adapter.ts";

/** Members see an agent's name in the room, never an address. */
export function agentAuthor(name: string): Author {
  return { id: `agent:${name}`, name, role: "agent" };
}
