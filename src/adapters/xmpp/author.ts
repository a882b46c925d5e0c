import type { Author } from "../../core/contract/adapter.ts";

/** Members see the name that an agent goes by in the room, never an address. */
export function agentAuthor(name: string): Author {
  return { id: `agent:${name}`, name, role: "agent" };
}
