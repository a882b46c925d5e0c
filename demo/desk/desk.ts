import type { SharedStore } from "../../src/gateway/shared-store.ts";
import { createDeskAdapter, type DeskAdapter } from "./adapter.ts";
import { createAgentDesk, type AgentDesk } from "./agent-desk.ts";
import { openDatabase, type Database } from "./database.ts";
import { sweepFiles } from "./file-store.ts";
import { createKeyStore } from "./key-store.ts";
import { createParts } from "./parts.ts";
import type { Agent } from "./agents.ts";
import type { OfficeHours } from "./office-hours.ts";
import type { Field, Member } from "../../src/core/contract/adapter.ts";

/** A small help desk stored in one directory. Acknowledged writes are on the disk. */
export interface DemoDesk {
  /** The member's side, for a gateway. */
  readonly adapter: DeskAdapter;
  /** The agents' side, for `createAgentApi`. */
  readonly agents: AgentDesk;
  /** The store shared by all gateway copies on this machine. */
  readonly keyStore: SharedStore;
  /** Leaves an existing member unchanged. */
  addMember(member: Member, username: string, password: string): Promise<void>;
  addAgent(agent: Agent, username: string, password: string, picture: File): Promise<void>;
  close(): void;
}

export interface DeskOptions {
  /**
   * Created if it does not exist. Contains `desk.sqlite`, `files/`, and `outbox/` with the e-mails that a mail server
   * would send.
   */
  readonly directory: string;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** The form's fields besides title and text. @default the demo's own, in the member's language */
  readonly fields?: readonly Field[];
  /** How long a member without an open stream keeps the place in the queue. @default 3 minutes */
  readonly graceMs?: number;
  /** When the chat may be open. @default whenever an agent is available */
  readonly hours?: OfficeHours;
}

const threeMinutes = 3 * 60_000;

export async function openDesk(options: DeskOptions): Promise<DemoDesk> {
  return deskOn(openDatabase(options.directory), options);
}

/** The desk on an open database. */
export async function deskOn(
  database: Database,
  { directory, now = Date.now, fields, graceMs = threeMinutes, hours }: DeskOptions,
): Promise<DemoDesk> {
  const desk = createParts(database, { directory, now, fields, graceMs, hours });
  const keyStore = createKeyStore(database, now);
  await sweepFiles(database, directory, now);
  return {
    adapter: createDeskAdapter(desk),
    agents: createAgentDesk(desk, keyStore),
    keyStore,
    addMember: (member, username, password) => desk.members.addAccount(member, username, password),
    async addAgent(agent, username, password, picture) {
      await desk.agents.addAccount(agent, username, password);
      const { signal } = new AbortController();
      const { id } = await desk.files.store(picture, { agentId: agent.id }, { signal, clientId: "picture" });
      desk.agents.setPicture(agent.id, id);
    },
    close() {
      desk.absences.stop();
      database.close();
    },
  };
}
