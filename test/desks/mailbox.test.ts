import { chownSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, inject, onTestFinished, test } from "vitest";
import { mailbox, type MailboxOptions } from "../../src/adapters/mailbox/index.ts";
import { writeRecord, type SentRecord } from "../../src/adapters/mailbox/record.ts";
import { createSeal } from "../../src/adapters/mailbox/seal.ts";
import type { CallContext, Finding, Member, TicketEvent, TicketsApi } from "../../src/core/contract/adapter.ts";
import { watch } from "../../src/testing/watch.ts";
import { temporaryFolder } from "../demo/folder.ts";
import { mailboxDesk } from "./mailbox-desk.ts";

const folder = await temporaryFolder();
afterAll(async () => await folder.remove());

const ana: Member = { id: "ana", name: "Ana Novak", email: "ana@example.org" };
const ask = (signal = new AbortController().signal): CallContext => ({ signal, locale: "en", member: ana });
const draft = (title = "It breaks") => ({
  clientId: crypto.randomUUID(),
  title,
  text: "I click, and nothing happens.",
});

describe.skipIf(!inject("desks").includes("mailbox"))("a mailbox at Postfix and Dovecot", () => {
  function open(more: Partial<MailboxOptions> = {}) {
    const desk = mailboxDesk("faults", folder.path);
    const adapter = mailbox({ ...desk.options, fields: [], ...more });
    onTestFinished(async () => await adapter.dispose?.());
    return { desk, adapter, tickets: adapter.tickets as Required<TicketsApi> };
  }

  test("passes podpora check, which leaves nothing in the mailbox", async () => {
    const { desk, adapter } = open();
    const found: Finding[] = [];
    for await (const finding of adapter.check?.(new AbortController().signal) ?? []) found.push(finding);
    expect(found.filter(({ level }) => level === "fault")).toEqual([]);
    expect(found.map(({ text }) => text)).toContainEqual(expect.stringMatching(/was sent, and arrived in "INBOX"$/));
    expect(await desk.mails(desk.site)).toEqual([]);
  });

  test("a wrong password is reported with the server's name, for IMAP and SMTP", async () => {
    const { imap, smtp } = mailboxDesk("faults", folder.path).options;
    const reading = open({ imap: { ...imap, password: "wrong" } }).tickets.list({ filter: "all" }, ask());
    await expect(reading).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("imap.password"),
    });
    const { desk, tickets } = open({ smtp: { ...smtp, password: "wrong" } });
    const sending = tickets.create(draft(), ask());
    await expect(sending).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("smtp.password"),
    });
    expect(await desk.mails(desk.site, "Podpora Outbox")).toEqual([]);
  });

  test("an address that the server does not know is refused at once, and the list stays empty", async () => {
    const { tickets } = open({ desk: "nobody@desk.test" });
    await expect(tickets.create(draft(), ask())).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/nobody@desk\.test/),
    });
    expect(await tickets.list({ filter: "all" }, ask())).toEqual({ items: [] });
  });

  test("a later bounce shows in the thread, without the mail that it quotes", async () => {
    const { desk, tickets } = open({ desk: "later@bounces.test" });
    const { id } = await tickets.create(draft(), ask());
    await desk.delivered();
    await expect.poll(async () => (await desk.mails(desk.site)).length, { timeout: 20_000 }).toBe(1);
    const { items } = await tickets.thread(id, undefined, ask());
    expect(items.map(({ author }) => author.role)).toEqual(["member", "system"]);
    expect(items[1]?.text).toContain("later@bounces.test");
    expect(items[1]?.text).not.toContain("Member:");
    expect(items[1]?.attachments).toBeUndefined();
    expect(JSON.stringify(items)).not.toContain("X-Podpora-Record");
    expect(await tickets.get(id, ask())).toMatchObject({ status: "open" });
  });

  test("a reply with HTML, an inline picture, an attached mail and a winmail.dat is read part by part", async () => {
    const { desk, adapter, tickets } = open();
    const { id } = await tickets.create(draft(), ask());
    const inner = "Subject: inner\r\nContent-Type: text/plain\r\n\r\nwords of another mail\r\n";
    const picture = Buffer.from("no picture, but bytes \u0000\u00FF", "latin1");
    await desk.answer(id, {
      text: "plain",
      html: '<p>Press <b>this</b>: <img src="cid:pic@desk.test" alt="button"></p>',
      attachments: [
        { filename: "gumb č.png", contentType: "image/png", cid: "pic@desk.test", content: picture },
        { contentType: "message/rfc822", content: inner, filename: false },
        { filename: "winmail.dat", contentType: "application/ms-tnef", content: picture },
      ],
    });
    const { items } = await tickets.thread(id, undefined, ask());
    const { text, attachments = [] } = items[1] ?? {};
    const names = attachments.map(({ name, type }) => `${name}: ${type}`);
    expect(names.toSorted()).toEqual([
      "gumb č.png: image/png",
      "inner.eml: message/rfc822",
      "winmail.dat: application/ms-tnef",
    ]);
    const idOf = (name: string) => attachments.find((one) => one.name === name)?.id ?? "";
    expect(text).toBe(`Press **this**: ![button](attachment:${idOf("gumb č.png")})`);
    const bytesOf = async (name: string) => {
      const file = await adapter.uploads?.download?.(idOf(name), ask());
      return Buffer.from((await file?.arrayBuffer()) ?? new ArrayBuffer(0));
    };
    expect((await bytesOf("gumb č.png")).equals(picture)).toBe(true);
    expect((await bytesOf("winmail.dat")).equals(picture)).toBe(true);
    expect((await bytesOf("inner.eml")).toString().trim()).toBe(inner.trim());
  });

  test("restored folders with other UIDs contain the same threads, and streams start anew", async () => {
    const { desk, tickets } = open();
    const { id } = await tickets.create(draft(), ask());
    await desk.answer(id, { text: "Which browser?" });
    const stream = watch<TicketEvent>((signal) => tickets.events(undefined, ask(signal)));
    await expect.poll(async () => (await tickets.get(id, ask())).status).toBe("awaiting");
    await desk.answer(id, { text: "And which version?" });
    await stream.until((event) => event.type === "message" && event.message.text.includes("version"), "the answer");
    const cursor = stream.cursor();
    await stream.stop();
    const before = await tickets.thread(id, undefined, ask());
    await desk.within(desk.site, "Podpora", async (client) => {
      await client.mailboxCreate("Saved");
      await client.messageCopy("1:*", "Saved");
      await client.mailboxClose();
      await client.mailboxDelete("Podpora");
      await client.mailboxRename("Saved", "Podpora");
    });
    expect(await tickets.thread(id, undefined, ask())).toEqual(before);
    const anew = tickets.events(cursor, ask())[Symbol.asyncIterator]().next();
    await expect(anew).rejects.toMatchObject({ code: "invalid" });
  });

  test(
    "after the first read, a list of 10,000 threads takes no longer than one of ten",
    { timeout: 120_000 },
    async () => {
      const { desk, tickets } = open({ callMs: 60_000 });
      await tickets.create(draft(), ask());
      onTestFinished(fillMailbox(desk, 10_000));
      const begin = performance.now();
      expect((await tickets.counts(ask())).all).toBe(10_001);
      const first = performance.now() - begin;
      const times: number[] = [];
      for (let look = 0; look < 10; look += 1) {
        const start = performance.now();
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        expect((await tickets.list({ filter: "open", search: "broken 7" }, ask())).items).toHaveLength(20);
        times.push(performance.now() - start);
      }
      // oxlint-disable-next-line no-console -- for who wants to know; how long it takes is no promise
      console.log(`10,000 threads: read in ${Math.round(first)} ms, listed in ${Math.round(Math.min(...times))} ms`);
    },
  );
});

/** Puts many tickets into the folder of what was sent, past the server: its own way takes minutes. Gives what takes them out. */
function fillMailbox({ site, options }: ReturnType<typeof mailboxDesk>, count: number): () => void {
  const state = process.env["PODPORA_DESKS"] ?? "/var/lib/podpora-desks";
  const [local = "", domain = ""] = site.split("@");
  const path = join(state, "mailbox", "mail", domain, local, "Maildir", ".Podpora", "cur");
  mkdirSync(path, { recursive: true });
  const { uid, gid } = statSync(path);
  const seal = createSeal([String(options.secret)]);
  for (let index = 0; index < count; index += 1) {
    const clientId = `draft-${index}`;
    const thread = seal.threadId(ana.id, clientId);
    const title = `broken ${index}`;
    const record: SentRecord = {
      thread,
      owner: seal.owner(ana.id),
      kind: "ticket",
      clientId,
      at: 1_700_000_000_000 + index,
      length: 4,
      title,
      files: [],
    };
    const header = `X-Podpora-Record: ${writeRecord(record, seal).replaceAll(" ", "\n ")}`;
    const lines = [header, `Message-ID: <${seal.token(thread)}.x@site.test>`, `Subject: ${title}`, "", "Help"];
    const file = join(path, `${1_700_000_000 + index}.M${index}.tests:2,S`);
    writeFileSync(file, lines.join("\n"));
    chownSync(file, uid, gid);
  }
  return () => rmSync(join(path, "..", ".."), { recursive: true, force: true });
}
