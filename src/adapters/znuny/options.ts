import {
  checkNames,
  checkStatuses,
  optionCheck,
  webAddress,
  type Field,
  type HeldFiles,
  type StatusNames,
} from "../../adapter/index.ts";

export interface ZnunyOptions {
  /** The address of Znuny's scripts, such as "https://help.example.org/znuny", without `nph-genericinterface.pl`. */
  readonly url: string;
  /** The login name and the password of the gateway's own agent. */
  readonly user: string;
  readonly password: string;
  /** The name of the queue that members' tickets are in. */
  readonly queue: string;
  /** The name of the web service imported from docs/desks/znuny-podpora.yml. @default "Podpora" */
  readonly webService?: string;
  /**
   * The login of a member's customer user: their verified address, as for customers who register with Znuny themselves, or
   * the member's id in the site's token. @default "email"
   */
  readonly login?: "email" | "id";
  /** Znuny's states, by name. A state in none of the lists counts as open and is shown with Znuny's name. */
  readonly states?: StatusNames;
  /** The priority of new tickets. @default "3 normal" */
  readonly priority?: string;
  /** The dynamic field of tickets that holds a ticket's `clientId`. @default "PodporaRef" */
  readonly refField?: string;
  /** The dynamic field of articles that holds a reply's `clientId`. @default "PodporaReply" */
  readonly replyField?: string;
  /** The dynamic field of tickets for the context from the widget, which agents read. @default "PodporaContext" */
  readonly contextField?: string;
  /** The dynamic fields of tickets for the score, from 1 to 5, and the comment. If absent, members are not asked to rate. */
  readonly rating?: { readonly score: string; readonly comment: string };
  /** Fields of the form. Each key is the name of a dynamic field of tickets; Znuny's API does not describe these. */
  readonly fields?: readonly Field[];
  /** Holds files until their ticket is created: `filesIn(directory)` of the gateway. If absent, members can't send files. */
  readonly files?: HeldFiles;
  /** The maximum size of one file. @default 5 MiB */
  readonly maxFileBytes?: number;
  /** The maximum number of files in one ticket or reply. `maxFiles × maxFileBytes` is at most 70 MiB. @default 10 */
  readonly maxFiles?: number;
  /** The polling interval for changes. @default 5000 */
  readonly pollMs?: number;
  /** The maximum time of a call, including its wait. @default 20 000 */
  readonly callMs?: number;
}

export interface Settings extends Required<Omit<ZnunyOptions, "files" | "rating">> {
  readonly files: HeldFiles | undefined;
  readonly rating: ZnunyOptions["rating"];
}

/** The states of a new installation. */
const defaultStates: StatusNames = {
  open: ["new", "open"],
  awaiting: ["pending reminder"],
  resolved: ["closed successful", "closed unsuccessful"],
  reopenTo: "open",
};
const MIB = 1024 * 1024;
/** The web service accepts 100,000,000 bytes per call, and base64 makes files a third larger. */
const CALL_BYTES = 70 * MIB;
const check = optionCheck("znuny");
const defaults: Omit<Settings, "url" | "user" | "password" | "queue"> = {
  webService: "Podpora",
  login: "email",
  states: defaultStates,
  priority: "3 normal",
  refField: "PodporaRef",
  replyField: "PodporaReply",
  contextField: "PodporaContext",
  rating: undefined,
  fields: [],
  files: undefined,
  maxFileBytes: 5 * MIB,
  maxFiles: 10,
  pollMs: 5000,
  callMs: 20_000,
};
const names = ["url", "user", "password", "queue", ...Object.keys(defaults)].map((name) => [name, true] as const);

/** Throws a TypeError that names the option and the fix. */
export function settingsOf(options: ZnunyOptions): Settings {
  checkNames(check, options, Object.fromEntries(names));
  const url = webAddress(options.url);
  const settings: Settings = { ...defaults, ...options, url: url ?? "" };
  const { callMs, login, maxFileBytes, maxFiles, pollMs, states } = settings;
  check(
    url !== undefined,
    "url",
    'must be the web address of Znuny\'s scripts, such as "https://help.example.org/znuny"',
  );
  for (const name of ["user", "password", "queue", "webService", "priority"] as const) {
    check(/\S/.test(settings[name]), name, "must be given");
  }
  check(["email", "id"].includes(login), "login", 'must be "email" or "id"');
  checkStatuses(
    (fits, option, fault) => check(fits, option.replace("statuses", "states"), fault.replace("statuses", "states")),
    states,
  );
  check(states.awaiting.length > 0, "states.awaiting", "must name at least one state");
  checkFieldNames(settings);
  check(maxFileBytes >= 1, "maxFileBytes", "must be 1 or more");
  check(maxFiles >= 1, "maxFiles", "must be 1 or more");
  check(maxFileBytes * maxFiles <= CALL_BYTES, "maxFileBytes", `times maxFiles must be at most ${CALL_BYTES}`);
  check(pollMs >= 100, "pollMs", "must be 100 or more");
  check(callMs >= 1, "callMs", "must be 1 or more");
  return settings;
}

function checkFieldNames({ contextField, fields, rating, refField, replyField }: Settings): void {
  const own = [refField, replyField, contextField, ...(rating ? [rating.score, rating.comment] : [])];
  const keys = [...own, ...fields.map(({ key }) => key)];
  const odd = keys.find((name) => !/^[A-Za-z0-9]+$/.test(name));
  check(
    odd === undefined,
    "fields",
    `has "${odd}": the name of a dynamic field may have only Latin letters and digits`,
  );
  check(new Set(keys).size === keys.length, "fields", "names a dynamic field twice");
}
