import type { Field } from "../../core/contract/adapter.ts";
import { type HeldFiles, checkNames, optionCheck } from "../../adapter/index.ts";
import { checkAddresses } from "./addresses.ts";
import { checkServer, type MailServer, type Server } from "./server-options.ts";

export interface MailboxOptions {
  /** The IMAP server of the site's own mailbox, which receives answers and stores sent mails. */
  readonly imap: MailServer;
  /** The SMTP server. */
  readonly smtp: MailServer;
  /** The site's own address, with a `*` for each thread's token: "support+*@example.org", or "*@help.example.org". */
  readonly address: string;
  /** The desk's address: the only recipient of tickets and of members' replies. */
  readonly desk: string;
  /** Seals addresses and records; at least 32 bytes. Of a list the first seals, and all are accepted. */
  readonly secret: string | readonly string[];
  /** Holds files until their mail is sent: `filesIn(directory)` of the gateway. Absent: no files. */
  readonly files?: HeldFiles;
  /** Folders with answers. Mails in other folders belong to no thread. @default ["INBOX"] */
  readonly inbox?: readonly string[];
  /** The folder of sent mails; "<folder> Outbox" next to it has the unsent ones. @default "Podpora" */
  readonly folder?: string;
  /** How the desk's mails name a ticket's status. */
  readonly statuses?: Partial<MailStatuses>;
  /** Additional fields of the form: the answers are added below the member's text. @default none */
  readonly fields?: readonly Field[];
  /** Of one file. @default 10 MiB */
  readonly maxFileBytes?: number;
  /** Per ticket or reply, all together at most 18 MiB. @default 10 */
  readonly maxFiles?: number;
  /** The polling interval while a stream is open, in addition to IDLE. @default 20 000 */
  readonly pollMs?: number;
  /** How long one call may take, including its wait. @default 20 000 */
  readonly callMs?: number;
}

export interface MailStatuses {
  /** A header of the desk's mails that names the status. @default "X-Podpora-Status" */
  readonly header: string;
  /** The words for each status: in that header, or in brackets in the subject, such as "[resolved]". */
  readonly open: readonly string[];
  readonly awaiting: readonly string[];
  readonly resolved: readonly string[];
}

export interface Settings extends Required<Omit<MailboxOptions, "files" | "secret" | "statuses" | "imap" | "smtp">> {
  readonly imap: Server;
  readonly smtp: Server;
  /** The first seals. */
  readonly secrets: readonly [string, ...string[]];
  readonly files: HeldFiles | undefined;
  readonly outbox: string;
  readonly statuses: MailStatuses;
}

const MIB = 1024 * 1024;
const SECRET_BYTES = 32;
const check = optionCheck("mailbox");
const names: Readonly<Record<keyof MailboxOptions, true>> = {
  imap: true,
  smtp: true,
  address: true,
  desk: true,
  secret: true,
  files: true,
  inbox: true,
  folder: true,
  statuses: true,
  fields: true,
  maxFileBytes: true,
  maxFiles: true,
  pollMs: true,
  callMs: true,
};
const statusNames: Readonly<Record<keyof MailStatuses, true>> = {
  header: true,
  open: true,
  awaiting: true,
  resolved: true,
};

/** Throws a TypeError that names the option and says what to do. */
export function settingsOf(options: MailboxOptions): Settings {
  checkNames(check, options, names);
  const { address, desk, files, inbox = ["INBOX"], folder = "Podpora", fields = [] } = options;
  const { maxFileBytes = 10 * MIB, maxFiles = 10, pollMs = 20_000, callMs = 20_000 } = options;
  checkAddresses(check, address, desk);
  check(inbox.length > 0 && inbox.every(isName), "inbox", 'must name at least one folder, such as ["INBOX"]');
  check(isName(folder) && !inbox.includes(folder), "folder", "must be the name of a folder that is not in inbox");
  const keys = fields.map(({ key }) => key);
  check(keys.every(isName) && new Set(keys).size === keys.length, "fields", "must have a unique key each");
  check(Number.isInteger(maxFileBytes) && maxFileBytes > 0, "maxFileBytes", "must be a number of bytes");
  check(Number.isInteger(maxFiles) && maxFiles > 0, "maxFiles", "must be 1 or more");
  check(pollMs >= 100, "pollMs", "must be 100 or more");
  check(callMs >= 1, "callMs", "must be 1 or more");
  return {
    imap: checkServer(check, "imap", options.imap),
    smtp: checkServer(check, "smtp", options.smtp),
    address,
    desk,
    secrets: secretsOf(options.secret),
    files,
    inbox,
    folder,
    outbox: `${folder} Outbox`,
    statuses: statusesOf(options.statuses ?? {}),
    fields,
    maxFileBytes,
    maxFiles,
    pollMs,
    callMs,
  };
}

function secretsOf(given: MailboxOptions["secret"]): Settings["secrets"] {
  const [first = "", ...others] = typeof given === "string" ? [given] : given;
  const isLong = [first, ...others].every((one) => new TextEncoder().encode(one).length >= SECRET_BYTES);
  check(
    isLong,
    "secret",
    `must have at least ${SECRET_BYTES} bytes, such as the output of \`openssl rand -base64 32\``,
  );
  return [first, ...others];
}

function statusesOf(given: Partial<MailStatuses>): MailStatuses {
  checkNames(check, given, statusNames, "statuses.");
  const { header = "X-Podpora-Status", open = [], awaiting = [], resolved = ["resolved"] } = given;
  const words = [...open, ...awaiting, ...resolved].map((word) => word.toLowerCase());
  check(/^[\w-]{1,60}$/.test(header), "statuses.header", "must be the name of a header");
  check(words.every(isName), "statuses", "must be words");
  const twice = words.find((word, index) => words.indexOf(word) !== index);
  check(twice === undefined, "statuses", `has "${twice}" twice: a word means one status`);
  return { header, open, awaiting, resolved };
}

function isName(value: unknown): boolean {
  return typeof value === "string" && /\S/.test(value) && !/\p{C}/u.test(value);
}
