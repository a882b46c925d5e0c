import { execFile, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { createTransport } from "nodemailer";
import { afterAll, describe, expect, inject, test, vi } from "vitest";
import { mailbox } from "../../src/adapters/mailbox/index.ts";
import type { CallContext, Member, TicketsApi } from "../../src/core/contract/adapter.ts";
import { temporaryFolder } from "../demo/folder.ts";
import { installed } from "./installed.ts";
import { mailboxDesk } from "./mailbox-desk.ts";

const run = promisify(execFile);
const folder = await temporaryFolder();
afterAll(async () => await folder.remove());

const ana: Member = { id: "ana", name: "Ana Novak", email: "ana@example.org" };
const ask: CallContext = { signal: new AbortController().signal, locale: "en", member: ana };
const desks = inject("desks");

/** Request Tracker behind a mailbox: what comes there goes to rt-mailgate, what RT sends goes out by SMTP. Nothing else. */
async function rtByMail() {
  const { URL: url = "", NINA_TOKEN: token = "" } = installed("request-tracker") ?? {};
  const desk = mailboxDesk("rt", folder.path);
  const script = new URL("rt-by-mail.pl", import.meta.url).pathname;
  const { stdout } = await run("perl", ["-I/usr/share/request-tracker5/lib", script, desk.desk]);
  const folderOfMails = stdout.trim();
  const { host, port, user, password } = desk.options.smtp;
  const transport = createTransport({ host, port: port ?? 0, ignoreTLS: true, auth: { user, pass: password } });
  const outgoing = () =>
    readdirSync(folderOfMails)
      .filter((name) => name.endsWith(".mbox"))
      .flatMap((name) => readFileSync(join(folderOfMails, name), "utf8").split(/^From \S+@localhost {2}.*\n/m))
      .filter((mail) => mail.includes(desk.desk) && /^To: /m.test(mail));
  let taken = 0;
  let sent = 0;

  /** Whatever waits, both ways. */
  async function carry(): Promise<void> {
    await desk.delivered();
    const sources = await desk.within(
      desk.desk,
      "INBOX",
      async (client) => await client.fetchAll("1:*", { source: true }),
    );
    for (const { source } of sources.slice(taken)) {
      const gate = spawn("rt-mailgate", ["--queue", "Mailbox", "--action", "correspond", "--url", url]);
      gate.stdin.end(source);
      const code = await new Promise((resolve) => void gate.once("close", resolve));
      expect(code).toBe(0);
    }
    taken = sources.length;
    for (const raw of outgoing().slice(sent)) {
      const [, to = ""] = /^To: .*?([^\s<>"]+@[^\s<>",]+)/m.exec(raw) ?? [];
      await transport.sendMail({ envelope: { from: desk.desk, to }, raw: raw.replaceAll(/\r?\n/g, "\r\n") });
      sent += 1;
    }
    await desk.delivered();
  }

  async function call(path: string, method = "GET", json?: unknown): Promise<unknown> {
    const response = await fetch(`${url}/REST/2.0${path}`, {
      method,
      headers: { Authorization: `token ${token}`, "Content-Type": "application/json" },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return await response.json();
  }

  return { desk, carry, call };
}

interface Found {
  readonly items: readonly { readonly id: string; readonly Subject: string; readonly Status: string }[];
}

describe.skipIf(!desks.includes("mailbox") || !desks.includes("request-tracker"))(
  "Request Tracker, by mail alone",
  () => {
    test("a ticket arrives, an agent answers, the member replies into the same ticket, the agent resolves it", async () => {
      const { desk, carry, call } = await rtByMail();
      const adapter = mailbox({ ...desk.options, fields: [] });
      const tickets = adapter.tickets as Required<TicketsApi>;
      const title = `Slovenščina - ${crypto.randomUUID()}`;
      const { id, number } = await tickets.create({ clientId: "first", title, text: "Odprem košarico." }, ask);
      await carry();
      const query = encodeURIComponent(`Queue = 'Mailbox' AND Subject LIKE '${title.slice(-36)}'`);
      const find = async () => (await call(`/tickets?query=${query}&fields=Subject,Status`)) as Found;
      const { items } = await find();
      expect(items).toMatchObject([{ Subject: expect.stringContaining(`${title} [#${number}-`), Status: "new" }]);
      const ticket = items[0]!.id;

      await call(`/ticket/${ticket}/correspond`, "POST", {
        Content: "Kateri brskalnik?",
        ContentType: "text/plain",
        Status: "stalled",
      });
      await carry();
      expect(await tickets.get(id, ask)).toMatchObject({ status: "awaiting", updatedBy: "agent" });
      const { items: messages } = await tickets.thread(id, undefined, ask);
      expect(messages.filter(({ change }) => !change)).toMatchObject([
        { text: "Odprem košarico.", author: { role: "member" } },
        {
          text: expect.stringContaining("Kateri brskalnik?"),
          author: { role: "agent", name: expect.stringContaining("Nina Agent") },
        },
      ]);

      await tickets.reply(id, { clientId: "second", text: "Firefox. 🐎" }, ask);
      await carry();
      // In the same ticket: RT found it by its own number.
      expect((await find()).items.map((one) => one.id)).toEqual([ticket]);
      const history = (await call(`/ticket/${ticket}/history?per_page=100&fields=Type,Creator`)) as {
        readonly items: readonly { readonly Type: string }[];
      };
      expect(history.items.filter(({ Type }) => Type === "Correspond")).toHaveLength(2);

      // A mail server tells the second that a mail came in: within one, nobody knows what was first.
      const second = Math.floor(Date.now() / 1000);
      await vi.waitUntil(() => Math.floor(Date.now() / 1000) > second, { timeout: 10_000 });
      await call(`/ticket/${ticket}`, "PUT", { Status: "resolved" });
      await carry();
      expect(await tickets.get(id, ask)).toMatchObject({ status: "resolved" });
      await adapter.dispose?.();
    });
  },
);
