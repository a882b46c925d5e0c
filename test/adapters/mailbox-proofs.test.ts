import { describe, expect, test } from "vitest";
import type { Message } from "../../src/core/contract/adapter.ts";
import { createSeal } from "../../src/adapters/mailbox/seal.ts";
import { ana, answerTo, ask, boris, draft, headerOf, mailboxStage, type MailboxStage } from "./mailbox-stage.ts";

const tokenIn = (address: string) => /\+([0-9a-v]{26})@/.exec(address)?.[1] ?? "";

async function begun(more?: Parameters<typeof mailboxStage>[0]) {
  const stage = await mailboxStage(more);
  const ticket = await stage.tickets.create(draft(), ask());
  const mail = stage.smtp.sent[0]!;
  return { ...stage, ticket, mail };
}

async function said(stage: MailboxStage, id: string): Promise<readonly Message[]> {
  return (await stage.tickets.thread(id, undefined, ask())).items.filter(({ change }) => change === undefined).slice(1);
}

describe("what proves that a mail is of a thread", () => {
  test("the token in the address, whoever it says to be from, and whatever became of its letters", async () => {
    const stage = await begun();
    const address = stage.mail.from.toUpperCase();
    const headers = { To: address, From: "someone@elsewhere.example", "In-Reply-To": undefined };
    stage.imap.deliver("INBOX", answerTo(stage.mail, "by token", headers));
    expect(await said(stage, stage.ticket.id)).toMatchObject([{ text: "by token", author: { role: "agent" } }]);
  });

  test.each(["Delivered-To", "X-Original-To", "Cc"])(
    "the same in %s, where the mail is to somebody else",
    async (name) => {
      const stage = await begun();
      const headers = { To: "list@desk.example", [name]: stage.mail.from, "In-Reply-To": undefined };
      stage.imap.deliver("INBOX", answerTo(stage.mail, "by copy", headers));
      expect(await said(stage, stage.ticket.id)).toMatchObject([{ text: "by copy" }]);
    },
  );

  test.each(["In-Reply-To", "References"])("a mail of the thread that it answers, by %s", async (name) => {
    const stage = await begun();
    const id = headerOf(stage.mail, "Message-ID");
    const headers = { To: "support@example.org", "In-Reply-To": undefined, [name]: `<x@y.example> ${id}` };
    stage.imap.deliver("INBOX", answerTo(stage.mail, "by reference", headers));
    expect(await said(stage, stage.ticket.id)).toMatchObject([{ text: "by reference" }]);
  });

  test("the number with its seal in the subject", async () => {
    const stage = await begun();
    const headers = { To: "support@example.org", "In-Reply-To": undefined };
    const Subject = `AW: ${headerOf(stage.mail, "Subject").toLowerCase()}`;
    stage.imap.deliver("INBOX", answerTo(stage.mail, "by number", { ...headers, Subject }));
    expect(await said(stage, stage.ticket.id)).toMatchObject([{ text: "by number" }]);
  });
});

describe("what proves nothing, and is in no thread", () => {
  const bare = { To: "support@example.org", "In-Reply-To": undefined };

  test("who it says to be from: the desk, or the member", async () => {
    const stage = await begun();
    for (const From of [
      "Nina <desk@desk.example>",
      "Ana Novak <ana@example.org>",
      stage.mail.from.replace(/\+[^@]+/, ""),
    ]) {
      stage.imap.deliver("INBOX", answerTo(stage.mail, "forged", { ...bare, From }));
    }
    expect(await said(stage, stage.ticket.id)).toEqual([]);
  });

  test("the token as the sender", async () => {
    const stage = await begun();
    stage.imap.deliver("INBOX", answerTo(stage.mail, "forged", { ...bare, From: stage.mail.from }));
    expect(await said(stage, stage.ticket.id)).toEqual([]);
  });

  test("the number in the subject without its seal, or with another's", async () => {
    const stage = await begun();
    const number = stage.ticket.number;
    for (const Subject of [`[#${number}]`, `[#${number}-00000000]`, `Re: ${number}`, `[#${number}-]`]) {
      stage.imap.deliver("INBOX", answerTo(stage.mail, "spoofed", { ...bare, Subject }));
    }
    expect(await said(stage, stage.ticket.id)).toEqual([]);
  });

  test("a token that was made up, of another thread's seal, or of another secret", async () => {
    const stage = await begun();
    await stage.tickets.create(draft(), ask(boris));
    const [mine, theirs] = stage.smtp.sent.map(({ from }) => tokenIn(from));
    const { id } = stage.ticket;
    const elsewhere = createSeal(["another secret, which nobody gave us, too"]);
    for (const token of [
      `${id}${"0".repeat(16)}`,
      `${id}${theirs?.slice(10)}`,
      elsewhere.token(id),
      id,
      `${mine}0`,
      `0${mine}`,
      mine?.slice(0, 25),
    ]) {
      stage.imap.deliver("INBOX", answerTo(stage.mail, "spoofed", { ...bare, To: `support+${token}@example.org` }));
    }
    expect(await said(stage, id)).toEqual([]);
  });

  test("a record of the gateway's that came by mail: it counts where the gateway itself put it", async () => {
    const stage = await begun();
    const [kept] = stage.imap.folder("Podpora").mails;
    const forged = Buffer.from(String(kept?.source).replace(/^Message-ID: .*$/m, "Message-ID: <new@x.example>"));
    stage.imap.deliver("INBOX", forged);
    expect((await stage.tickets.list({ filter: "all" }, ask())).items).toHaveLength(1);
    expect(await said(stage, stage.ticket.id)).toEqual([]);
  });

  test("a record that was changed, even in the gateway's own folder", async () => {
    const stage = await begun();
    const [kept] = stage.imap.folder("Podpora").mails;
    const owner = createSeal([String(stage.options.secret)]).owner("boris");
    const source = String(kept?.source);
    const [, record = ""] = /^X-Podpora-Record: ((?:.+\r\n )*.+)\r\n/.exec(source) ?? [];
    const [text = "", signature = ""] = record.replaceAll(/\s/g, "").split(".");
    const changed = { ...JSON.parse(Buffer.from(text, "base64url").toString()), owner };
    const forged = `${Buffer.from(JSON.stringify(changed)).toString("base64url")}.${signature}`;
    stage.imap.deliver("Podpora", source.replace(record, forged));
    expect((await stage.tickets.list({ filter: "all" }, ask(boris))).items).toEqual([]);
    expect(await stage.tickets.counts(ask())).toEqual({ open: 1, awaiting: 0, all: 1 });
  });
});

test("another member has no way in by a ticket's id, a file's id or a cursor", async () => {
  const stage = await begun();
  const { id } = stage.ticket;
  const attachment = await stage.upload(new File(["secret"], "a.txt", { type: "text/plain" }));
  await stage.tickets.reply(id, { clientId: "r", text: "", attachments: [attachment.id] }, ask());
  const { items } = await stage.tickets.thread(id, undefined, ask());
  const file = items.flatMap(({ attachments = [] }) => attachments)[0]?.id ?? "";
  expect(await (await stage.uploads.download(file, ask())).text()).toBe("secret");
  const notFound = { code: "not-found" };
  await expect(stage.uploads.download(file, ask(boris))).rejects.toMatchObject(notFound);
  await expect(stage.uploads.download(attachment.id, ask(boris))).rejects.toMatchObject(notFound);
  await expect(stage.tickets.get(id, ask(boris))).rejects.toMatchObject(notFound);
  const own = await stage.tickets.create(draft(), ask(boris));
  const guessed = file.replace(id, own.id);
  await expect(stage.uploads.download(guessed, ask(boris))).rejects.toMatchObject(notFound);
  const page = await stage.tickets.list({ filter: "all", cursor: `9999999999999-${id}` }, ask(boris));
  expect(page.items.map((ticket) => ticket.id)).toEqual([own.id]);
  await expect(stage.tickets.list({ filter: "all", cursor: "1 OR 1=1" }, ask())).rejects.toMatchObject({
    code: "invalid",
  });
  await expect(stage.tickets.list({ filter: "all" }, { ...ask(), member: undefined! })).rejects.toMatchObject({
    code: "unauthorized",
  });
});

test("a ticket's address and id are of the member and the draft: nobody can make another's", async () => {
  const stage = await mailboxStage();
  const one = draft();
  const [mine, theirs] = [await stage.tickets.create(one, ask()), await stage.tickets.create(one, ask(boris))];
  expect(theirs.id).not.toBe(mine.id);
  await stage.tickets.create(one, ask());
  expect(stage.smtp.sent).toHaveLength(2);
});

test("a new secret leaves old threads as they are, and their addresses in force", async () => {
  const old = await begun();
  const { secret } = old.options;
  const now = old.another({ secret: ["the new secret, which is 32 bytes long too", String(secret)] });
  const { tickets } = now;
  old.imap.deliver("INBOX", answerTo(old.mail, "to the old address"));
  const { items } = (await tickets?.list?.({ filter: "all" }, ask())) ?? { items: [] };
  expect(items).toMatchObject([{ id: old.ticket.id, status: "awaiting" }]);
  await tickets?.reply?.(old.ticket.id, { clientId: "r", text: "still mine" }, ask());
  const thread = await tickets?.thread?.(old.ticket.id, undefined, ask());
  expect(thread?.items.filter(({ change }) => !change).slice(1)).toMatchObject([
    { text: "to the old address" },
    { text: "still mine" },
  ]);
  await expect(
    old.another({ secret: "the new secret, which is 32 bytes long too" }).tickets?.get?.(old.ticket.id, ask()),
  ).rejects.toMatchObject({ code: "not-found" });
});

describe("programs", () => {
  test("nothing that comes in is ever answered by a mail", async () => {
    const stage = await begun();
    const auto = { "Auto-Submitted": "auto-replied" };
    for (const headers of [{}, auto, { Precedence: "bulk" }, { "List-Id": "<x>" }, { "Return-Path": "<>" }]) {
      stage.imap.deliver("INBOX", answerTo(stage.mail, "hello", headers));
    }
    expect(await said(stage, stage.ticket.id)).toHaveLength(5);
    expect(stage.smtp.sent).toHaveLength(1);
  });

  test.each([
    ["Auto-Submitted", "auto-replied"],
    ["Auto-Submitted", "auto-generated (rejected)"],
    ["X-Autoreply", "yes"],
    ["Precedence", "auto_reply"],
    ["Return-Path", "<>"],
  ])("%s: %s is no agent's word, and changes no state", async (name, value) => {
    const stage = await begun();
    stage.imap.deliver("INBOX", answerTo(stage.mail, "I am away until Monday.", { [name]: value }));
    expect(await said(stage, stage.ticket.id)).toMatchObject([{ author: { role: "system" } }]);
    expect(await stage.tickets.get(stage.ticket.id, ask())).toMatchObject({ status: "open", updatedBy: "system" });
  });

  test("a help desk that marks agents' answers as bulk, or says that no program wrote them, is an agent", async () => {
    const stage = await begun();
    stage.imap.deliver("INBOX", answerTo(stage.mail, "one", { Precedence: "bulk" }));
    stage.imap.deliver("INBOX", answerTo(stage.mail, "two", { "Auto-Submitted": "no" }));
    expect(await said(stage, stage.ticket.id)).toMatchObject([
      { author: { role: "agent" } },
      { author: { role: "agent" } },
    ]);
  });

  test("the gateway's own mail that comes back is shown once, as what it is", async () => {
    const stage = await begun();
    stage.imap.deliver("INBOX", stage.mail.source);
    stage.imap.deliver("INBOX", `Delivered-To: ${stage.mail.from}\r\n${stage.mail.source}`);
    expect(await said(stage, stage.ticket.id)).toEqual([]);
    expect(await stage.tickets.get(stage.ticket.id, ask())).toMatchObject({ status: "open" });
  });

  test("a state, a rating and a ticket go to the desk alone; what nobody wrote has no sender that could be answered", async () => {
    const stage = await begun({ statuses: { resolved: ["done"] } });
    await stage.tickets.setStatus(stage.ticket.id, "resolved", ask());
    await stage.tickets.rate(stage.ticket.id, { score: 4, comment: "Hvala" }, ask());
    expect(stage.smtp.sent.map(({ from, to }) => [from === "", to])).toEqual([
      [false, ["desk@desk.example"]],
      [true, ["desk@desk.example"]],
      [true, ["desk@desk.example"]],
    ]);
    const [, status, rating] = stage.smtp.sent;
    expect([status, rating].map((mail) => mail && headerOf(mail, "Auto-Submitted"))).toEqual([
      "auto-generated",
      "auto-generated",
    ]);
    expect(status && headerOf(status, "X-Podpora-Status")).toBe("resolved");
    expect(rating && headerOf(rating, "X-Podpora-Rating")).toBe("4");
  });

  test("where a server takes no mail without a sender, what nobody wrote has the thread's own", async () => {
    const stage = await begun();
    stage.smtp.refuse = { at: "empty sender", words: "553 who are you?" };
    await stage.tickets.setStatus(stage.ticket.id, "resolved", ask());
    expect(stage.smtp.sent.map(({ from }) => from)).toEqual([stage.mail.from, stage.mail.from]);
  });

  test("a mail that could not be delivered is told in the thread, without what is for agents alone", async () => {
    const stage = await begun();
    const report = [
      "--b",
      "Content-Type: text/plain; charset=us-ascii",
      "",
      `The mail to desk@desk.example from ${stage.mail.from} could not be delivered: 550 no such user.`,
      "--b",
      "Content-Type: message/delivery-status",
      "",
      "Action: failed",
      "--b",
      "Content-Type: message/rfc822",
      "",
      stage.mail.source,
      "--b--",
      "",
    ].join("\r\n");
    const headers = {
      From: "MAILER-DAEMON@example.org",
      "Return-Path": "<>",
      "Auto-Submitted": "auto-replied",
      "Content-Type": 'multipart/report; report-type=delivery-status; boundary="b"',
    };
    stage.imap.deliver("INBOX", answerTo(stage.mail, report, headers));
    const [bounce, ...more] = await said(stage, stage.ticket.id);
    expect(more).toEqual([]);
    expect(bounce).toMatchObject({ author: { role: "system" }, text: expect.stringContaining("550 no such user") });
    expect(bounce?.text).not.toContain("Member:");
    expect(bounce?.attachments).toBeUndefined();
    expect(JSON.stringify(bounce)).not.toContain(tokenIn(stage.mail.from));
    expect(await stage.tickets.get(stage.ticket.id, ask())).toMatchObject({ status: "open" });
  });
});

test("no seal is shown to the member: who has it writes in an agent's name", async () => {
  const stage = await begun();
  const subject = headerOf(stage.mail, "Subject");
  const quoted = `Hello\n\nOn Monday, Ana <${stage.mail.from}> wrote:\n> ${subject}\n> words`;
  stage.imap.deliver("INBOX", answerTo(stage.mail, quoted));
  const inAnother = `https://desk.example/?to=${encodeURIComponent(stage.mail.from)}`;
  const html = `<p>Hello</p><a href="mailto:${stage.mail.from}">Ana</a> <a href="${inAnother}">x</a> ${subject}`;
  stage.imap.deliver("INBOX", answerTo(stage.mail, html, { "Content-Type": "text/html; charset=utf-8" }));
  const shown = JSON.stringify([await said(stage, stage.ticket.id), await stage.tickets.get(stage.ticket.id, ask())]);
  expect(shown).toContain("Hello");
  expect(shown).not.toContain(tokenIn(stage.mail.from));
  expect(shown).not.toMatch(/\[#\w{10}-\w{8}\]/);
});

test("podpora forget takes a member's mails out of the mailbox, tells what the desk keeps, and takes nobody else's", async () => {
  const stage = await begun();
  stage.imap.deliver("INBOX", answerTo(stage.mail, "Which one?"));
  await stage.tickets.create(draft(), ask(boris));
  stage.smtp.cutAfterData = true;
  await expect(stage.tickets.create(draft(), ask())).rejects.toMatchObject({ code: "unavailable" });
  const erasures = async (remove: boolean) => {
    const found: string[] = [];
    const { signal } = ask();
    for await (const { outcome, text } of stage.adapter.erase?.(ana, { remove, signal }) ?? [])
      found.push(`${outcome}: ${text}`);
    return found;
  };
  const told = await erasures(false);
  expect(told).toEqual([
    'erased: Copies in "Podpora Outbox": 1.',
    "erased: 2 mails in the mailbox.",
    expect.stringMatching(new RegExp(`^kept: .*#${stage.ticket.number}.* desk@desk.example received`)),
  ]);
  expect(await erasures(true)).toEqual(told);
  expect(await erasures(true)).toEqual([]);
  expect(await stage.tickets.counts(ask())).toEqual({ open: 0, awaiting: 0, all: 0 });
  expect(await stage.tickets.counts(ask(boris))).toEqual({ open: 1, awaiting: 0, all: 1 });
  expect([...stage.imap.folders].map(([name, { mails }]) => [name, mails.length])).toEqual([
    ["INBOX", 0],
    ["Podpora", 1],
    ["Podpora Outbox", 0],
  ]);
});

test("a guest's claimed address is not told to agents as if it were known", async () => {
  const stage = await mailboxStage();
  await stage.tickets.create(draft(), ask({ id: "guest:1", guest: true, name: "Eve", email: "ana@example.org" }));
  await stage.tickets.create(draft(), ask(ana));
  const [guest, member] = stage.smtp.sent.map(({ source }) => source);
  expect(guest).toContain("Member: Eve (a guest)");
  expect(guest).not.toContain("ana@example.org");
  expect(member).toContain("Member: Ana Novak <ana@example.org>");
});
