import type { Field } from "../../src/core/contract/adapter.ts";
import { createAbsences, type Absences } from "./absences.ts";
import { createAgents, type Agents } from "./agents.ts";
import { createAnswerTimes, type AnswerTimes } from "./answer-times.ts";
import { createAvailability, type DeskAvailability } from "./availability.ts";
import { createConversations, type Conversations } from "./conversations.ts";
import type { Database } from "./database.ts";
import { createEvents, type Events } from "./events.ts";
import { createFiles, type Files } from "./files.ts";
import { createMembers, type Members } from "./members.ts";
import { createMessages, type Messages } from "./messages.ts";
import { createOfficeClock, type OfficeHours } from "./office-hours.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { createPresence, type Presence } from "./presence.ts";
import { createStaff, type Staff } from "./staff.ts";
import { textsFor } from "./texts.ts";
import { createTickets, type Tickets } from "./tickets.ts";
import { createWaits } from "./waits.ts";

/** What the members' side and the agents' side share. */
export interface Desk {
  readonly database: Database;
  readonly absences: Absences;
  readonly agents: Agents;
  readonly answerTimes: AnswerTimes;
  readonly availability: DeskAvailability;
  readonly conversations: Conversations;
  readonly events: Events;
  /** The form's fields besides title and text, in the closest available language. */
  fields(locale: string): readonly Field[];
  readonly files: Files;
  readonly members: Members;
  readonly messages: Messages;
  readonly outbox: Outbox;
  readonly presence: Presence;
  readonly staff: Staff;
  readonly tickets: Tickets;
}

export interface PartsOptions {
  readonly directory: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly fields: readonly Field[] | undefined;
  readonly graceMs: number;
  readonly hours: OfficeHours | undefined;
}

export function createParts(database: Database, { directory, fields, graceMs, hours, now }: PartsOptions): Desk {
  const events = createEvents(database);
  const files = createFiles(database, directory, now);
  const agents = createAgents(database, now);
  const presence = createPresence(now);
  const staff = createStaff(agents, presence);
  const waits = createWaits(database, staff);
  const answerTimes = createAnswerTimes(database, now);
  const conversations = createConversations({ database, events, waits, graceMs, now });
  const messages = createMessages(database, events, files, now);
  const office = hours && createOfficeClock(hours);
  return {
    database,
    absences: createAbsences({ database, conversations, messages, staff, graceMs, now }),
    agents,
    answerTimes,
    availability: createAvailability({ staff, waits, conversations, office, now }),
    conversations,
    events,
    fields: (locale) => fields ?? textsFor(locale).fields,
    files,
    members: createMembers(database, now),
    messages,
    outbox: createOutbox(directory, now),
    presence,
    staff,
    tickets: createTickets({ database, events, messages, times: answerTimes, now }),
  };
}
