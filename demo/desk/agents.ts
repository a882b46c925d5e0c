import { createHash, randomBytes } from "node:crypto";
import type { Author } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import type { Database } from "./database.ts";
import { hashPassword, passwordFits } from "./passwords.ts";

export interface Agent {
  readonly id: string;
  readonly name: string;
  /** BCP 47 tags. */
  readonly languages: readonly string[];
  /** An attachment's id. */
  readonly picture?: string;
}

/** A signed-in agent. `id` is a hash of the token, so the database can't be used to impersonate the agent. */
export interface AgentSession {
  readonly id: string;
  readonly agent: Agent;
  readonly available: boolean;
}

export interface Agents {
  addAccount(agent: Agent, username: string, password: string): Promise<void>;
  setPicture(agentId: string, attachmentId: string): void;
  /** Returns a token valid for twelve hours. Rejects with `unauthorized`, without saying which of the two was wrong. */
  signIn(username: string, password: string): Promise<{ readonly token: string; readonly agent: Agent }>;
  /** The session of a token; undefined if it has expired or was signed out. */
  session(token: string): AgentSession | undefined;
  stillValid(sessionId: string): boolean;
  signOut(sessionId: string): void;
  setAvailable(sessionId: string, available: boolean): void;
  /** All signed-in sessions, whether their page is open or not. */
  sessions(): readonly AgentSession[];
}

interface Row {
  readonly sessionId: string;
  readonly available: number;
  readonly id: string;
  readonly name: string;
  readonly languages: string;
  readonly picture: string | null;
}

const sessionMs = 12 * 60 * 60 * 1000;
const select = `SELECT s.token_hash AS sessionId, s.available, a.id, a.name, a.languages, a.picture
  FROM agent_sessions s JOIN agents a ON a.id = s.agent_id WHERE s.expires_at > ?`;

export function createAgents(database: Database, now: () => number): Agents {
  const bySession = (sessionId: string) => database.one<Row>(`${select} AND s.token_hash = ?`, now(), sessionId);

  return {
    async addAccount(agent, username, password) {
      const hash = await hashPassword(password);
      database.write(() =>
        database.run(
          "INSERT INTO agents (id, username, password, name, languages) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
          agent.id,
          username,
          hash,
          agent.name,
          JSON.stringify(agent.languages),
        ),
      );
    },
    setPicture(agentId, attachmentId) {
      database.write(() => database.run("UPDATE agents SET picture = ? WHERE id = ?", attachmentId, agentId));
    },
    async signIn(username, password) {
      const account = database.one<Omit<Row, "sessionId" | "available"> & { readonly password: string }>(
        "SELECT id, name, languages, picture, password FROM agents WHERE username = ?",
        username,
      );
      const fits = await passwordFits(password, account?.password);
      if (!account || !fits) throw new AdapterError("unauthorized", "No agent has this user name and password.");
      const token = randomBytes(32).toString("base64url");
      database.write(() => {
        database.run("DELETE FROM agent_sessions WHERE expires_at <= ?", now());
        database.run(
          "INSERT INTO agent_sessions (token_hash, agent_id, expires_at) VALUES (?, ?, ?)",
          hashOf(token),
          account.id,
          now() + sessionMs,
        );
      });
      return { token, agent: toAgent(account) };
    },
    session(token) {
      const row = bySession(hashOf(token));
      return row && toSession(row);
    },
    stillValid: (sessionId) => bySession(sessionId) !== undefined,
    signOut(sessionId) {
      database.write(() => database.run("DELETE FROM agent_sessions WHERE token_hash = ?", sessionId));
    },
    setAvailable(sessionId, available) {
      database.write(() =>
        database.run("UPDATE agent_sessions SET available = ? WHERE token_hash = ?", available ? 1 : 0, sessionId),
      );
    },
    sessions: () => database.all<Row>(select, now()).map(toSession),
  };
}

export function agentAuthor({ id, name, picture }: Agent): Author {
  return { id, name, role: "agent", ...(picture === undefined ? {} : { picture }) };
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function toAgent({ id, languages, name, picture }: Omit<Row, "sessionId" | "available">): Agent {
  return { id, name, languages: JSON.parse(languages), ...(picture === null ? {} : { picture }) };
}

function toSession(row: Row): AgentSession {
  return { id: row.sessionId, agent: toAgent(row), available: row.available === 1 };
}
