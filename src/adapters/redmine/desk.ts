import {
  AdapterError,
  createBreaker,
  createCached,
  createDeskClient,
  statusOf,
  type Breaker,
  type CallContext,
  type DeskCall,
  type DeskClient,
  type Member,
  type TicketStatus,
} from "../../adapter/index.ts";
import { formOf, type FormField } from "./form.ts";
import { unknownStatuses, type Settings } from "./options.ts";
import * as schemas from "./schemas.ts";

/** What every part of the adapter works with. */
export interface Desk {
  readonly api: Api;
  readonly settings: Settings;
  readonly facts: FactsSource;
  readonly people: People;
}

/** Redmine's REST API: https://www.redmine.org/projects/redmine/wiki/rest_api */
export interface Api {
  /** As the gateway's own account. */
  readonly own: DeskClient;
  /** As the user with this login: Redmine checks their permissions. */
  as(login: string): DeskClient;
  /** As nobody: the call has its own authorization. */
  readonly bare: DeskClient;
  readonly breaker: Breaker;
}

/** Settings have names, Redmine has ids. */
export interface Facts {
  readonly projectId: number;
  readonly trackerId: number;
  readonly roleId: number;
  /** The gateway's own account: what it writes, it writes for the member. */
  readonly gatewayId: number;
  readonly statusOf: (id: number) => TicketStatus;
  readonly statusIds: Readonly<Record<TicketStatus, readonly number[]>>;
  readonly reopenTo: number;
  readonly resolveTo: number;
  readonly refField: number;
  readonly replyField: number;
  readonly ratingField: number | undefined;
  readonly ratingCommentField: number | undefined;
  readonly form: readonly FormField[];
}
export type FactsSource = (signal: AbortSignal) => Promise<Facts>;

/** The member as a Redmine user, with the customer's role in the project and no other. */
export interface Customer {
  readonly id: number;
  readonly login: string;
  readonly member: Member;
}

/**
 * Members are known by their verified e-mail address. All methods reject with `forbidden` for a member without an
 * address, for an address of two users, for an administrator and for an agent: the widget gives nobody more permissions
 * than the role has.
 */
export interface People {
  /** Undefined: Redmine does not know them, or not in this project. */
  find(ctx: CallContext): Promise<Customer | undefined>;
  /** Creates the user, or the membership, if there is none. */
  ensure(ctx: CallContext): Promise<Customer>;
  /**
   * A user as they are named in the feed: the member's id is their address. Undefined for a user who is not a customer.
   */
  ofUser(userId: number): Promise<Customer | undefined>;
  readonly users: Users;
}

/** Redmine's users, as an administrator sees them. */
export interface Users {
  /** Undefined if there is none with this id. */
  byId(id: number, signal: AbortSignal): Promise<schemas.User | undefined>;
  /** All with this address, in lower case, including locked ones. */
  idsOf(email: string, signal: AbortSignal): Promise<readonly number[]>;
}

const FRESH_MS = 300_000;
/** The maximum that Redmine returns per call. */
export const PAGE = 100;

export function createApi({ callMs, key, url }: Settings): Api {
  const breaker = createBreaker("Redmine");
  const client = { desk: "Redmine", url, callMs, guard: breaker };
  const own = createDeskClient({ ...client, headers: { "X-Redmine-API-Key": key } });
  return {
    own,
    as(login) {
      const by = (call: DeskCall) => ({ ...call, headers: { ...call.headers, "X-Redmine-Switch-User": login } });
      return {
        json: async (call, schema, signal) => await own.json(by(call), schema, signal).catch(refusedUser),
        done: async (call, signal) => await own.done(by(call), signal).catch(refusedUser),
        bytes: async (call, signal) => await own.bytes(by(call), signal).catch(refusedUser),
      };
    },
    bare: createDeskClient({ ...client, headers: {} }),
    breaker,
  };
}

/** Cached for five minutes: a new status or field is found without a restart. */
export function createFacts(api: Api, settings: Settings, closed: AbortSignal): FactsSource {
  return createCached(FRESH_MS, async () => await readFacts(api, settings, closed));
}

async function readFacts({ own }: Api, settings: Settings, signal: AbortSignal): Promise<Facts> {
  const { fields, ratingCommentField, ratingField, refField, replyField, statuses: names } = settings;
  const [me, { issue_statuses }, { project }, { roles }, { custom_fields }] = await Promise.all([
    own.json({ path: "/users/current.json" }, schemas.user, signal),
    own.json({ path: "/issue_statuses.json" }, schemas.statuses, signal),
    own
      .json({ path: `/projects/${settings.project}.json`, query: { include: "trackers" } }, schemas.project, signal)
      .catch((cause: unknown) => Promise.reject(isHidden(cause) ? absent("project", settings.project, cause) : cause)),
    own.json({ path: "/roles.json" }, schemas.roles, signal),
    own.json({ path: "/custom_fields.json" }, schemas.customFields, signal),
  ]);
  const tracker = named(project.trackers, settings.tracker, `tracker in the project "${settings.project}"`);
  const role = named(roles, settings.role, "role");
  const ofIssues = custom_fields.filter((field) => field.customized_type === "issue");
  const idOfField = (name: string) => named(ofIssues, name, "custom field of issues").id;
  const ref = named(ofIssues, refField, "custom field of issues");
  if (!ref.is_filter) {
    throw unavailable(`the field "${ref.name}" must be "Used as a filter": tickets are searched by it`);
  }
  const existing = issue_statuses.map(({ name }) => name);
  const [unknown] = unknownStatuses(settings, existing);
  if (unknown) {
    const has = `Redmine has: ${existing.join(", ")}`;
    throw unavailable(`the option "${unknown.option}" names an unknown status "${unknown.name}"; ${has}`);
  }
  const kindOf = (name: string): TicketStatus =>
    (["awaiting", "resolved"] as const).find((one) => names[one].includes(name)) ?? "open";
  const kinds = new Map(issue_statuses.map(({ id, name }) => [id, kindOf(name)]));
  const withKind = (kind: TicketStatus) => [...kinds].flatMap(([id, one]) => (one === kind ? [id] : []));
  // Redmine only reports a project's fields for its issues.
  const query = { project_id: settings.project, status_id: "*", limit: 1, tracker_id: tracker.id };
  const newest = await own.json({ path: "/issues.json", query }, schemas.issues, signal);
  const present = newest.issues[0]?.custom_fields.map(({ id }) => id);
  const internal = [refField, replyField, ratingField, ratingCommentField];
  const asked = ofIssues.filter((field) => {
    if (internal.includes(field.name) || (fields && !fields.includes(field.name))) return false;
    const isForRole = field.visible || field.roles.some(({ id }) => id === role.id);
    return isForRole && field.trackers.some(({ id }) => id === tracker.id) && (present?.includes(field.id) ?? true);
  });
  return {
    projectId: project.id,
    trackerId: tracker.id,
    roleId: role.id,
    gatewayId: me.user.id,
    statusOf: (id) => kinds.get(id) ?? "open",
    statusIds: { open: withKind("open"), awaiting: withKind("awaiting"), resolved: withKind("resolved") },
    reopenTo: named(issue_statuses, names.reopenTo, "status").id,
    resolveTo: named(issue_statuses, names.resolveTo, "status").id,
    refField: ref.id,
    replyField: idOfField(replyField),
    ratingField: ratingField === undefined ? undefined : idOfField(ratingField),
    ratingCommentField: ratingCommentField === undefined ? undefined : idOfField(ratingCommentField),
    form: formOf(asked),
  };
}

function named<T extends { readonly name: string }>(all: readonly T[], name: string, what: string): T {
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw absent(what, name);
  return found;
}

function absent(what: string, name: string, cause?: unknown): AdapterError {
  return unavailable(`Redmine has no ${what} "${name}": see \`podpora check\``, cause);
}

/** The desk is set up wrongly: the member cannot fix that. */
export function unavailable(message: string, cause?: unknown): AdapterError {
  return new AdapterError("unavailable", message, { cause });
}

/** The member's role lacks a permission. */
export function lacksRight(error: unknown, role: string, right: string): unknown {
  if (statusOf(error) !== 403) return error;
  const fix = `give the role "${role}" the permission "${right}", and check whether the project is open`;
  return unavailable(`Redmine refuses: ${fix}`, error);
}

/** Redmine's answer for a user who was deleted or locked a moment ago: the desk itself is available. */
function refusedUser(cause: unknown): never {
  if (statusOf(cause) !== 412) throw cause;
  throw new AdapterError("forbidden", "Redmine no longer allows acting for the member's user", { cause });
}

/** A record that the member may not see is reported like a missing one. */
export function notFound(what: string): AdapterError {
  return new AdapterError("not-found", `there is no ${what}`);
}

/** Redmine's ids are small numbers: other ids are not requested. */
export function idOf(text: string): number | undefined {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

/** A 403 or 404 for a record requested by its id. */
export function isHidden(error: unknown): boolean {
  return [403, 404].includes(statusOf(error) ?? 0);
}
