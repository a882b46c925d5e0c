import type { AgentSession } from "./agents.ts";

/** In each request after sign-in. */
export interface AgentEnvironment {
  readonly Variables: { readonly session: AgentSession };
}
