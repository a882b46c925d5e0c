import type { Socket } from "node:net";
import { onTestFinished } from "vitest";
import { SMTPServer } from "smtp-server";
import { mailbox, type MailboxOptions } from "../../src/adapters/mailbox/index.ts";
import type {
  Adapter,
  Attachment,
  CallContext,
  Member,
  TicketsApi,
  UploadsApi,
} from "../../src/core/contract/adapter.ts";
import type { HeldFiles } from "../../src/adapter/files.ts";
import { fakeImap, type FakeImap } from "./fake-imap.ts";

export interface SentMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly source: string;
}

/**
 * An SMTP server that stores accepted mails. A refusal is a code with text, such as "451 later", for the stage that it
 * names.
 */
export interface FakeSmtp {
  readonly port: number;
  readonly sent: SentMail[];
  refuse:
    | { readonly at: "login" | "sender" | "empty sender" | "recipient" | "data"; readonly words: string }
    | undefined;
  /** The connection is cut when the whole mail has arrived, before the answer. */
  cutAfterData: boolean;
  /** Called with each accepted mail. */
  taken: ((mail: SentMail) => void) | undefined;
}

async function fakeSmtp(): Promise<FakeSmtp> {
  const fake = { port: 0, sent: new Array<SentMail>(), refuse: undefined, cutAfterData: false, taken: undefined };
  const state: { -readonly [Name in keyof FakeSmtp]: FakeSmtp[Name] } = fake;
  const refusal = (at: string): Error | undefined => {
    if (state.refuse?.at !== at) return undefined;
    const [, code = "", words = ""] = /^(\d+) (.*)$/.exec(state.refuse.words) ?? [];
    return Object.assign(new Error(words), { responseCode: Number(code) });
  };
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 100,
    size: 36 * 1024 * 1024,
    onAuth: ({ username }, _session, done) => done(refusal("login"), { user: username }),
    onMailFrom: ({ address }, _session, done) => done(refusal("sender") ?? (address ? null : refusal("empty sender"))),
    onRcptTo: (_address, _session, done) => done(refusal("recipient")),
    onData(stream, session, done) {
      const pieces: Buffer[] = [];
      stream.on("data", (piece: Buffer) => pieces.push(piece));
      stream.on("end", () => {
        const refused = refusal("data");
        if (refused) return done(refused);
        const { mailFrom, rcptTo } = session.envelope;
        const mail = {
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map(({ address }) => address),
          source: Buffer.concat(pieces).toString(),
        };
        state.sent.push(mail);
        if (state.cutAfterData) return sockets.forEach((socket) => socket.destroy());
        state.taken?.(mail);
        done();
      });
    },
  });
  const sockets = new Set<Socket>();
  server.server.on("connection", (socket: Socket) => sockets.add(socket));
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.server.address();
  state.port = typeof address === "object" && address ? address.port : 0;
  onTestFinished(async () => await new Promise<void>((resolve) => server.close(() => resolve())));
  return state;
}

/** In memory. */
export function heldFiles(): HeldFiles {
  const files = new Map<string, File>();
  return {
    async hold(file, ownerId, clientId = crypto.randomUUID()) {
      files.set(`${ownerId} ${clientId}`, file);
      return { id: clientId, name: file.name, bytes: file.size, type: file.type };
    },
    find: async (id, ownerId) => files.get(`${ownerId} ${id}`),
    release: async (id, ownerId) => void files.delete(`${ownerId} ${id}`),
  };
}

export interface MailboxStage {
  readonly imap: FakeImap;
  readonly smtp: FakeSmtp;
  readonly options: MailboxOptions;
  readonly adapter: Adapter;
  readonly tickets: Required<TicketsApi>;
  readonly uploads: Required<UploadsApi>;
  /** Another copy of the gateway: it has read nothing yet. */
  another(more?: Partial<MailboxOptions>): Adapter;
  upload(file: File, member?: Member): Promise<Attachment>;
}

export const ana: Member = { id: "ana", name: "Ana Novak", email: "ana@example.org" };
export const boris: Member = { id: "boris", name: "Boris", email: "boris@example.org" };

export const ask = (member: Member = ana, signal = new AbortController().signal): CallContext => ({
  signal,
  locale: "en",
  member,
});

export const draft = (title = "It breaks", text = "I click, and nothing happens.") => ({
  clientId: crypto.randomUUID(),
  title,
  text,
});

export async function mailboxStage(more: Partial<MailboxOptions> = {}): Promise<MailboxStage> {
  const [imap, smtp] = [await fakeImap(), await fakeSmtp()];
  const server = { host: "127.0.0.1", user: "podpora@example.org", password: "right", security: "none" } as const;
  const options: MailboxOptions = {
    imap: { ...server, port: imap.port },
    smtp: { ...server, port: smtp.port },
    address: "support+*@example.org",
    desk: "desk@desk.example",
    secret: "no secret of anybody's, and 32 bytes long",
    files: heldFiles(),
    callMs: 5000,
    ...more,
  };
  const another = (other: Partial<MailboxOptions> = {}): Adapter => {
    const made = mailbox({ ...options, ...other });
    onTestFinished(async () => await made.dispose?.());
    return made;
  };
  onTestFinished(async () => await imap.stop());
  const adapter = another();
  const { tickets, uploads } = adapter;
  if (!tickets || !uploads) throw new Error("the adapter has no tickets, or no files");
  return {
    imap,
    smtp,
    options,
    adapter,
    tickets: tickets as Required<TicketsApi>,
    uploads: uploads as Required<UploadsApi>,
    another,
    upload: async (file, member = ana) => await uploads.upload(file, ask(member)),
  };
}

/** The header of a sent mail, unfolded. */
export function headerOf({ source }: SentMail, name: string): string {
  const head = source.slice(0, source.indexOf("\r\n\r\n")).replaceAll(/\r\n[ \t]+/g, " ");
  return new RegExp(`^${name}: (.*)$`, "im").exec(head)?.[1] ?? "";
}

/** An agent's answer to a mail, as plain text, unless the headers say otherwise. */
export function answerTo(
  mail: SentMail,
  text: string | Buffer,
  headers: Readonly<Record<string, string | undefined>> = {},
): Buffer {
  const all = {
    From: "Nina Agent <nina@desk.example>",
    To: headerOf(mail, "Reply-To"),
    Subject: "Re: your ticket",
    "Message-ID": `<${crypto.randomUUID()}@desk.example>`,
    "In-Reply-To": headerOf(mail, "Message-ID"),
    "Content-Type": "text/plain; charset=utf-8",
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), Buffer.from(text)]);
}
