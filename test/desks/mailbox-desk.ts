import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ImapFlow } from "imapflow";
import { simpleParser, type ParsedMail } from "mailparser";
import { createTransport, type SendMailOptions } from "nodemailer";
import { expect, vi } from "vitest";
import { attributesOf } from "./attributes-of.ts";
import type { MailboxOptions } from "../../src/adapters/mailbox/index.ts";
import type { Member, TicketContext, TicketStatus } from "../../src/core/contract/adapter.ts";
import { filesIn } from "../../src/gateway/index.ts";
import type { Backend, TicketRecord } from "../../src/testing/subject.ts";
import { installed } from "./installed.ts";

export interface StoredMail {
  readonly uid: number;
  readonly mail: ParsedMail;
}

/** The mail servers of mailbox.sh, with a mailbox of a site's and one of a desk's that nobody else uses. */
export interface MailboxDesk {
  readonly options: MailboxOptions;
  /** The site's account, and the desk's. */
  readonly site: string;
  readonly desk: string;
  /** Resolves once nothing is on its way. */
  delivered(): Promise<void>;
  /** Sends as the desk, unless `from` says otherwise, and waits until it has arrived. */
  send(mail: SendMailOptions): Promise<void>;
  /** An answer to the ticket's newest mail, as a mail program writes one. */
  answer(ticketId: string, mail: SendMailOptions): Promise<void>;
  mails(account: string, folder?: string): Promise<readonly StoredMail[]>;
  /** With the account's folder open. */
  within<T>(account: string, folder: string, work: (client: ImapFlow) => Promise<T>): Promise<T>;
  backend(members: readonly Member[], listeners: () => number): Backend;
}

/** What the script installed; only where "mailbox" is among the desks that run. */
export function mailboxDesk(name: string, folder: string): MailboxDesk {
  // Where it isn't installed the tests are collected all the same, and skipped.
  const env = installed("mailbox") ?? { PORT: "1", SMTP_PORT: "1", PASSWORD: "none" };
  const value = (key: string): string => env[key] ?? "none";
  const run = crypto.randomUUID().slice(0, 8);
  const [site, desk] = [`${name}-${run}@site.test`, `${name}-${run}@desk.test`];
  const [local = ""] = site.split("@");
  const password = value("PASSWORD");
  const server = { host: "127.0.0.1", security: "none", password } as const;
  const transport = createTransport({
    host: "127.0.0.1",
    port: Number(value("SMTP_PORT")),
    ignoreTLS: true,
    auth: { user: desk, pass: password },
  });

  async function within<T>(account: string, path: string, work: (client: ImapFlow) => Promise<T>): Promise<T> {
    const port = Number(value("PORT"));
    const auth = { user: account, pass: password };
    const client = new ImapFlow({ host: "127.0.0.1", port, secure: false, auth, logger: false, disableAutoIdle: true });
    await client.connect();
    try {
      await client.mailboxOpen(path);
      return await work(client);
    } finally {
      await client.logout();
    }
  }

  async function mails(account: string, path = "INBOX"): Promise<readonly StoredMail[]> {
    return await within(account, path, async (client) => {
      const found = await client.fetchAll("1:*", { uid: true, source: true });
      return await Promise.all(
        found.map(async ({ uid, source = Buffer.alloc(0) }) => ({ uid, mail: await simpleParser(source) })),
      );
    });
  }

  async function delivered(): Promise<void> {
    const spool = join(process.env["PODPORA_DESKS"] ?? "/var/lib/podpora-desks", "mailbox", "spool");
    const filesOf = (queue: string) =>
      readdirSync(join(spool, queue), { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    await vi.waitFor(() => expect(["maildrop", "incoming", "active"].flatMap((queue) => filesOf(queue))).toEqual([]), {
      timeout: 20_000,
      interval: 20,
    });
  }

  async function send(mail: SendMailOptions): Promise<void> {
    await transport.sendMail({ from: { name: "Nina Agent", address: desk }, ...mail });
    await delivered();
  }

  const numberOf = (ticketId: string) => ticketId.toUpperCase();
  const ofTicket = (ticketId: string) => (one: StoredMail) =>
    one.mail.headers.get("x-podpora-number") === numberOf(ticketId);

  async function answer(ticketId: string, mail: SendMailOptions): Promise<void> {
    await delivered();
    const last = (await mails(desk)).findLast(ofTicket(ticketId))?.mail;
    if (last === undefined) return expect.fail(`the desk has no mail of ticket ${ticketId}`);
    const references = [last.references ?? [], last.messageId ?? ""].flat();
    await send({
      to: last.replyTo?.value[0]?.address ?? "",
      subject: `Re: ${last.subject ?? ""}`,
      inReplyTo: last.messageId,
      references,
      ...mail,
    });
  }

  function backend(members: readonly Member[], listeners: () => number): Backend {
    async function record(ticketId: string): Promise<TicketRecord | undefined> {
      await delivered();
      const sent = (await mails(desk)).filter(ofTicket(ticketId)).map(({ mail }) => mail);
      const came = (await mails(site)).filter(({ mail }) => mail.subject?.includes(`[#${numberOf(ticketId)}`));
      const head = sent.find((mail) => mail.headers.get("x-podpora-kind") === "ticket");
      if (head === undefined) return undefined;
      const [text = "", below = ""] = wordsOf(head).split("\n\n-- \n");
      const score = sent.findLast((mail) => mail.headers.has("x-podpora-rating"))?.headers.get("x-podpora-rating");
      const context = contextOf(below);
      const all = inOrder(
        sent,
        came.map(({ mail }) => mail),
      );
      return {
        id: ticketId,
        title: (head.subject ?? "").replace(/ \[#[\w-]+\]$/, ""),
        text,
        status: statusOf(all, desk),
        memberId: members.find(({ email }) => below.includes(`<${email}>`))?.id ?? "nobody",
        ...(context ? { context } : {}),
        ...(score === undefined ? {} : { rating: Number(score) }),
        messages: all.flatMap((mail) => {
          const isAgent = mail.from?.value[0]?.address === desk;
          const isWords = isAgent || isSaid(mail);
          const said = mail === head ? text : wordsOf(mail);
          if (!isWords || (isAgent && said === "")) return [];
          const internal = isAgent && !/\[#\w+-\w+\]/.test(mail.subject ?? "");
          return [{ text: said, author: isAgent ? "agent" : "member", internal } as const];
        }),
        attachments: sent.flatMap(({ attachments }) =>
          attachments.map(({ filename = "", contentType, content }) => ({
            name: filename,
            type: contentType,
            bytes: new Uint8Array(content),
          })),
        ),
      };
    }

    return {
      ticket: record,
      async ticketCount() {
        await delivered();
        return await within(desk, "INBOX", async (client) => {
          const found = await client.search({ header: { "x-podpora-kind": "ticket" } }, { uid: true });
          return found ? found.length : 0;
        });
      },
      listeners,
      // Each of this desk's mails names the state: without that, an answer waits for the member's.
      async replyToTicket(ticketId, text) {
        const status = (await record(ticketId))?.status ?? "open";
        await answer(ticketId, { text, headers: { "X-Podpora-Status": status } });
      },
      askForFeedback: async (ticketId, text) => await answer(ticketId, { text }),
      // Among agents, about the ticket, and by mistake to the address of the site: it has no token.
      addNote: async (ticketId, text) =>
        await answer(ticketId, { text, to: site, subject: `[#${numberOf(ticketId)}]`, inReplyTo: "", references: [] }),
      resolveTicket: async (ticketId) =>
        await answer(ticketId, { text: "", headers: { "X-Podpora-Status": "resolved" } }),
      async removeTicket(ticketId) {
        await delivered();
        for (const [account, path] of [
          [site, "Podpora"],
          [site, "INBOX"],
          [desk, "INBOX"],
        ] as const) {
          await within(account, path, async (client) => {
            const found = await client.search({ subject: numberOf(ticketId) }, { uid: true });
            if (found && found.length > 0) await client.messageDelete(found.join(","), { uid: true });
          });
        }
      },
    };
  }

  return {
    site,
    desk,
    options: {
      imap: { ...server, port: Number(value("PORT")), user: site },
      smtp: { ...server, port: Number(value("SMTP_PORT")), user: site },
      address: `${local}+*@site.test`,
      desk,
      secret: "no secret of anybody's, and 32 bytes long",
      files: filesIn(folder),
      statuses: { open: ["open"], awaiting: ["awaiting"] },
      fields: [
        {
          key: "product",
          label: "Product",
          kind: "select",
          options: ["web", "app"].map((each) => ({ value: each, label: each })),
        },
        { key: "order", label: "Order number", kind: "text", pattern: "BR-\\d{6}", help: "As on the bill" },
        { key: "terms", label: "I have read the terms", kind: "checkbox", required: true },
      ],
      pollMs: 500,
    },
    delivered,
    send,
    answer,
    mails,
    within,
    backend,
  };
}

/** The desk's mails as they came; each answer after the mail that it answers. */
function inOrder(sent: readonly ParsedMail[], came: readonly ParsedMail[]): readonly ParsedMail[] {
  const placeOf = (mail: ParsedMail) => sent.findIndex(({ messageId }) => messageId === mail.inReplyTo);
  const notes = came.filter((mail) => placeOf(mail) === -1);
  return [...sent.flatMap((mail, at) => [mail, ...came.filter((one) => placeOf(one) === at)]), ...notes];
}

function statusOf(mails: readonly ParsedMail[], desk: string): TicketStatus {
  let status: TicketStatus = "open";
  for (const mail of mails) {
    const said = mail.headers.get("x-podpora-status");
    const isAgent = mail.from?.value[0]?.address === desk;
    if (said === "resolved" || said === "open") status = said;
    else if (isAgent && mail.inReplyTo) status = "awaiting";
    else if (isSaid(mail)) status = "open";
  }
  return status;
}

/** By the member, in words. */
function isSaid({ headers }: ParsedMail): boolean {
  const kind = headers.get("x-podpora-kind");
  return kind === "ticket" || kind === "reply";
}

const wordsOf = ({ text = "" }: ParsedMail) => text.replaceAll("\r\n", "\n").replace(/\n$/, "");

/** What stands below the member's words, read as an agent reads it. */
function contextOf(below: string): TicketContext | undefined {
  const all = (label: string) =>
    below.split("\n").flatMap((line) => (line.startsWith(`${label}: `) ? [line.slice(label.length + 2)] : []));
  const one = (name: string, label: string) => Object.fromEntries(all(label).map((text) => [name, text]));
  if (all("Page").length === 0) return undefined;
  return {
    ...one("page", "Page"),
    ...one("browser", "Browser"),
    ...one("screen", "Screen"),
    ...one("language", "Languages"),
    ...one("appVersion", "App version"),
    errors: all("Error"),
    attributes: attributesOf(all("Set by the page")),
  };
}
