import type { AgentSession } from "./agents.ts";

/** The context of each authenticated request. */
export interface AgentEnvironment {
  readonly Variables: { readonly session: AgentSession };
}
