import { assert, asyncProperty, string } from "fast-check";
import { expect, test } from "vitest";
import type { Message } from "../../src/core/contract/adapter.ts";
import { answerTo, ask, draft, headerOf, mailboxStage } from "./mailbox-stage.ts";

async function begun(title?: string) {
  const stage = await mailboxStage();
  const ticket = await stage.tickets.create(draft(title), ask());
  const mail = stage.smtp.sent[0]!;
  const last = async (): Promise<Message | undefined> =>
    (await stage.tickets.thread(ticket.id, undefined, ask())).items.findLast(({ change }) => change === undefined);
  return { ...stage, ticket, mail, last };
}

const bytes = (...codes: readonly number[]) => Buffer.from(codes);

test.each([
  ["windows-1250", "8bit", bytes(0xc8, 0x8a, 0x9e)],
  ["iso-8859-2", "8bit", bytes(0xc8, 0xa9, 0xbe)],
  ["cp852", "8bit", bytes(0xac, 0xe6, 0xa7)],
  ["utf-8", "base64", Buffer.from(Buffer.from("ČŠž").toString("base64"))],
  ["utf-8", "quoted-printable", Buffer.from("=C4=8C=C5=A0=C5=BE")],
])("text in %s, %s, is read as written", async (charset, encoding, content) => {
  const { imap, mail, last } = await begun();
  const headers = { "Content-Type": `text/plain; charset=${charset}`, "Content-Transfer-Encoding": encoding };
  imap.deliver("INBOX", answerTo(mail, content, headers));
  expect((await last())?.text).toBe("ČŠž");
});

test.each([
  ["koi8-r", Buffer.from([0xf0, 0xd2, 0xc9]), "При"],
  ["iso-2022-jp", Buffer.from("\u001B$B$3$s\u001B(B", "latin1"), "こん"],
  ["shift_jis", Buffer.from([0x82, 0xb1, 0x82, 0xf1]), "こん"],
  ["gb2312", Buffer.from([0xc4, 0xe3]), "你"],
  ["us-ascii", Buffer.from([0x43, 0x61, 0x66, 0xe9]), "Café"],
  ["us-ascii", Buffer.from("Café"), "Café"],
  ["no-such-charset", Buffer.from("Hello"), "Hello"],
])("text in %s is read: %s", async (charset, content, text) => {
  const { imap, mail, last } = await begun();
  imap.deliver(
    "INBOX",
    answerTo(mail, content, { "Content-Type": `text/plain; charset=${charset}`, "Content-Transfer-Encoding": "8bit" }),
  );
  expect((await last())?.text).toBe(text);
});

test("text without a header that declares its charset", async () => {
  const { imap, mail, last } = await begun();
  imap.deliver("INBOX", answerTo(mail, Buffer.from([0x43, 0x61, 0x66, 0xe9]), { "Content-Type": undefined }));
  expect((await last())?.text).toBe("Café");
});

test("HTML becomes markup, with its pictures; the same text as plain text is omitted", async () => {
  const { imap, mail, last, uploads } = await begun();
  const source = [
    "--out",
    'Content-Type: multipart/alternative; boundary="in"',
    "",
    "--in",
    "Content-Type: text/plain; charset=utf-8",
    "",
    "plain",
    "--in",
    "Content-Type: text/html; charset=utf-8",
    "",
    '<p>Press <b>this</b>: <img src="cid:pic@x" alt="button"></p><script>alert(1)</script>',
    "--in--",
    "--out",
    'Content-Type: image/png; name="button.png"',
    "Content-ID: <pic@x>",
    "Content-Transfer-Encoding: base64",
    "Content-Disposition: inline",
    "",
    Buffer.from("picture").toString("base64"),
    "--out--",
    "",
  ].join("\r\n");
  imap.deliver("INBOX", answerTo(mail, source, { "Content-Type": 'multipart/related; boundary="out"' }));
  const message = await last();
  const [picture] = message?.attachments ?? [];
  expect(picture).toMatchObject({ name: "button.png", type: "image/png" });
  expect(message?.text).toBe(`Press **this**: ![button](attachment:${picture?.id})`);
  expect(await (await uploads.download(picture?.id ?? "", ask())).text()).toBe("picture");
});

test("a quoted tail stays a quotation, which the panel folds", async () => {
  const { imap, mail, last } = await begun();
  imap.deliver("INBOX", answerTo(mail, "Which one?\n\nOn Monday Ana wrote:\n> It\n> breaks\n"));
  expect((await last())?.text).toBe("Which one?\n\nOn Monday Ana wrote:\n> It\n> breaks");
});

test("Outlook's containers, invitations and mails in mails are files", async () => {
  const { imap, mail, last } = await begun();
  const part = (...lines: readonly string[]) => ["--b", ...lines].join("\r\n");
  const source = [
    part("Content-Type: text/plain", "", "See the files"),
    part('Content-Type: application/ms-tnef; name="winmail.dat"', "Content-Transfer-Encoding: base64", "", "eJ8+Ig=="),
    part("Content-Type: text/calendar; charset=utf-8", "", "BEGIN:VCALENDAR"),
    part("Content-Type: message/rfc822", "", "Subject: inner", "", "words"),
    part(
      'Content-Type: text/html; name="page.html"',
      "Content-Disposition: attachment",
      "",
      "<b>no words of the mail</b>",
    ),
    "--b--",
    "",
  ].join("\r\n");
  imap.deliver("INBOX", answerTo(mail, source, { "Content-Type": 'multipart/mixed; boundary="b"' }));
  const message = await last();
  expect(message?.text).toBe("See the files");
  expect(message?.attachments?.map(({ name, type }) => [name, type])).toEqual([
    ["winmail.dat", "application/ms-tnef"],
    ["file", "text/calendar"],
    ["inner.eml", "message/rfc822"],
    ["page.html", "text/html"],
  ]);
});

test.each([
  ["a multipart without its boundary", 'multipart/mixed; boundary="b"', "Hello"],
  ["a multipart that names none", "multipart/mixed", "Hello"],
  ["a part that never ends", 'multipart/mixed; boundary="b"', "--b\r\nContent-Type: text/plain\r\n\r\nHello"],
  ["base64 that is none", "text/plain; charset=utf-8", "Hello"],
])("%s: its text is shown, and nothing fails", async (what, type, content) => {
  const { imap, mail, last } = await begun();
  const encoding = what.startsWith("base64") ? "8bit" : undefined;
  imap.deliver("INBOX", answerTo(mail, content, { "Content-Type": type, "Content-Transfer-Encoding": encoding }));
  expect((await last())?.text).toContain("Hello");
});

test("a mail whose one part is empty shows nothing of its structure", async () => {
  const { imap, mail, last, ticket, tickets } = await begun();
  imap.deliver("INBOX", answerTo(mail, "--b--\r\n", { "Content-Type": 'multipart/mixed; boundary="b"' }));
  expect((await tickets.get(ticket.id, ask())).status).toBe("awaiting");
  expect((await last())?.author.role).toBe("member");
});

test("an empty mail is not a message, and one with only files is", async () => {
  const { imap, mail, last, tickets, ticket } = await begun();
  imap.deliver("INBOX", answerTo(mail, ""));
  const source = '--b\r\nContent-Type: application/pdf; name="a.pdf"\r\n\r\n%PDF\r\n--b--\r\n';
  imap.deliver("INBOX", answerTo(mail, source, { "Content-Type": 'multipart/mixed; boundary="b"' }));
  expect(await last()).toMatchObject({ text: "", attachments: [{ name: "a.pdf", bytes: 4 }] });
  expect((await tickets.thread(ticket.id, undefined, ask())).items).toHaveLength(3);
});

test("an endless text is truncated, and says so", async () => {
  const { imap, mail, last } = await begun();
  imap.deliver("INBOX", answerTo(mail, "x".repeat(600 * 1024)));
  const text = (await last())?.text ?? "";
  expect(text.length).toBeLessThan(530 * 1024);
  expect(text.endsWith("[…]")).toBe(true);
});

test("a name and a subject in any script are one line, and hide nothing", async () => {
  const { imap, mail, last } = await begun();
  const name = "=?utf-8?B?" + Buffer.from("Nina \u202Ereversed\u0000").toString("base64") + "?=";
  imap.deliver("INBOX", answerTo(mail, "Hello", { From: `${name} <nina@desk.example>` }));
  expect((await last())?.author.name).toBe("Nina reversed");
});

test("a reply continues the desk's own thread: with its subject and its reference", async () => {
  const { imap, smtp, mail, tickets, ticket } = await begun();
  const Subject = `[desk.example #12] AW: Re: It breaks ${headerOf(mail, "Subject").split(" ").at(-1)}`;
  imap.deliver("INBOX", answerTo(mail, "Which?", { Subject, "Message-ID": "<rt-12@desk.example>" }));
  await tickets.reply(ticket.id, { clientId: "r", text: "Firefox" }, ask());
  const sent = smtp.sent.at(-1)!;
  const tag = headerOf(mail, "Subject").split(" ").at(-1);
  expect(headerOf(sent, "Subject")).toBe(`Re: [desk.example #12] AW: Re: It breaks ${tag}`);
  expect(headerOf(sent, "In-Reply-To")).toBe("<rt-12@desk.example>");
  expect(headerOf(sent, "References")).toBe(`${headerOf(mail, "Message-ID")} <rt-12@desk.example>`);
});

test("a status in the desk's subject is removed from the reply: the desk's next answer does not name it again", async () => {
  const { imap, smtp, mail, tickets, ticket } = await begun();
  const tag = headerOf(mail, "Subject").split(" ").at(-1);
  imap.deliver("INBOX", answerTo(mail, "Done.", { Subject: `[Resolved] [desk #12] It breaks ${tag}` }));
  expect(await tickets.get(ticket.id, ask())).toMatchObject({ status: "resolved" });
  await tickets.reply(ticket.id, { clientId: "r", text: "It is back" }, ask());
  expect(headerOf(smtp.sent.at(-1)!, "Subject")).toBe(`Re: [desk #12] It breaks ${tag}`);
});

test("a mail of a thousand parts is shown with the first of them", async () => {
  const { imap, mail, last } = await begun();
  const part = (type: string) => `--b\r\nContent-Type: ${type}\r\n\r\nx\r\n`;
  const source = `${part("text/plain").repeat(1000)}${part("application/pdf").repeat(1000)}--b--\r\n`;
  imap.deliver("INBOX", answerTo(mail, source, { "Content-Type": 'multipart/mixed; boundary="b"' }));
  expect((await last())?.attachments).toHaveLength(100);
});

test("title and text come back as typed, whatever they are", async () => {
  const stage = await mailboxStage();
  const text = string({ unit: "grapheme", minLength: 1, maxLength: 200 }).filter(
    (one) => /\S/.test(one) && !/[\0\r\p{Cs}]/u.test(one),
  );
  await assert(
    asyncProperty(text, text, async (title, words) => {
      const made = await stage.tickets.create(draft(title.replaceAll("\n", " ") + "x", words), ask());
      expect(made.title).toBe(`${title.replaceAll("\n", " ")}x`);
      const { items } = await stage.tickets.thread(made.id, undefined, ask());
      expect(items.map((message) => message.text)).toEqual([words]);
    }),
    { numRuns: 20, endOnFailure: true },
  );
});

test("the member's text below is not mistaken for the part for agents, and the reverse", async () => {
  const { tickets, smtp } = await mailboxStage();
  const text = "Hello\n\n-- \nMember: Boris <boris@example.org>\n";
  const context = { page: "https://example.org/", errors: ["a\n-- \nb"] };
  const made = await tickets.create({ ...draft("It breaks", text), context }, ask());
  expect((await tickets.thread(made.id, undefined, ask())).items).toMatchObject([{ text }]);
  expect(smtp.sent[0]?.source).toContain("Page: https://example.org/");
});
