import type { KeyStore } from "../../src/gateway/key-store.ts";
import { createDeskAdapter, type DeskAdapter } from "./adapter.ts";
import { createAgentDesk, type AgentDesk } from "./agent-desk.ts";
import { openDatabase, type Database } from "./database.ts";
import { sweepFiles } from "./file-store.ts";
import { createKeyStore } from "./key-store.ts";
import { createParts } from "./parts.ts";
import type { Agent } from "./agents.ts";
import type { Field, Member } from "../../src/core/adapter.ts";

/** A small help desk in one folder. What it acknowledges is on the disk. */
export interface DemoDesk {
  /** The member's side, for a gateway. */
  readonly adapter: DeskAdapter;
  /** The agents' side, for `createAgentApi`. */
  readonly agents: AgentDesk;
  /** What copies of a gateway on this machine share. */
  readonly keyStore: KeyStore;
  /** One that exists already stays as it is. */
  addMember(member: Member, username: string, password: string): Promise<void>;
  addAgent(agent: Agent, username: string, password: string): Promise<void>;
  close(): void;
}

export interface DeskOptions {
  /** Made when it is not there: holds `desk.sqlite` and `files/`. */
  readonly directory: string;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** What the form asks for besides title and text. @default the demo's own, in the member's language */
  readonly fields?: readonly Field[];
}

export async function openDesk(options: DeskOptions): Promise<DemoDesk> {
  return deskOn(openDatabase(options.directory), options);
}

/** The desk on a database that is open already. */
export async function deskOn(
  database: Database,
  { directory, now = Date.now, fields }: DeskOptions,
): Promise<DemoDesk> {
  const desk = createParts(database, { directory, now, fields });
  const keyStore = createKeyStore(database, now);
  await sweepFiles(database, directory, now);
  return {
    adapter: createDeskAdapter(desk),
    agents: createAgentDesk(desk, keyStore),
    keyStore,
    addMember: (member, username, password) => desk.members.addAccount(member, username, password),
    addAgent: (agent, username, password) => desk.agents.addAccount(agent, username, password),
    close: () => database.close(),
  };
}
