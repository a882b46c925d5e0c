import type { Adapter, Session } from "../../src/core/contract/adapter.ts";
import { ana } from "./scope.ts";

/** The desk behind a gateway with this session data of the site, with Ana signed in. */
export function atSite(desk: Adapter, site: Partial<Session>): Adapter {
  const session: Session = { member: ana, access: { tickets: { allowed: true }, chat: { allowed: true } }, ...site };
  return { ...desk, session: { current: async () => session, signOut: async () => undefined } };
}
