import type { Field } from "../../core/contract/adapter.ts";
import type { HeldFiles } from "../shared/held-files.ts";
import { checkAddresses } from "./addresses.ts";
import { checkServer, type MailServer, type Server } from "./server-options.ts";
import { checkNames, optionCheck } from "../shared/option-check.ts";

export interface MailboxOptions {
  /** Where the site's own mailbox is read: answers come in there, and what was sent is kept there. */
  readonly imap: MailServer;
  /** Where mails are handed in, to be sent. */
  readonly smtp: MailServer;
  /** The site's own address, with a `*` for each thread's token: "support+*@example.org", or "*@help.example.org". */
  readonly address: string;
  /** The desk's address: every ticket and every answer of a member goes there, and nowhere else. */
  readonly desk: string;
  /** Seals addresses and records; at least 32 bytes. Of a list the first seals, and all are known. */
  readonly secret: string | readonly string[];
  /** Holds files until their mail is sent: `filesIn(directory)` of the gateway. Absent: no files. */
  readonly files?: HeldFiles;
  /** Folders where answers stand. What is in none of them is in no thread. @default ["INBOX"] */
  readonly inbox?: readonly string[];
  /** The folder of what was sent; "<folder> Outbox" beside it has what is on its way. @default "Podpora" */
  readonly folder?: string;
  /** By which words of the desk's a ticket's state is known. */
  readonly statuses?: Partial<MailStatuses>;
  /** What the form asks for besides title and text: the answers stand below the member's words. @default none */
  readonly fields?: readonly Field[];
  /** Of one file. @default 10 MiB */
  readonly maxFileBytes?: number;
  /** In one ticket or reply, all together at most 18 MiB. @default 10 */
  readonly maxFiles?: number;
  /** How often is looked for changes while somebody listens, besides what IDLE tells. @default 20 000 */
  readonly pollMs?: number;
  /** How long one call may take, with its waiting for its turn. @default 20 000 */
  readonly callMs?: number;
}

export interface MailStatuses {
  /** A header of the desk's mails that names the state. @default "X-Podpora-Status" */
  readonly header: string;
  /** The words for each state: in that header, or in brackets in the subject, such as "[resolved]". */
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
  check(keys.every(isName) && new Set(keys).size === keys.length, "fields", "must have a key each, and none twice");
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
  check(isLong, "secret", `must have at least ${SECRET_BYTES} bytes, such as \`openssl rand -base64 32\` gives`);
  return [first, ...others];
}

function statusesOf(given: Partial<MailStatuses>): MailStatuses {
  checkNames(check, given, statusNames, "statuses.");
  const { header = "X-Podpora-Status", open = [], awaiting = [], resolved = ["resolved"] } = given;
  const words = [...open, ...awaiting, ...resolved].map((word) => word.toLowerCase());
  check(/^[\w-]{1,60}$/.test(header), "statuses.header", "must be the name of a header");
  check(words.every(isName), "statuses", "must be words");
  const twice = words.find((word, index) => words.indexOf(word) !== index);
  check(twice === undefined, "statuses", `has "${twice}" twice: a word means one state`);
  return { header, open, awaiting, resolved };
}

function isName(value: unknown): boolean {
  return typeof value === "string" && /\S/.test(value) && !/\p{C}/u.test(value);
}
