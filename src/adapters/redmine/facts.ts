import type { TicketStatus } from "../../core/contract/adapter.ts";
import { AdapterError } from "../../core/contract/errors.ts";
import { createKept } from "../shared/kept.ts";
import { isHidden, type Api } from "./api.ts";
import { formOf, type FormField } from "./form.ts";
import type { Settings } from "./options.ts";
import { unknownStatuses } from "./status-names.ts";
import * as schemas from "./schemas.ts";

/** What Redmine calls by numbers, and the settings by names. */
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

const FRESH_MS = 300_000;

/** Asked for once, and again after five minutes: a new status or field is seen without a restart. */
export function createFacts(api: Api, settings: Settings, closed: AbortSignal): FactsSource {
  return createKept(FRESH_MS, async () => await read(api, settings, closed));
}

async function read({ own }: Api, settings: Settings, signal: AbortSignal): Promise<Facts> {
  const names = settings.statuses;
  const ask = { project_id: settings.project, status_id: "*", limit: 1 };
  const [me, { issue_statuses }, { project }, { roles }, { custom_fields }] = await Promise.all([
    own.json({ path: "/users/current.json" }, schemas.user, signal),
    own.json({ path: "/issue_statuses.json" }, schemas.statuses, signal),
    own
      .json({ path: `/projects/${settings.project}.json`, query: { include: "trackers" } }, schemas.project, signal)
      .catch((cause: unknown) => Promise.reject(isHidden(cause) ? missing("project", settings.project, cause) : cause)),
    own.json({ path: "/roles.json" }, schemas.roles, signal),
    own.json({ path: "/custom_fields.json" }, schemas.customFields, signal),
  ]);
  const tracker = project.trackers.find(({ name }) => name === settings.tracker);
  if (!tracker) throw missing(`tracker in the project "${settings.project}"`, settings.tracker);
  const role = roles.find(({ name }) => name === settings.role);
  if (!role) throw missing("role", settings.role);
  // Which fields the project has, Redmine tells of its issues alone.
  const newest = await own.json(
    { path: "/issues.json", query: { ...ask, tracker_id: tracker.id } },
    schemas.issues,
    signal,
  );
  const present = newest.issues[0]?.custom_fields.map(({ id }) => id);

  const fieldNamed = (name: string): schemas.CustomField => {
    const field = custom_fields.find((one) => one.customized_type === "issue" && one.name === name);
    if (!field) throw missing("custom field of issues", name);
    return field;
  };
  const idNamed = (name: string | undefined) => (name === undefined ? undefined : fieldNamed(name).id);
  const ref = fieldNamed(settings.refField);
  if (!ref.is_filter) throw misses(`the field "${ref.name}" must be "Used as a filter": a ticket is found again by it`);

  const existing = issue_statuses.map(({ name }) => name);
  const [unknown] = unknownStatuses(settings, existing);
  if (unknown) {
    const { option, name } = unknown;
    throw misses(`the option "${option}" names a status "${name}"; Redmine has: ${existing.join(", ")}`);
  }
  const kinds = new Map<number, TicketStatus>();
  for (const { id, name } of issue_statuses) {
    const kind = (["awaiting", "resolved"] as const).find((one) => names[one].includes(name));
    kinds.set(id, kind ?? "open");
  }
  const withKind = (kind: TicketStatus) => [...kinds].flatMap(([id, one]) => (one === kind ? [id] : []));
  const statusNamed = (wanted: string): number => {
    const status = issue_statuses.find(({ name }) => name === wanted);
    if (!status) throw missing("status", wanted);
    return status.id;
  };
  const internal = [settings.refField, settings.replyField, settings.ratingField, settings.ratingCommentField];
  return {
    projectId: project.id,
    trackerId: tracker.id,
    roleId: role.id,
    gatewayId: me.user.id,
    statusOf: (id) => kinds.get(id) ?? "open",
    statusIds: { open: withKind("open"), awaiting: withKind("awaiting"), resolved: withKind("resolved") },
    reopenTo: statusNamed(names.reopenTo),
    resolveTo: statusNamed(names.resolveTo),
    refField: ref.id,
    replyField: fieldNamed(settings.replyField).id,
    ratingField: idNamed(settings.ratingField),
    ratingCommentField: idNamed(settings.ratingCommentField),
    form: formOf(
      custom_fields.filter((field) => {
        if (field.customized_type !== "issue" || internal.includes(field.name)) return false;
        if (settings.fields && !settings.fields.includes(field.name)) return false;
        const forRole = field.visible || field.roles.some(({ id }) => id === role.id);
        const forTracker = field.trackers.some(({ id }) => id === tracker.id);
        return forRole && forTracker && (present?.includes(field.id) ?? true);
      }),
    ),
  };
}

function missing(what: string, name: string, cause?: unknown): AdapterError {
  return new AdapterError("unavailable", `Redmine has no ${what} "${name}": see \`podpora check\``, { cause });
}

function misses(message: string): AdapterError {
  return new AdapterError("unavailable", message);
}
