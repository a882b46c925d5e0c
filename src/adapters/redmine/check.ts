import {
  answerOf,
  attempt,
  fault,
  good,
  isAdapterError,
  risk,
  statusOf,
  type DeskClient,
  type Finding,
} from "../../adapter/index.ts";
import type { Api } from "./desk.ts";
import { kindOf } from "./form.ts";
import { unknownStatuses, type Settings } from "./options.ts";
import * as schemas from "./schemas.ts";
import type { CustomField } from "./schemas.ts";

export function createCheck(api: Api, settings: Settings): (signal: AbortSignal) => AsyncIterable<Finding> {
  const { own } = api;
  return async function* check(signal) {
    const account = await ownAccount(api, settings, signal);
    yield* account.findings;
    if (!account.goOn) return;
    const tracker = yield* checkProject(own, settings, signal);
    const role = yield* checkRole(own, settings, signal);
    const { issue_statuses: statuses } = await own.json({ path: "/issue_statuses.json" }, schemas.statuses, signal);
    const names = statuses.map(({ name }) => name);
    yield* checkStatuses(names, settings);
    const { custom_fields: fields } = await own.json({ path: "/custom_fields.json" }, schemas.customFields, signal);
    const ofIssues = fields.filter((field) => field.customized_type === "issue");
    yield* checkIssueFields(ofIssues, settings, role, tracker);
    yield await checkFiles(api, settings, signal);
  };
}

interface Account {
  readonly findings: readonly Finding[];
  readonly goOn: boolean;
}

async function ownAccount({ own }: Api, { url }: Settings, signal: AbortSignal): Promise<Account> {
  const answer = await attempt(own.json({ path: "/users/current.json" }, schemas.user, signal), signal);
  if ("error" in answer) return { findings: [unreachable(answer.error, url)], goOn: false };
  const { user } = answer.value;
  const reached = good(
    `Redmine answers at ${url}, and the key belongs to "${user.login}". Redmine does not reveal its version.`,
  );
  if (!user.admin) {
    const fix = "Use an administrator's key: Redmine lets no other account act in a member's name.";
    return { findings: [reached, fault(`"${user.login}" is not an administrator.`, fix)], goOn: false };
  }
  const text = `"${user.login}" is an administrator: anyone with the key can do everything in this Redmine.`;
  const fix =
    "Redmine offers no lesser permission. Keep an account only for the gateway, and its key only in the environment.";
  return { findings: [reached, risk(text, fix)], goOn: true };
}

function unreachable(error: unknown, url: string): Finding {
  const status = statusOf(error);
  if (status === 401 || status === 403) {
    const fix =
      '"My account" of the gateway\'s account shows its API access key. REST must be on: Administration → Settings → API.';
    return fault("Redmine does not accept the key.", fix);
  }
  const why = isAdapterError(error) ? error.message : String(error);
  return fault(`Redmine cannot be used: ${why}.`, `Check whether it runs, and the option "url": ${url}.`);
}

function* checkStatuses(names: readonly string[], settings: Settings): Generator<Finding> {
  const { statuses } = settings;
  const configured = [...statuses.open, ...statuses.awaiting, ...statuses.resolved];
  for (const { option, name } of unknownStatuses(settings, names)) {
    yield fault(
      `There is no status "${name}".`,
      `Use an existing name in the option "${option}": ${names.join(", ")}.`,
    );
  }
  const rest = names.filter((name) => !configured.includes(name));
  const found = configured.filter((name) => names.includes(name));
  yield good(`Statuses: ${found.join(", ")}.`);
  if (rest.length > 0) yield good(`In no list of "statuses", and so shown as open: ${rest.join(", ")}.`);
}

/** Redmine does not reveal its limit: a file of the maximum size is uploaded, and deleted at once. */
async function checkFiles({ own }: Api, { maxFileBytes }: Settings, signal: AbortSignal): Promise<Finding> {
  const call = {
    method: "POST",
    path: "/uploads.json",
    query: { filename: "podpora-check.bin" },
    body: new Blob([new Uint8Array(maxFileBytes)]),
    headers: { "Content-Type": "application/octet-stream" },
  } as const;
  const pass = async (): Promise<void> => {
    const { upload } = await own.json(call, schemas.upload, signal);
    await own.done({ method: "DELETE", path: `/attachments/${upload.id}.json` }, signal);
  };
  const passed = await attempt(pass(), signal);
  if ("value" in passed) return good(`Files of ${maxFileBytes} bytes pass.`);
  const why = answerOf(passed.error) || String(passed.error);
  const fix = 'Raise Administration → Settings → Files → Maximum attachment size, or lower the option "maxFileBytes".';
  return fault(`A file of ${maxFileBytes} bytes does not pass: ${why}`, fix);
}

/** Returns the tracker's id, if the project has it. */
async function* checkProject(
  own: DeskClient,
  settings: Settings,
  signal: AbortSignal,
): AsyncGenerator<Finding, number | undefined> {
  const ask = { path: `/projects/${settings.project}.json`, query: { include: "trackers,enabled_modules" } };
  const answer = await own.json(ask, schemas.project, signal).catch((error: unknown) => {
    if (statusOf(error) === 404) return undefined;
    throw error;
  });
  if (!answer) {
    const fix = 'The option "project" is the identifier in the project\'s address, not its name.';
    yield fault(`There is no project "${settings.project}".`, fix);
    return undefined;
  }
  const { project } = answer;
  yield good(`The project "${project.name}" exists.`);
  if (!project.enabled_modules.some(({ name }) => name === "issue_tracking")) {
    yield fault("The project has no issues.", 'Project → Settings → Project: tick "Issue tracking".');
  }
  if (project.is_public) {
    const text = "The project is public: people who are not members of it can read issues if their roles allow it.";
    yield risk(text, 'Project → Settings → Project: untick "Public".');
  }
  const tracker = project.trackers.find(({ name }) => name === settings.tracker);
  if (tracker) yield good(`The project has the tracker "${tracker.name}".`);
  else {
    const names = project.trackers.map(({ name }) => name).join(", ") || "none";
    const fix = "Project → Settings → Issue tracking: tick it, or name another.";
    yield fault(`The project has no tracker "${settings.tracker}", only: ${names}.`, fix);
  }
  return tracker?.id;
}

/** The permissions that members need, with the names on Redmine's own page for roles. */
const needed: Readonly<Record<string, string>> = {
  view_issues: "View issues",
  add_issues: "Add issues",
  add_issue_notes: "Add notes",
  edit_own_issues: "Edit own issues",
};

/** Permissions that members do not need, and why. */
const risky: Readonly<Record<string, readonly [name: string, why: string]>> = {
  view_private_notes: ["View private notes", "members could read what agents write for each other"],
  edit_issues: ["Edit issues", "members could change each other's tickets"],
  delete_issues: ["Delete issues", "members could delete tickets"],
  edit_issue_notes: ["Edit notes", "members could change what agents wrote"],
  manage_members: ["Manage members", "members could give themselves other roles"],
  edit_project: ["Edit project", "members could change the project"],
  add_project: ["Create project", "members could make projects"],
};

/** Returns the role's id, if it exists. */
async function* checkRole(
  own: DeskClient,
  { role: name }: Settings,
  signal: AbortSignal,
): AsyncGenerator<Finding, number | undefined> {
  const { roles } = await own.json({ path: "/roles.json" }, schemas.roles, signal);
  const id = roles.find((one) => one.name === name)?.id;
  if (id === undefined) {
    yield fault(`There is no role "${name}".`, "Administration → Roles and permissions → New role.");
    return undefined;
  }
  const { role } = await own.json({ path: `/roles/${id}.json` }, schemas.role, signal);
  const at = `Administration → Roles and permissions → ${name}`;
  const lacking = Object.entries(needed).filter(([key]) => !role.permissions.includes(key));
  for (const [, label] of lacking) yield fault(`The role "${name}" may not "${label}".`, `${at}: tick it.`);
  if (lacking.length === 0) yield good(`The role "${name}" has the permissions that members need.`);
  for (const key of role.permissions) {
    const [label, why] = risky[key] ?? [];
    if (label !== undefined) yield risk(`The role "${name}" may "${label}": ${why}.`, `${at}: untick it.`);
  }
  if (role.issues_visibility !== "own") {
    const text = `The role "${name}" sees other members' issues in Redmine: only the adapter separates them.`;
    yield risk(text, `${at} → Issues visibility: "Issues created by or assigned to the user".`);
  }
  return id;
}

const at = "Administration → Custom fields → Issues";

/** The fields that Podpora writes, and fields that prevent tickets. */
function* checkIssueFields(
  all: readonly CustomField[],
  settings: Settings,
  role: number | undefined,
  tracker: number | undefined,
): Generator<Finding> {
  const { refField, replyField, ratingField, ratingCommentField, fields: asked } = settings;
  const wanted: readonly (readonly [name: string | undefined, format: string])[] = [
    [refField, "Text"],
    [replyField, "Text"],
    [ratingField, "List, of 1 to 5"],
    [ratingCommentField, "Long text"],
  ];
  for (const [name, format] of wanted) {
    if (name === undefined) continue;
    const field = all.find((one) => one.name === name);
    const fix = `${at} → New custom field: format "${format}", for the tracker "${settings.tracker}".`;
    if (field) yield* checkOwn(field, settings, role, tracker);
    else yield fault(`There is no custom field "${name}".`, fix);
  }
  for (const name of asked ?? []) {
    const fix = 'Create it, or remove it from the option "fields".';
    if (!all.some((field) => field.name === name)) yield fault(`There is no custom field "${name}".`, fix);
  }
  const names = new Set(wanted.map(([name]) => name));
  const isUnasked = (field: CustomField) =>
    kindOf(field) === undefined || (asked !== undefined && !asked.includes(field.name));
  for (const field of all.filter((one) => one.is_required && !one.default_value && !names.has(one.name))) {
    if (!isFor(field, tracker) || !isUnasked(field)) continue;
    const text = `"${field.name}" is required, but not on the form: no ticket can be created.`;
    yield fault(text, `${at} → ${field.name}: give it a default value, or untick "Required".`);
  }
}

function* checkOwn(
  field: CustomField,
  { refField, role: roleName, tracker: trackerName }: Settings,
  role: number | undefined,
  tracker: number | undefined,
): Generator<Finding> {
  const { name } = field;
  const forTracker = isFor(field, tracker);
  const forRole = role === undefined || field.visible || field.roles.some(({ id }) => id === role);
  const found = name !== refField || field.is_filter;
  if (!forTracker) yield fault(`"${name}" is not for the tracker "${trackerName}".`, `${at} → ${name}: tick it.`);
  if (!forRole) yield fault(`The role "${roleName}" does not see "${name}".`, `${at} → ${name} → Visible: tick it.`);
  if (!found) yield fault(`"${name}" is not used as a filter.`, `${at} → ${name}: tick "Used as a filter".`);
  if (forTracker && forRole && found) yield good(`The custom field "${name}" is set up correctly.`);
}

function isFor({ trackers }: CustomField, tracker: number | undefined): boolean {
  return tracker === undefined || trackers.some(({ id }) => id === tracker);
}
