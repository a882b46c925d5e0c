import * as v from "valibot";
import type { ZnunyOptions } from "../../src/adapters/znuny/index.ts";
import type { Field, FieldValue, Member, TicketContext, TicketStatus } from "../../src/core/contract/adapter.ts";
import type { Backend, MessageRecord, TicketRecord } from "../../src/testing/subject.ts";
import { attributesOf } from "./attributes-of.ts";
import { installed } from "./installed.ts";

/** What test/desks/znuny.sh has set up. If it isn't installed, the tests are skipped. */
const env = installed("znuny") ?? { URL: "http://127.0.0.1:1" };
export const url = env["URL"] ?? "";
/** The directory of its console. */
export const home = env["HOME_DIR"] ?? "";
const agentId = env["NINA_ID"] ?? "";

const id = v.pipe(v.union([v.string(), v.number()]), v.transform(String));
const fields = v.optional(v.array(v.object({ Name: v.string(), Value: v.unknown() })), []);
const file = v.object({ Filename: v.string(), ContentType: v.string(), Content: v.string() });
const article = v.object({
  SenderType: v.string(),
  CreateBy: id,
  Body: v.string(),
  IsVisibleForCustomer: id,
  Attachment: v.optional(v.array(file), []),
});
const ticket = v.object({
  TicketID: id,
  TicketNumber: v.string(),
  Title: v.string(),
  State: v.string(),
  Queue: v.string(),
  CustomerUserID: v.nullish(v.string()),
  DynamicField: fields,
  Article: v.optional(v.array(article), []),
});
export type StoredTicket = v.InferOutput<typeof ticket>;

type Data = Readonly<Record<string, unknown>>;

/** Calls the GenericInterface without the adapter. */
export async function call(operation: string, data: Data, user = "nina"): Promise<unknown> {
  const response = await fetch(`${url}/nph-genericinterface.pl/Webservice/Podpora/${operation}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ UserLogin: user, Password: `${user}-password`, ...data }),
  });
  const answer: unknown = await response.json();
  const refused = v.safeParse(v.object({ Error: v.object({ ErrorMessage: v.string() }) }), answer);
  if (refused.success) throw new Error(`${operation}: ${refused.output.Error.ErrorMessage}`);
  return answer;
}

/** Does what no operation of the interface can do: see znuny.psgi. */
export async function act(action: string, data: Data): Promise<unknown> {
  const response = await fetch(`${url}/desk/${action}`, { method: "POST", body: JSON.stringify(data) });
  if (!response.ok) throw new Error(`${action}: ${response.status} ${await response.text()}`);
  return v.parse(v.tuple([v.unknown()]), await response.json())[0];
}

export async function stored(ticketId: string): Promise<StoredTicket | undefined> {
  const how = { TicketID: ticketId, AllArticles: 1, DynamicFields: 1, Attachments: 1 };
  const answer = await call("TicketGet", how).catch((error: unknown) => {
    if (String(error).includes("access")) return { Ticket: [] };
    throw error;
  });
  return v.parse(v.object({ Ticket: v.array(ticket) }), answer).Ticket[0];
}

/** Calls it as nina, an agent. */
export async function update(ticketId: string, state: string | undefined, words?: Data): Promise<void> {
  const waits = state?.startsWith("pending") ? { PendingTime: { Diff: 1440 } } : {};
  const said = {
    SenderType: "agent",
    IsVisibleForCustomer: 1,
    Subject: "Re",
    ContentType: "text/plain; charset=utf-8",
  };
  await call("TicketUpdate", {
    TicketID: ticketId,
    ...(state === undefined ? {} : { Ticket: { State: state, ...waits } }),
    ...(words === undefined ? {} : { Article: { ...said, ...words } }),
  });
}

let made = 0;
export const password = "correct horse battery";

/** A member whom Znuny does not know. */
export function newMember(more: Partial<Member> = {}): Member {
  made += 1;
  const email = `member-${made}-${crypto.randomUUID().slice(0, 8)}@example.org`;
  return { id: `site-${crypto.randomUUID()}`, name: "Tone Zupančič", email, ...more };
}

/** A member with a customer user, who can sign in. */
export async function newCustomer(login?: string): Promise<{ readonly member: Member; readonly username: string }> {
  const member = newMember({ name: "Lena Žagar" });
  const username = login ?? member.email ?? "";
  const names = { UserFirstname: "Lena", UserLastname: "Žagar" };
  await act("customer", { UserLogin: username, UserEmail: member.email, UserPassword: password, ...names });
  return { member: { ...member, id: `znuny-${username}` }, username };
}

const select = (pairs: Readonly<Record<string, string>>) =>
  Object.entries(pairs).map(([value, label]) => ({ value, label }));
const form: readonly Field[] = [
  { key: "Product", label: "Product", kind: "select", options: select({ web: "Web", mobile: "Mobile" }) },
  { key: "Topics", label: "Topics", kind: "multi-select", options: select({ orders: "Orders", payments: "Payments" }) },
  { key: "OrderNumber", label: "Order number", kind: "text", pattern: String.raw`\d{8}` },
  { key: "Steps", label: "Steps", kind: "long-text" },
  { key: "Since", label: "Since", kind: "date" },
  { key: "Urgent", label: "Urgent", kind: "checkbox" },
];

export const options: ZnunyOptions = {
  url,
  user: "gateway",
  password: "gateway-password",
  queue: "Support",
  rating: { score: "CSAT", comment: "CSATComment" },
  fields: form,
  pollMs: 400,
};

const statuses: Readonly<Record<string, TicketStatus>> = {
  "pending reminder": "awaiting",
  "closed successful": "resolved",
  "closed unsuccessful": "resolved",
};

function answersOf(found: StoredTicket): Readonly<Record<string, FieldValue>> {
  const values = new Map(found.DynamicField.map(({ Name, Value }) => [Name, Value]));
  return Object.fromEntries(
    form.flatMap(({ key, kind }): [string, FieldValue][] => {
      const value = values.get(key);
      if (value === null || value === undefined || value === "") return [];
      if (kind === "multi-select") return [[key, v.parse(v.array(v.string()), value)]];
      const text = v.parse(id, value);
      if (kind === "checkbox") return text === "1" ? [[key, true]] : [];
      return [[key, kind === "date" ? text.slice(0, 10) : text]];
    }),
  );
}

const contextNames: readonly (readonly [string, keyof TicketContext])[] = [
  ["Page", "page"],
  ["Browser", "browser"],
  ["Screen", "screen"],
  ["Languages", "language"],
  ["App version", "appVersion"],
];

function contextOf(text: unknown): TicketContext | undefined {
  if (typeof text !== "string" || text === "") return undefined;
  const lines = text.split("\n");
  const all = (label: string) =>
    lines.flatMap((line) => (line.startsWith(`${label}: `) ? [line.slice(label.length + 2)] : []));
  return {
    ...Object.fromEntries(contextNames.flatMap(([label, key]) => all(label).map((value) => [key, value]))),
    errors: all("Error"),
    attributes: attributesOf(all("Set by the page")),
  };
}

function recordOf(found: StoredTicket, members: readonly Member[]): TicketRecord {
  const field = (name: string) => found.DynamicField.find(({ Name }) => Name === name)?.Value;
  const context = contextOf(field("PodporaContext"));
  const score = field("CSAT");
  return {
    id: found.TicketID,
    title: found.Title,
    text: found.Article[0]?.Body ?? "",
    status: statuses[found.State] ?? "open",
    memberId: members.find(({ email }) => email === found.CustomerUserID)?.id ?? `login ${found.CustomerUserID}`,
    fields: answersOf(found),
    ...(context ? { context } : {}),
    ...(score ? { rating: Number(score) } : {}),
    messages: found.Article.map(({ Body, CreateBy, IsVisibleForCustomer }): MessageRecord => {
      return { text: Body, author: CreateBy === agentId ? "agent" : "member", internal: IsVisibleForCustomer === "0" };
    }),
    attachments: found.Article.flatMap(({ Attachment }) =>
      Attachment.map(({ Content, ContentType: type, Filename: name }) => {
        return { name, type, bytes: new Uint8Array(Buffer.from(Content, "base64")) };
      }),
    ),
  };
}

/** Acts as Nina, an agent, and calls Znuny's own code for what no agent may do. */
export function backendOf(queue: string, members: readonly Member[], listeners: () => number): Backend {
  return {
    async ticket(ticketId) {
      const found = await stored(ticketId);
      return found && recordOf(found, members);
    },
    // oxlint-disable-next-line typescript/no-unsafe-return -- Znuny's own count
    ticketCount: async () => Number(await act("count", { Queues: [queue] })),
    listeners,
    replyToTicket: async (ticketId, Body) => await update(ticketId, undefined, { Body }),
    askForFeedback: async (ticketId, Body) => await update(ticketId, "pending reminder", { Body }),
    addNote: async (ticketId, Body) => await update(ticketId, undefined, { Body, IsVisibleForCustomer: 0 }),
    resolveTicket: async (ticketId) => await update(ticketId, "closed successful"),
    removeTicket: async (ticketId) => void (await act("delete", { TicketID: ticketId })),
  };
}
