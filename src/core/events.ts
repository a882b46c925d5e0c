type NoData = Readonly<Record<string, never>>;

/** What a page can hear by `on(…)` and, as `podpora:<name>`, on `window`. Never holds what a member wrote. */
export interface PodporaEvents {
  readonly ready: NoData;
  readonly open: NoData;
  readonly close: NoData;
  readonly route: { readonly route: string };
  /** What waits for the member, as the launcher's badge shows it. */
  readonly unread: { readonly count: number };
  readonly "ticket:submitted": { readonly id: string; readonly number: string };
  readonly "ticket:reply": { readonly id: string };
  readonly "ticket:awaiting": { readonly id: string; readonly number: string };
  readonly "chat:queued": { readonly id: string };
  readonly "chat:position": { readonly position: number };
  readonly "chat:agent-joined": { readonly agent: string };
  readonly "chat:message": { readonly id: string; readonly from: "member" | "agent" | "system" };
  readonly "chat:ended": { readonly id: string };
  readonly handoff: { readonly from: "chat" };
  readonly "identity:needed": NoData;
  readonly error: { readonly code: string };
}
