import {
  checkNames,
  checkStatuses,
  optionCheck,
  webAddress,
  type HeldFiles,
  type StatusNames,
} from "../../adapter/index.ts";

export interface RequestTrackerOptions {
  /** RT's own web address, such as "https://rt.example.org". REST 2 is below it. */
  readonly url: string;
  /** An authentication token of the gateway's account at RT, such as "1-29-9be4…". */
  readonly token: string;
  /** The name of the queue of members' tickets. */
  readonly queue: string;
  /** The meaning of the queue's statuses. */
  readonly statuses?: Partial<Statuses>;
  /**
   * Names of the queue's ticket custom fields on the form, in this order. All others are only for agents. @default none
   */
  readonly fields?: readonly string[];
  /**
   * Holds files until their ticket is created, those of a reply for a day: `filesIn(directory)` of the gateway. Absent:
   * no files.
   */
  readonly files?: HeldFiles;
  /**
   * RT drops or truncates files larger than its `$MaxAttachmentSize` (10 MiB by default) or, with PostgreSQL and
   * SQLite, than three quarters of it. @default 7.5 MiB
   */
  readonly maxFileBytes?: number;
  /** RT signs its web hook with it; at least 32 bytes. Absent: no web hook. */
  readonly hookSecret?: string;
  /** The polling interval. @default 5 000, with a web hook 60 000 */
  readonly pollMs?: number;
  /** How long a call may take, including its wait. @default 20 000 */
  readonly callMs?: number;
}

/** Names from the queue's lifecycle. A status in none of the lists is open, with its own name. */
export interface Statuses extends StatusNames {
  /** @default ["new", "open"] */
  readonly open: readonly string[];
  /** The desk waits for the member. @default ["stalled"] */
  readonly awaiting: readonly string[];
  /** The first is set when a member resolves. @default ["resolved", "rejected"] */
  readonly resolved: readonly string[];
  /** Set when a member replies. @default "open" */
  readonly reopenTo: string;
}

export interface Settings extends Required<Omit<RequestTrackerOptions, "files" | "hookSecret" | "callMs">> {
  /** The id of the token's account. */
  readonly accountId: string;
  readonly statuses: Statuses;
  readonly files: HeldFiles | undefined;
  readonly hookSecret: string | undefined;
  readonly callMs: number | undefined;
}

const usual: Statuses = {
  open: ["new", "open"],
  awaiting: ["stalled"],
  resolved: ["resolved", "rejected"],
  reopenTo: "open",
};
const POLL_MS = 5000;
const POLL_BESIDE_HOOK_MS = 60_000;
const SECRET_BYTES = 32;
const check = optionCheck("requestTracker");
const statusNames = { open: true, awaiting: true, resolved: true, reopenTo: true } as const;
const names: Readonly<Record<keyof RequestTrackerOptions, true>> = {
  url: true,
  token: true,
  queue: true,
  statuses: true,
  fields: true,
  files: true,
  maxFileBytes: true,
  hookSecret: true,
  pollMs: true,
  callMs: true,
};

/** Throws a TypeError that names the option and says what to do. */
export function settingsOf(options: RequestTrackerOptions): Settings {
  checkNames(check, options, names);
  checkNames(check, options.statuses ?? {}, statusNames, "statuses.");
  const { callMs, fields = [], files, hookSecret, maxFileBytes = 7.5 * 1024 * 1024, queue, token } = options;
  const pollMs = options.pollMs ?? (hookSecret === undefined ? POLL_MS : POLL_BESIDE_HOOK_MS);
  const accountId = /^\d+-(\d+)-[0-9a-f]+$/i.exec(token)?.[1];
  const url = webAddress(options.url);
  check(url !== undefined, "url", 'must be the web address of RT, such as "https://rt.example.org"');
  check(accountId !== undefined, "token", 'must be an authentication token of RT, such as "1-29-9be4dd94…"');
  check(isName(queue), "queue", "must be the name of a queue");
  const statuses = { ...usual, ...options.statuses };
  checkStatuses(check, statuses);
  check(fields.every(isName) && new Set(fields).size === fields.length, "fields", "must name each custom field once");
  check(Number.isInteger(maxFileBytes) && maxFileBytes > 0, "maxFileBytes", "must be a number of bytes");
  const long = hookSecret === undefined || new TextEncoder().encode(hookSecret).length >= SECRET_BYTES;
  check(
    long,
    "hookSecret",
    `must have at least ${SECRET_BYTES} bytes, such as the output of \`openssl rand -base64 32\``,
  );
  check(pollMs > 0, "pollMs", "must be a number of milliseconds over 0");
  check(callMs === undefined || callMs > 0, "callMs", "must be a number of milliseconds over 0");
  const checked = { url: url ?? "", accountId: accountId ?? "", statuses, fields, maxFileBytes, pollMs };
  return { token, queue, files, hookSecret, callMs, ...checked };
}

function isName(value: unknown): boolean {
  return typeof value === "string" && /\S/.test(value);
}
