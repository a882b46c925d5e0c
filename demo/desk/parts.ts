import { createAgents, type Agents } from "./agents.ts";
import { createAvailability, type DeskAvailability } from "./availability.ts";
import { createConversations, type Conversations } from "./conversations.ts";
import type { Database } from "./database.ts";
import { createEvents, type Events } from "./events.ts";
import { createFiles, type Files } from "./files.ts";
import { createMembers, type Members } from "./members.ts";
import { createMessages, type Messages } from "./messages.ts";
import { createPresence, type Presence } from "./presence.ts";
import { createTickets, type Tickets } from "./tickets.ts";

/** What the member's side and the agents' side both work with. */
export interface Desk {
  readonly database: Database;
  readonly agents: Agents;
  readonly availability: DeskAvailability;
  readonly conversations: Conversations;
  readonly events: Events;
  readonly files: Files;
  readonly members: Members;
  readonly messages: Messages;
  readonly presence: Presence;
  readonly tickets: Tickets;
}

export function createParts(database: Database, directory: string, now: () => number): Desk {
  const events = createEvents(database);
  const files = createFiles(database, directory, now);
  const agents = createAgents(database, now);
  const presence = createPresence(now);
  const conversations = createConversations(database, events, now);
  return {
    database,
    agents,
    availability: createAvailability(agents, presence, conversations),
    conversations,
    events,
    files,
    members: createMembers(database, now),
    messages: createMessages(database, events, files, now),
    presence,
    tickets: createTickets(database, events, now),
  };
}
