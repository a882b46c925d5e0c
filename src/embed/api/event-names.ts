import type { EventName } from "../../loader/handle.ts";

/** By type, every event is listed. */
const known: Readonly<Record<EventName, 1>> = {
  ready: 1,
  open: 1,
  close: 1,
  route: 1,
  unread: 1,
  "ticket:submitted": 1,
  "ticket:reply": 1,
  "ticket:awaiting": 1,
  "chat:queued": 1,
  "chat:position": 1,
  "chat:agent-joined": 1,
  "chat:message": 1,
  "chat:ended": 1,
  handoff: 1,
  "identity:needed": 1,
  error: 1,
};
export const eventNames = Object.keys(known);
