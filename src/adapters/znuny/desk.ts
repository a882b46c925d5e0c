import * as v from "valibot";
import {
  AdapterError,
  answerOf,
  createBreaker,
  createCached,
  createDeskClient,
  isAdapterError,
  statusMap,
  statusOf,
  type Breaker,
  type HeldUploads,
  type Refusal,
  type StatusMap,
} from "../../adapter/index.ts";
import type { Settings } from "./options.ts";
import * as schemas from "./schemas.ts";
import type { HistoryLine, RawTicket } from "./schemas.ts";

/** The connection to Znuny, with the calls that several parts make. */
export interface Desk {
  readonly settings: Settings;
  readonly breaker: Breaker;
  readonly statuses: StatusMap;
  /** Calls an operation of the GenericInterface as the gateway's agent. */
  ask: Ask;
  /** The same, with the credentials in the data. */
  askAs: Ask;
  /** The ids of all matching tickets of the queue, up to `limit`. Znuny has no pages. */
  search(query: Readonly<Record<string, unknown>>, limit: number, signal: AbortSignal): Promise<readonly string[]>;
  /** These tickets, in this order, without those that the agent may not read. */
  read(ids: readonly string[], how: ReadHow, signal: AbortSignal): Promise<readonly RawTicket[]>;
  histories(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, readonly HistoryLine[]>>;
  facts(signal: AbortSignal): Promise<Facts>;
}

export type Ask = <T>(
  operation: string,
  data: Readonly<Record<string, unknown>>,
  schema: v.GenericSchema<unknown, T>,
  signal: AbortSignal,
  maxBytes?: number,
) => Promise<T>;

export interface ReadHow {
  /** Includes dynamic fields, and articles with the metadata of their files. */
  readonly articles: boolean;
}

export interface Facts {
  /** The id of the gateway's agent. Whatever it writes, it writes for a member. */
  readonly agentId: string;
  /** The names in `settings.states` that Znuny has. A search with an unknown name finds nothing at all. */
  readonly awaiting: readonly string[];
  readonly resolved: readonly string[];
}

export type Uploads = HeldUploads | undefined;

/** The number of tickets read in one call. */
export const PAGE = 100;
/** The maximum number of ids of a search. */
export const SEARCH_MOST = 10_000;
/** All state types except "merged". */
const types = ["new", "open", "closed", "pending reminder", "pending auto", "removed"];
const FRESH_MS = 3_600_000;
const reading = new Set(["TicketGet", "TicketHistoryGet", "TicketSearch"]);

export function createDesk(settings: Settings, closed: AbortSignal): Desk {
  const { callMs, password, queue, url, user, webService } = settings;
  const breaker = createBreaker("Znuny");
  const client = createDeskClient({
    desk: "Znuny",
    url: `${url}/nph-genericinterface.pl/Webservice/${encodeURIComponent(webService)}`,
    headers: {},
    callMs,
    guard: breaker,
    refusalIn,
  });

  const askAs: Ask = async (operation, json, schema, signal, maxBytes) => {
    const call = { method: "POST", path: `/${operation}`, json, isRead: reading.has(operation) } as const;
    return await client.json({ ...call, ...(maxBytes === undefined ? {} : { maxBytes }) }, schema, signal);
  };
  const ask: Ask = async (operation, data, schema, signal, maxBytes) =>
    await askAs(operation, { UserLogin: user, Password: password, ...data }, schema, signal, maxBytes);

  async function search(query: Readonly<Record<string, unknown>>, limit: number, signal: AbortSignal) {
    const data = { Queues: [queue], StateType: types, SortBy: ["Changed", "TicketNumber"], OrderBy: ["Down", "Down"] };
    return (await ask("TicketSearch", { ...data, ...query, Limit: limit }, schemas.found, signal)).TicketID;
  }

  /** Znuny refuses the whole call if one ticket is gone or the agent may not read it. */
  async function each<T>(
    ids: readonly string[],
    some: (ids: readonly string[]) => Promise<readonly T[]>,
  ): Promise<readonly T[]> {
    if (ids.length === 0) return [];
    try {
      return await some(ids);
    } catch (error) {
      if (statusOf(error) !== 403) throw error;
      if (ids.length === 1) return [];
      const half = Math.ceil(ids.length / 2);
      return [...(await each(ids.slice(0, half), some)), ...(await each(ids.slice(half), some))];
    }
  }

  return {
    settings,
    breaker,
    statuses: statusMap(settings.states),
    ask,
    askAs,
    search,
    async read(ids, { articles }, signal) {
      const more = articles ? { AllArticles: 1, Attachments: 1, GetAttachmentContents: 0, DynamicFields: 1 } : {};
      return await each(ids, async (some) => {
        return (await ask("TicketGet", { TicketID: some, ...more }, schemas.tickets, signal)).Ticket;
      });
    },
    async histories(ids, signal) {
      const all = await each(ids, async (some) => {
        return (await ask("TicketHistoryGet", { TicketID: some }, schemas.histories, signal)).TicketHistory;
      });
      return new Map(all.map(({ TicketID, History }) => [TicketID, History]));
    },
    facts: createCached(FRESH_MS, async () => await readFacts({ ask, settings }, closed)),
  };
}

/** Znuny refuses with status 200. */
function refusalIn(answer: unknown): Refusal | undefined {
  const refused = v.safeParse(schemas.refusal, answer);
  if (!refused.success) return undefined;
  const { ErrorCode, ErrorMessage: body } = refused.output.Error;
  if (/\.(?:AuthFail|SessionInvalid)$/.test(ErrorCode)) return { status: 401, body };
  return { status: ErrorCode.endsWith(".AccessDenied") ? 403 : 422, body };
}

async function readFacts(desk: Pick<Desk, "ask" | "settings">, signal: AbortSignal): Promise<Facts> {
  const { settings } = desk;
  const { awaiting, reopenTo, resolved } = settings.states;
  const fault = await probe(desk, reopenTo, signal);
  if (fault !== undefined) throw unavailable(`Znuny accepts no tickets: ${fault}: run \`podpora check\``);
  const existing = async (names: readonly string[]) => {
    const faults = await Promise.all(names.map(async (name) => await probe(desk, name, signal)));
    return names.filter((_, index) => faults[index] === undefined);
  };
  const [agentId, known, over] = await Promise.all([readAgentId(desk, signal), existing(awaiting), existing(resolved)]);
  if (over[0] !== resolved[0]) throw unavailable(`Znuny has no state "${resolved[0]}": see the option "states"`);
  return { agentId, awaiting: known, resolved: over };
}

async function readAgentId({ ask }: Pick<Desk, "ask">, signal: AbortSignal): Promise<string> {
  const { SessionID } = await ask("SessionCreate", {}, schemas.session, signal);
  const data = await ask("SessionGet", { SessionID }, schemas.sessionData, signal);
  await ask("SessionRemove", { SessionID }, schemas.anything, signal);
  return data.get("UserID") ?? "";
}

/**
 * Returns the reason for which Znuny would refuse a new ticket in this state, or undefined. Nothing is written: Znuny checks
 * files last, and the file of this ticket is incomplete.
 */
export async function probe(
  { ask, settings }: Pick<Desk, "ask" | "settings">,
  state: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { contextField, fields, priority, queue, rating, refField, replyField } = settings;
  // A field with choices accepts only one of them.
  const texts = [refField, replyField, contextField, ...(rating ? [rating.score, rating.comment] : [])];
  const chosen = fields.flatMap(({ key, kind, options = [] }) => {
    const value = kind === "select" ? options[0]?.value : kind === "text" || kind === "long-text" ? "1" : undefined;
    return value === undefined ? [] : [{ Name: key, Value: value }];
  });
  const data = {
    Ticket: {
      Title: "podpora check",
      Queue: queue,
      State: state,
      Priority: priority,
      CustomerUser: "root@localhost",
      ...pending,
    },
    Article: {
      SenderType: "customer",
      IsVisibleForCustomer: 1,
      CommunicationChannel: "Internal",
      Subject: "check",
      Body: "check",
      ContentType: PLAIN,
    },
    DynamicField: [...texts.map((name) => ({ Name: name, Value: "1" })), ...chosen],
    Attachment: [{ Filename: "check.txt", ContentType: PLAIN }],
  };
  try {
    await ask("TicketCreate", data, schemas.written, signal);
    return "the check created a ticket";
  } catch (error) {
    const said = answerOf(error);
    if (statusOf(error) !== 422 && statusOf(error) !== 403) throw error;
    return said.includes("Attachment->Content") ? undefined : said;
  }
}

/** Pending states need it. */
const pending = { PendingTime: { Diff: 1440 } };
export const PLAIN = "text/plain; charset=utf-8";

/** Quotes a value of a search. Without quotation marks, "+", "!", "&&", "||" and brackets are operators. */
export function quoted(login: string): string {
  return `"${login}"`;
}

export function fieldOf({ DynamicField }: Pick<RawTicket, "DynamicField">, name: string): string | undefined {
  return DynamicField.find(({ Name }) => Name === name)?.Value || undefined;
}

/** For a fault in the desk's set-up, which the member cannot fix. */
export function unavailable(message: string, cause?: unknown): AdapterError {
  return new AdapterError("unavailable", message, { cause });
}

/** Another member's record gets the same error as one that does not exist. */
export function notFound(what: string): AdapterError {
  return new AdapterError("not-found", `there is no ${what}`);
}

/** The error for a write that Znuny refused. */
export function refusedWrite(error: unknown): unknown {
  if (!isAdapterError(error)) return error;
  if (statusOf(error) === 403) {
    return unavailable(
      "Znuny refuses the write: give the gateway's agent the permission rw in the queue's group",
      error,
    );
  }
  if (statusOf(error) !== 422) return error;
  const isPerson = answerOf(error).includes("CustomerUser");
  if (isPerson)
    return new AdapterError("forbidden", "Znuny accepts no tickets of this customer user", { cause: error });
  return unavailable("Znuny refuses the write: run `podpora check`", error);
}
