import * as v from "valibot";
import { expect } from "vitest";
import { attributesOf } from "./attributes-of.ts";
import type { RedmineOptions } from "../../src/adapters/redmine/index.ts";
import type { FieldValue, Member, TicketContext, TicketStatus } from "../../src/core/contract/adapter.ts";
import type { Backend, TicketRecord } from "../../src/testing/subject.ts";
import { installed } from "./installed.ts";

const named = v.object({ id: v.number(), name: v.string() });
const issueSchema = v.object({
  issue: v.object({
    id: v.number(),
    status: named,
    author: named,
    project: named,
    subject: v.string(),
    description: v.string(),
    custom_fields: v.array(
      v.object({ ...named.entries, value: v.nullish(v.union([v.string(), v.array(v.string())])) }),
    ),
    attachments: v.array(
      v.object({ id: v.number(), filename: v.string(), content_type: v.nullish(v.string()), author: named }),
    ),
    journals: v.array(
      v.object({
        user: named,
        notes: v.nullish(v.string()),
        private_notes: v.boolean(),
        details: v.array(v.object({ property: v.string(), name: v.string(), new_value: v.nullish(v.string()) })),
      }),
    ),
  }),
});
export type StoredIssue = v.InferOutput<typeof issueSchema>["issue"];
const fieldsSchema = v.object({
  custom_fields: v.array(v.object({ ...named.entries, field_format: v.string(), multiple: v.boolean() })),
});
const madeUser = v.object({ user: v.object({ id: v.number() }) });

export interface Call {
  readonly method?: string;
  readonly json?: unknown;
  /** @default nina's, an agent's */
  readonly key?: string;
}

/** The Redmine of redmine.sh, by its own API and an agent's key. */
export interface RedmineDesk {
  readonly url: string;
  readonly gatewayKey: string;
  readonly options: RedmineOptions;
  call(path: string, call?: Call): Promise<Response>;
  json<T>(path: string, schema: v.GenericSchema<unknown, T>, call?: Call): Promise<T>;
  /** Changes an issue as an agent. */
  change(issueId: string, issue: Readonly<Record<string, unknown>>): Promise<void>;
  issue(issueId: string): Promise<StoredIssue>;
  statusId(name: string): Promise<number>;
  fieldKey(name: string): Promise<string>;
  /** A user whose password is known, and who is in no project. */
  makeUser(login: string, more?: Readonly<Record<string, unknown>>): Promise<number>;
  backend(members: readonly Member[], listeners: () => number): Backend;
}

const statuses: Readonly<Record<string, TicketStatus>> = {
  New: "open",
  "In Progress": "open",
  Feedback: "awaiting",
  Resolved: "resolved",
  Closed: "resolved",
  Rejected: "resolved",
};

export const password = "correct horse battery";

/** What the script installed; only where "redmine" is among the desks that run. */
export function redmineDesk(project = "support"): RedmineDesk {
  // Where it isn't installed the tests are collected all the same, and skipped.
  const env = installed("redmine") ?? { URL: "http://127.0.0.1:1", GATEWAY_KEY: "0".repeat(40) };
  const value = (name: string): string => env[name] ?? "none";
  const url = value("URL");
  const ninaId = Number(value("NINA_ID"));
  const gatewayKey = value("GATEWAY_KEY");

  async function call(path: string, given: Call = {}): Promise<Response> {
    const { method = "GET", key = value("NINA_KEY"), json: body } = given;
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: "manual",
      headers: { "X-Redmine-API-Key": key, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status >= 300 && response.status !== 404) {
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    }
    return response;
  }

  async function json<T>(path: string, schema: v.GenericSchema<unknown, T>, more?: Call): Promise<T> {
    return v.parse(schema, await (await call(path, more)).json());
  }

  async function change(issueId: string, changed: Readonly<Record<string, unknown>>): Promise<void> {
    await call(`/issues/${issueId}.json`, { method: "PUT", json: { issue: changed } });
  }

  let known: Promise<ReadonlyMap<string, number>> | undefined;
  async function statusId(name: string): Promise<number> {
    known ??= json("/issue_statuses.json", v.object({ issue_statuses: v.array(named) })).then(
      (answer) => new Map(answer.issue_statuses.map((status) => [status.name, status.id])),
    );
    return (await known).get(name) ?? expect.fail(`no status ${name}`);
  }

  let form: Promise<v.InferOutput<typeof fieldsSchema>["custom_fields"]> | undefined;
  async function fields() {
    form ??= json("/custom_fields.json", fieldsSchema, { key: gatewayKey }).then((answer) => answer.custom_fields);
    return await form;
  }

  async function issue(issueId: string): Promise<StoredIssue> {
    const path = `/issues/${issueId}.json?include=journals,attachments`;
    return (await json(path, issueSchema, { key: gatewayKey })).issue;
  }

  async function answersOf({ custom_fields: values }: StoredIssue): Promise<Readonly<Record<string, FieldValue>>> {
    const kinds = new Map((await fields()).map((field) => [field.id, field]));
    const answers: Record<string, FieldValue> = {};
    for (const { id, value: given } of values) {
      if (given === null || given === undefined || given === "") continue;
      const format = kinds.get(id)?.field_format;
      answers[`cf_${id}`] = format === "bool" ? given === "1" : format === "int" ? Number(given) : given;
    }
    return answers;
  }

  return {
    url,
    gatewayKey,
    options: {
      url,
      key: gatewayKey,
      project,
      tracker: value("TRACKER"),
      role: value("ROLE"),
      ratingField: "CSAT",
      ratingCommentField: "CSAT Comment",
      maxFileBytes: 10 * 1024 * 1024,
      pollMs: 200,
    },
    call,
    json,
    change,
    issue,
    statusId,
    async fieldKey(name) {
      const field = (await fields()).find((one) => one.name === name);
      return `cf_${field?.id ?? expect.fail(`no field ${name}`)}`;
    },
    async makeUser(login, more = {}) {
      const user = { login, firstname: "Lena", lastname: "Novak", mail: `${login}@example.org`, password, ...more };
      return (await json("/users.json", madeUser, { method: "POST", json: { user }, key: gatewayKey })).user.id;
    },

    backend(members, listeners) {
      async function memberId(userId: number): Promise<string> {
        const schema = v.object({ user: v.object({ mail: v.string() }) });
        const { user } = await json(`/users/${userId}.json`, schema, { key: gatewayKey });
        return members.find(({ email }) => email === user.mail)?.id ?? `user ${userId}`;
      }
      return {
        async ticket(ticketId): Promise<TicketRecord | undefined> {
          const there = await call(`/issues/${ticketId}.json`);
          if (there.status === 404) return undefined;
          const stored = await issue(ticketId);
          const score = stored.custom_fields.find(({ name }) => name === "CSAT")?.value;
          const context = contextOf(stored);
          return {
            id: String(stored.id),
            title: stored.subject,
            text: asWritten(stored.description),
            status: statuses[stored.status.name] ?? "open",
            memberId: await memberId(stored.author.id),
            fields: await answersOf(stored),
            ...(context ? { context } : {}),
            ...(score ? { rating: Number(score) } : {}),
            messages: [
              { text: asWritten(stored.description), author: "member", internal: false },
              ...stored.journals.flatMap(({ user, notes, private_notes: internal }) =>
                notes ? [{ text: notes, author: user.id === ninaId ? "agent" : "member", internal } as const] : [],
              ),
            ],
            attachments: await Promise.all(
              stored.attachments.map(async ({ id, filename, content_type: type }) => {
                const file = await call(`/attachments/download/${id}`);
                return { name: filename, type: type ?? "", bytes: new Uint8Array(await file.arrayBuffer()) };
              }),
            ),
          };
        },
        async ticketCount() {
          const schema = v.object({ total_count: v.number() });
          return (await json(`/issues.json?project_id=${project}&status_id=*&limit=1`, schema)).total_count;
        },
        listeners,
        replyToTicket: async (ticketId, notes) => await change(ticketId, { notes }),
        askForFeedback: async (ticketId, notes) =>
          await change(ticketId, { notes, status_id: await statusId("Feedback") }),
        addNote: async (ticketId, notes) => await change(ticketId, { notes, private_notes: true }),
        resolveTicket: async (ticketId) => await change(ticketId, { status_id: await statusId("Resolved") }),
        removeTicket: async (ticketId) => void (await call(`/issues/${ticketId}.json`, { method: "DELETE" })),
      };
    },
  };
}

/** Redmine keeps descriptions with the line ends of mails. */
const asWritten = (text: string) => text.replaceAll("\r\n", "\n");

/** The private note of the gateway's, read as an agent reads it. */
function contextOf({ journals }: StoredIssue): TicketContext | undefined {
  const note = journals.find((journal) => journal.private_notes && journal.notes?.startsWith("Podpora: "))?.notes;
  if (!note) return undefined;
  const all = (label: string) =>
    note.split("\n").flatMap((line) => (line.startsWith(`${label}: `) ? [line.slice(label.length + 2)] : []));
  const one = (name: string, label: string) => Object.fromEntries(all(label).map((text) => [name, text]));
  return {
    ...one("page", "Page"),
    ...one("browser", "Browser"),
    ...one("screen", "Screen"),
    ...one("language", "Languages"),
    ...one("appVersion", "App version"),
    errors: all("Error"),
    attributes: attributesOf(all("Set by the page")),
  };
}
