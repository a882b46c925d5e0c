import type { HeldFiles } from "../shared/held-files.ts";
import { checkNames, optionCheck } from "../shared/option-check.ts";
import { checkStatuses, type StatusNames } from "../shared/statuses.ts";
import { webAddress } from "../shared/web-address.ts";

export interface RequestTrackerOptions {
  /** RT's own web address, such as "https://rt.example.org". REST 2 stands below it. */
  readonly url: string;
  /** An authentication token of the account that RT knows the gateway by, such as "1-29-9be4…". */
  readonly token: string;
  /** The name of the queue that members' tickets stand in. */
  readonly queue: string;
  /** What the queue's statuses mean to a member. */
  readonly statuses?: Partial<Statuses>;
  /**
   * Names of the queue's ticket custom fields that the form asks for, in this order. The others stay the agents' own.
   * @default none
   */
  readonly fields?: readonly string[];
  /** Holds files until their ticket is made, those of a reply for a day: `filesIn(directory)` of the gateway. Absent: no files. */
  readonly files?: HeldFiles;
  /**
   * RT drops or cuts what is larger than its `$MaxAttachmentSize` (10 MiB, unless set) or, with PostgreSQL and SQLite,
   * than three quarters of it. @default 7.5 MiB
   */
  readonly maxFileBytes?: number;
  /** What RT signs its web hook with; at least 32 bytes. Absent: no web hook. */
  readonly hookSecret?: string;
  /** How often RT is asked for changes while somebody listens. @default 5 000, with a web hook 60 000 */
  readonly pollMs?: number;
  /** How long RT may take for an answer. @default 20 000 */
  readonly callMs?: number;
}

/** Names as they stand in the queue's lifecycle. One that is in none of the lists is open to the member, under its own name. */
export interface Statuses extends StatusNames {
  /** @default ["new", "open"] */
  readonly open: readonly string[];
  /** The desk waits for the member. @default ["stalled"] */
  readonly awaiting: readonly string[];
  /** The first is what a member's own "resolved" sets. @default ["resolved", "rejected"] */
  readonly resolved: readonly string[];
  /** What a member's answer sets. @default "open" */
  readonly reopenTo: string;
}

export interface Settings {
  readonly url: string;
  readonly token: string;
  /** The numeric id of the token's account, which stands in the token. */
  readonly accountId: string;
  readonly queue: string;
  readonly statuses: Statuses;
  readonly fields: readonly string[];
  readonly files: HeldFiles | undefined;
  readonly maxFileBytes: number;
  readonly hookSecret: string | undefined;
  readonly pollMs: number;
  readonly callMs: number | undefined;
}

const defaultStatuses: Statuses = {
  open: ["new", "open"],
  awaiting: ["stalled"],
  resolved: ["resolved", "rejected"],
  reopenTo: "open",
};
const MAX_FILE_BYTES = 7.5 * 1024 * 1024;
const POLL_MS = 5_000;
const POLL_BESIDE_HOOK_MS = 60_000;
const SECRET_BYTES = 32;
const check = optionCheck("requestTracker");
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
const statusNames: Readonly<Record<keyof Statuses, true>> = {
  open: true,
  awaiting: true,
  resolved: true,
  reopenTo: true,
};

/** Throws a TypeError that names the option and says what to do. */
export function settingsOf(options: RequestTrackerOptions): Settings {
  checkNames(check, options, names);
  checkNames(check, options.statuses ?? {}, statusNames, "statuses.");
  const { token, queue, fields = [], files, maxFileBytes = MAX_FILE_BYTES, hookSecret, callMs } = options;
  const pollMs = options.pollMs ?? (hookSecret === undefined ? POLL_MS : POLL_BESIDE_HOOK_MS);
  const accountId = /^\d+-(\d+)-[0-9a-f]+$/i.exec(token)?.[1];
  const url = webAddress(options.url);
  check(url !== undefined, "url", 'must be the web address of RT, such as "https://rt.example.org"');
  check(accountId !== undefined, "token", 'must be an authentication token of RT, such as "1-29-9be4dd94…"');
  check(isName(queue), "queue", "must be the name of a queue");
  const statuses = { ...defaultStatuses, ...options.statuses };
  checkStatuses(check, statuses);
  check(fields.every(isName) && new Set(fields).size === fields.length, "fields", "must name each custom field once");
  check(Number.isInteger(maxFileBytes) && maxFileBytes > 0, "maxFileBytes", "must be a number of bytes");
  const long = hookSecret === undefined || new TextEncoder().encode(hookSecret).length >= SECRET_BYTES;
  check(long, "hookSecret", `must have at least ${SECRET_BYTES} bytes, such as \`openssl rand -base64 32\` gives`);
  check(pollMs > 0, "pollMs", "must be a number of milliseconds over 0");
  check(callMs === undefined || callMs > 0, "callMs", "must be a number of milliseconds over 0");
  return {
    url: url ?? "",
    token,
    accountId: accountId ?? "",
    queue,
    statuses,
    fields,
    files,
    maxFileBytes,
    hookSecret,
    pollMs,
    callMs,
  };
}

function isName(value: unknown): boolean {
  return typeof value === "string" && /\S/.test(value);
}
