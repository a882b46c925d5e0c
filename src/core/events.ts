type NoData = Readonly<Record<string, never>>;

/**
 * The events of the widget, for `on(…)` and, as `podpora:<name>`, on `window`. No event contains what a member or an agent
 * wrote.
 */
export interface PodporaEvents {
  /** The widget has started and can be used. */
  readonly ready: NoData;
  /** The panel was opened. */
  readonly open: NoData;
  /** The panel was closed. */
  readonly close: NoData;
  /** The member moved to another screen. `route` is what `navigate` takes. */
  readonly route: { readonly route: string };
  /** How many items wait for the member: issues that need a reply, and unread chat messages. The launcher's badge shows it. */
  readonly unread: { readonly count: number };
  /** The desk has accepted a new issue. */
  readonly "ticket:submitted": { readonly id: string; readonly number: string };
  /** The team has answered or changed an issue. */
  readonly "ticket:reply": { readonly id: string };
  /** The team needs information from the member. */
  readonly "ticket:awaiting": { readonly id: string; readonly number: string };
  /** The member has joined the chat's queue. */
  readonly "chat:queued": { readonly id: string };
  /** The member's place in the queue changed. 1 is next. */
  readonly "chat:position": { readonly position: number };
  /** An agent has taken the chat. */
  readonly "chat:agent-joined": { readonly agent: string };
  /** A chat message was sent or received. */
  readonly "chat:message": { readonly id: string; readonly from: "member" | "agent" | "participant" | "system" };
  /** The chat has ended. */
  readonly "chat:ended": { readonly id: string };
  /** The member went from the chat to the form, with the chat included. */
  readonly handoff: { readonly from: "chat" };
  /** The member has to sign in. Offer your own sign-in, then call `identify`. */
  readonly "identity:needed": NoData;
  /** A request failed. `code` is one of the codes of the [protocol](protocol.md#problems). */
  readonly error: { readonly code: string };
}
