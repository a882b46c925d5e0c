import type { Field } from "../../src/core/adapter.ts";
import { createAgents, type Agents } from "./agents.ts";
import { createAnswerTimes, type AnswerTimes } from "./answer-times.ts";
import { createAvailability, type DeskAvailability } from "./availability.ts";
import { createConversations, type Conversations } from "./conversations.ts";
import type { Database } from "./database.ts";
import { createEvents, type Events } from "./events.ts";
import { createFiles, type Files } from "./files.ts";
import { createMembers, type Members } from "./members.ts";
import { createMessages, type Messages } from "./messages.ts";
import { createPresence, type Presence } from "./presence.ts";
import { textsFor } from "./texts.ts";
import { createTickets, type Tickets } from "./tickets.ts";

/** What the member's side and the agents' side both work with. */
export interface Desk {
  readonly database: Database;
  readonly agents: Agents;
  readonly answerTimes: AnswerTimes;
  readonly availability: DeskAvailability;
  readonly conversations: Conversations;
  readonly events: Events;
  /** What the form asks for besides title and text, in the language nearest to this one. */
  fields(locale: string): readonly Field[];
  readonly files: Files;
  readonly members: Members;
  readonly messages: Messages;
  readonly presence: Presence;
  readonly tickets: Tickets;
}

export interface PartsOptions {
  readonly directory: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly fields: readonly Field[] | undefined;
}

export function createParts(database: Database, { directory, now, fields }: PartsOptions): Desk {
  const events = createEvents(database);
  const files = createFiles(database, directory, now);
  const agents = createAgents(database, now);
  const presence = createPresence(now);
  const answerTimes = createAnswerTimes(database, now);
  const conversations = createConversations(database, events, now);
  return {
    database,
    agents,
    answerTimes,
    availability: createAvailability(agents, presence, conversations),
    conversations,
    events,
    fields: (locale) => fields ?? textsFor(locale).fields,
    files,
    members: createMembers(database, now),
    messages: createMessages(database, events, files, now),
    presence,
    tickets: createTickets(database, events, answerTimes, now),
  };
}
