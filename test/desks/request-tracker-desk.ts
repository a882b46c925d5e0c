import * as v from "valibot";
import { attributesOf } from "./attributes-of.ts";
import type { Member, TicketContext, TicketStatus } from "../../src/core/contract/adapter.ts";
import type { Backend, FileRecord, MessageRecord, TicketRecord } from "../../src/testing/subject.ts";
import { installed } from "./installed.ts";

/** What test/desks/request-tracker.sh has set up; empty texts where it isn't installed, and no test runs. */
const env = installed("request-tracker") ?? {};
export const url = env["URL"] ?? "";
export const hookFile = env["HOOK_FILE"] ?? "";
export const hookSecret = env["HOOK_SECRET"] ?? "";
/** SQLite's file: what RT's API has no way for. */
export const databaseFile = env["DATABASE"] ?? "";

type Account = "root" | "gateway" | "second" | "limited" | "blind" | "curious" | "nina";
export function tokenOf(account: Account): string {
  return env[`${account.toUpperCase()}_TOKEN`] ?? "";
}

/** RT's own API, past the adapter: as an agent, or as root for what no agent may do. */
export async function call(account: Account, path: string, body?: object, method?: string): Promise<unknown> {
  const response = await fetch(`${url}/REST/2.0${path}`, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: { Authorization: `token ${tokenOf(account)}`, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} of RT: ${response.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

const id = v.pipe(v.union([v.string(), v.number()]), v.transform(String));
const ticketRecord = v.object({
  id,
  Subject: v.string(),
  Status: v.string(),
  Requestor: v.array(v.object({ id: v.string() })),
  CustomFields: v.array(v.object({ name: v.string(), values: v.array(v.string()) })),
});
const listOf = <T>(item: v.GenericSchema<unknown, T>) => v.object({ items: v.array(item), count: v.number() });
const transaction = v.object({
  id,
  Type: v.string(),
  OldValue: v.string(),
  NewValue: v.string(),
  Creator: v.object({ id: v.string() }),
});
const attachment = v.object({
  id,
  TransactionId: id,
  Filename: v.string(),
  ContentType: v.string(),
  Content: v.string(),
});
const whole = v.object({ Content: v.string() });
const total = v.object({ total: v.number() });

const statuses: Readonly<Record<string, TicketStatus>> = {
  new: "open",
  open: "open",
  stalled: "awaiting",
  "awaiting feedback": "awaiting",
  resolved: "resolved",
};
const statusOf = (name: string): TicketStatus => statuses[name] ?? "open";

/** Members by their address, as the tests made them. */
const members = new Map<string, Member>();
let made = 0;

/** A member of whom RT has heard nothing. */
export function newMember(more: Partial<Member> = {}): Member {
  made += 1;
  const email = more.email ?? `member-${made}-${crypto.randomUUID().slice(0, 8)}@example.org`;
  const member = { id: `site-${crypto.randomUUID()}`, name: "Tone Zupančič", ...more, email };
  members.set(email.toLowerCase(), member);
  return member;
}

/** A member with an account of RT's, who can sign in. */
export async function newUser() {
  made += 1;
  const username = `lena-${made}-${crypto.randomUUID().slice(0, 8)}`;
  const password = `geslo-é-${username}`;
  const email = `${username}@example.org`;
  const name = "Lena Žagar";
  await call("root", "/user", {
    Name: username,
    EmailAddress: email,
    RealName: name,
    Password: password,
    Privileged: 0,
  });
  const found = v.parse(v.object({ id }), await call("root", `/user/${username}`));
  const member: Member = newMember({ id: `rt-${found.id}`, name, email });
  return { member, username, password };
}

const contextNames: readonly (readonly [string, keyof TicketContext])[] = [
  ["Page", "page"],
  ["Browser", "browser"],
  ["Screen", "screen"],
  ["Languages", "language"],
  ["App version", "appVersion"],
];

function contextOf(text: string | undefined): TicketContext | undefined {
  if (text === undefined) return undefined;
  const lines = text.split("\n");
  const errors = lines.flatMap((line) => (line.startsWith("Error: ") ? [line.slice("Error: ".length)] : []));
  const named = contextNames.flatMap(([name, key]) => {
    const line = lines.find((each) => each.startsWith(`${name}: `));
    return line === undefined ? [] : [[key, line.slice(name.length + 2)]];
  });
  const label = "Set by the page: ";
  const attributes = attributesOf(lines.flatMap((line) => (line.startsWith(label) ? [line.slice(label.length)] : [])));
  return { ...Object.fromEntries(named), ...(errors.length > 0 ? { errors, attributes } : {}) };
}

export async function transactionsOf(ticketId: string) {
  const path = `/ticket/${ticketId}/history?per_page=100&fields=Type,OldValue,NewValue,Creator`;
  const rows: v.InferOutput<typeof transaction>[] = [];
  for (let page = 1; ; page += 1) {
    const { items } = v.parse(listOf(transaction), await call("nina", `${path}&page=${page}`));
    if (items.length === 0) return rows;
    rows.push(...items);
  }
}

/** The subjects of the queue's tickets that have this text, as an agent sees them. */
export async function subjectsIn(queue: string, text: string): Promise<readonly string[]> {
  const query = encodeURIComponent(`Queue = '${queue}' AND Subject LIKE '${text} '`);
  const subjects: string[] = [];
  for (let page = 1; ; page += 1) {
    const path = `/tickets?query=${query}&fields=Subject&per_page=100&page=${page}`;
    const { items } = v.parse(listOf(v.object({ Subject: v.string() })), await call("nina", path));
    subjects.push(...items.map(({ Subject }) => Subject));
    if (items.length < 100) return subjects.toSorted();
  }
}

export async function attachmentsOf(ticketId: string) {
  const fields = "TransactionId,Filename,ContentType,Content";
  const rows: v.InferOutput<typeof attachment>[] = [];
  for (let page = 1; ; page += 1) {
    const path = `/ticket/${ticketId}/attachments?per_page=100&page=${page}&fields=${fields}`;
    const { items } = v.parse(listOf(attachment), await call("nina", path));
    rows.push(...items);
    if (items.length < 100) return rows;
  }
}

export async function customFieldsOf(ticketId: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const { CustomFields } = v.parse(ticketRecord, await call("nina", `/ticket/${ticketId}`));
  return Object.fromEntries(CustomFields.map(({ name, values }) => [name, values]));
}

async function recordOf(ticketId: string): Promise<TicketRecord | undefined> {
  const found = v.parse(ticketRecord, await call("nina", `/ticket/${ticketId}`));
  if (found.Status === "deleted" || found.id !== ticketId) return undefined;
  const [transactions, attachments] = await Promise.all([transactionsOf(ticketId), attachmentsOf(ticketId)]);
  const fields = new Map(found.CustomFields.map(({ name, values }) => [name, values]));
  const address = found.Requestor[0]?.id ?? "";
  const user = v.parse(v.object({ EmailAddress: v.string() }), await call("root", `/user/${address}`));
  const textOf = (transactionId: string) =>
    attachments.find(
      (row) => row.TransactionId === transactionId && row.Filename === "" && row.ContentType.startsWith("text/"),
    )?.Content ?? "";
  const messages = transactions.flatMap(({ id: transactionId, Type, OldValue, NewValue, Creator }): MessageRecord[] => {
    const author = Creator.id === "nina" ? "agent" : Creator.id === "gateway" ? "member" : "system";
    if (Type === "Status" && statusOf(OldValue) !== statusOf(NewValue)) {
      return [{ text: "", author, internal: false, change: statusOf(NewValue) }];
    }
    const says = Type === "Create" || Type === "Correspond" || Type === "Comment";
    return says ? [{ text: textOf(transactionId), author, internal: Type === "Comment" }] : [];
  });
  const score = fields.get("CSAT")?.[0];
  const context = contextOf(fields.get("Podpora Context")?.[0]);
  const asked = ["Product", "Topics", "Order number", "Steps", "Since"].flatMap((name) => {
    const values = fields.get(name) ?? [];
    return values.length === 0 ? [] : [[name, name === "Topics" ? values : values[0]]];
  });
  return {
    id: found.id,
    title: found.Subject,
    text: textOf(transactions[0]?.id ?? ""),
    status: statusOf(found.Status),
    memberId: members.get(user.EmailAddress.toLowerCase())?.id ?? "",
    fields: Object.fromEntries(asked),
    ...(context === undefined ? {} : { context }),
    ...(score === undefined ? {} : { rating: Number(score) }),
    messages,
    attachments: await Promise.all(attachments.filter((row) => row.Filename !== "").map(fileOf)),
  };
}

async function fileOf(row: v.InferOutput<typeof attachment>): Promise<FileRecord> {
  const { Content } = v.parse(whole, await call("nina", `/attachment/${row.id}`));
  return { name: row.Filename, type: row.ContentType, bytes: new Uint8Array(Buffer.from(Content, "base64")) };
}

export const reply = async (ticketId: string, text: string, more: object = {}) =>
  await call("nina", `/ticket/${ticketId}/correspond`, { Content: text, ContentType: "text/plain", ...more });
export const change = async (ticketId: string, values: object) =>
  await call("nina", `/ticket/${ticketId}`, values, "PUT");

/** Nina, an agent with her own token, and root for what tests need of users. */
export function backendOf(listeners: () => number, whose: readonly Member[] = []): Backend {
  return {
    ticket: recordOf,
    async ticketCount() {
      // Other test files make tickets as well.
      const requestors = whose.map(({ email }) => `Requestor.EmailAddress = '${email ?? ""}'`).join(" OR ");
      const query = encodeURIComponent(`Queue = 'Support' AND (${requestors})`);
      return v.parse(total, await call("nina", `/tickets?query=${query}&per_page=1`)).total;
    },
    listeners,
    replyToTicket: async (ticketId, text) => void (await reply(ticketId, text)),
    askForFeedback: async (ticketId, text) => void (await reply(ticketId, text, { Status: "stalled" })),
    addNote: async (ticketId, text) =>
      void (await call("nina", `/ticket/${ticketId}/comment`, { Content: text, ContentType: "text/plain" })),
    async replyAsParticipant(ticketId, text) {
      await call("root", `/ticket/${ticketId}`, { Cc: ["curious@podpora.test"] }, "PUT");
      await call("curious", `/ticket/${ticketId}/correspond`, { Content: text, ContentType: "text/plain" });
    },
    resolveTicket: async (ticketId) => void (await change(ticketId, { Status: "resolved" })),
    removeTicket: async (ticketId) => void (await change(ticketId, { Status: "deleted" })),
  };
}
