import { checkNames, optionCheck, webAddress, checkStatuses, type StatusNames } from "../../adapter/index.ts";

export interface RedmineOptions {
  /** Where people open it, such as "https://redmine.example.org". */
  readonly url: string;
  /** API key of the gateway's own account. An administrator's: Redmine lets no other account act as the member. */
  readonly key: string;
  /** The project's identifier, as in its address. */
  readonly project: string;
  /** The tracker's name: what members' tickets are. */
  readonly tracker: string;
  /** The name of the role that members have in the project. Who has any other role there is not acted for. */
  readonly role: string;
  /** By Redmine's names. A status in none of the lists is open, and is shown with Redmine's name. */
  readonly statuses?: RedmineStatuses;
  /** The issue field that holds a ticket's `clientId`. @default "Podpora Ref" */
  readonly refField?: string;
  /** The issue field that holds the `clientId` of the newest reply. @default "Podpora Reply" */
  readonly replyField?: string;
  /** The issue field for the score, from 1 to 5. Absent: nobody is asked for one. */
  readonly ratingField?: string;
  /** The issue field for what is said with the score. Absent: it becomes a private note. */
  readonly ratingCommentField?: string;
  /** The names of the issue fields that the form asks for. @default all that the role can fill in */
  readonly fields?: readonly string[];
  /** Redmine's own setting "Text formatting", which agents write in. @default "markdown" */
  readonly formatting?: "markdown" | "textile";
  /** At most Redmine's own setting "Maximum attachment size". @default 5 MiB, as Redmine's */
  readonly maxFileBytes?: number;
  /** In one ticket or reply. @default 10 */
  readonly maxFiles?: number;
  /** How often is looked for changes. @default 5000 */
  readonly pollMs?: number;
  /** How long one call of Redmine's may take. @default 20 000 */
  readonly callMs?: number;
}

/** `reopenTo` is what a reply, or opening it again, sets. */
export interface RedmineStatuses extends StatusNames {
  /** The status set when a member resolves. @default the first of `resolved` */
  readonly resolveTo?: string;
}

export interface Settings extends Required<Omit<RedmineOptions, "ratingField" | "ratingCommentField" | "fields">> {
  readonly statuses: Required<RedmineStatuses>;
  /** Whether the site has set them. */
  readonly statusesGiven: boolean;
  readonly ratingField: string | undefined;
  readonly ratingCommentField: string | undefined;
  readonly fields: readonly string[] | undefined;
}

/** Those of a new Redmine installation. */
const usual: RedmineStatuses = {
  open: ["New", "In Progress"],
  awaiting: ["Feedback"],
  resolved: ["Resolved", "Closed", "Rejected"],
  reopenTo: "In Progress",
};
const MIB = 1024 * 1024;
const check = optionCheck("redmine");
const names: Readonly<Record<keyof RedmineOptions, true>> = {
  url: true,
  key: true,
  project: true,
  tracker: true,
  role: true,
  statuses: true,
  refField: true,
  replyField: true,
  ratingField: true,
  ratingCommentField: true,
  fields: true,
  formatting: true,
  maxFileBytes: true,
  maxFiles: true,
  pollMs: true,
  callMs: true,
};
const statusNames: Readonly<Record<keyof RedmineStatuses, true>> = {
  open: true,
  awaiting: true,
  resolved: true,
  reopenTo: true,
  resolveTo: true,
};

/** Throws a TypeError that names the option and says what to do. */
export function settingsOf(options: RedmineOptions): Settings {
  checkNames(check, options, names);
  checkNames(check, options.statuses ?? {}, statusNames, "statuses.");
  const { maxFileBytes = 5 * MIB, maxFiles = 10, pollMs = 5000, callMs = 20_000 } = options;
  const url = webAddress(options.url);
  check(url !== undefined, "url", 'must be the web address of Redmine, such as "https://redmine.example.org"');
  check(/^[\w-]{20,}$/.test(options.key), "key", 'is not an API key: "My account" of the gateway\'s account shows it');
  check(/^[a-z0-9_-]+$/.test(options.project), "project", "must be the identifier in the project's address");
  for (const name of ["tracker", "role"] as const) check(Boolean(options[name]), name, "must be its name in Redmine");
  check(maxFileBytes >= 1, "maxFileBytes", "must be 1 or more");
  check(maxFiles >= 1, "maxFiles", "must be 1 or more");
  check(pollMs >= 100, "pollMs", "must be 100 or more");
  check(callMs >= 1, "callMs", "must be 1 or more");
  return {
    ...options,
    url: url ?? "",
    statuses: statusesOf(options.statuses ?? usual),
    statusesGiven: options.statuses !== undefined,
    refField: options.refField ?? "Podpora Ref",
    replyField: options.replyField ?? "Podpora Reply",
    ratingField: options.ratingField,
    ratingCommentField: options.ratingCommentField,
    fields: options.fields,
    formatting: options.formatting ?? "markdown",
    maxFileBytes,
    maxFiles,
    pollMs,
    callMs,
  };
}

function statusesOf(statuses: RedmineStatuses): Required<RedmineStatuses> {
  const { awaiting, resolved } = statuses;
  const resolveTo = statuses.resolveTo ?? resolved[0] ?? "";
  checkStatuses(check, statuses);
  check(awaiting.length > 0, "statuses.awaiting", "must name at least one status");
  check(resolved.includes(resolveTo), "statuses.resolveTo", "must be one of statuses.resolved");
  return { ...statuses, resolveTo };
}

/**
 * The statuses that the options name and Redmine does not have, such as { option: "statuses.awaiting", name: "Feedbak"
 * }. Default names may be missing, if each list has at least one.
 */
export function unknownStatuses({ statuses, statusesGiven }: Settings, existing: readonly string[]) {
  const lists = (["open", "awaiting", "resolved"] as const).flatMap((kind) => {
    const missing = statuses[kind].filter((name) => !existing.includes(name));
    const isFault = statusesGiven || missing.length === statuses[kind].length;
    return isFault ? missing.map((name) => ({ option: `statuses.${kind}`, name })) : [];
  });
  const single = (["reopenTo", "resolveTo"] as const).flatMap((kind) => {
    const name = statuses[kind];
    const isToldAlready = lists.some((one) => one.name === name);
    return existing.includes(name) || isToldAlready ? [] : [{ option: `statuses.${kind}`, name }];
  });
  return [...lists, ...single];
}
