import { describe, expect, test } from "vitest";
import { checkDomain } from "../../src/adapters/mailbox/check-domain.ts";
import { mailbox, type MailboxOptions } from "../../src/adapters/mailbox/index.ts";
import type { Adapter, Finding } from "../../src/core/contract/adapter.ts";
import { heldFiles, mailboxStage, type MailboxStage } from "./mailbox-stage.ts";

const never = new AbortController().signal;

async function all(findings: AsyncIterable<Finding> | undefined): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for await (const finding of findings ?? []) found.push(finding);
  return found;
}

const findingsOf = async (adapter: Adapter) => await all(adapter.check?.(never));
const inShort = (findings: readonly Finding[]) => findings.map(({ level, text }) => `${level}: ${text}`);

describe("podpora check", () => {
  test("reads the folders, sends a mail to itself, and leaves nothing of it", async () => {
    const stage = await mailboxStage();
    stage.smtp.taken = ({ source }) => void stage.imap.deliver("INBOX", source);
    const found = inShort(await findingsOf(stage.adapter));
    expect(found.slice(0, 5)).toEqual([
      "good: The mailbox at 127.0.0.1 accepts podpora@example.org",
      'good: "INBOX" is read: 0 mails',
      'good: "Podpora" will be created with the first ticket',
      "good: 127.0.0.1 accepts podpora@example.org for sending",
      'good: A mail to "support+…@example.org" was sent, and arrived in "INBOX"',
    ]);
    expect(stage.imap.folder("INBOX").mails).toEqual([]);
    expect(stage.smtp.sent).toHaveLength(1);
    expect([...stage.imap.folders.keys()]).toEqual(["INBOX"]);
  });

  test("reports that addresses with a token are not delivered", async () => {
    const stage = await mailboxStage({ callMs: 2500 });
    const found = await findingsOf(stage.adapter);
    expect(found.find(({ level }) => level === "fault")).toMatchObject({
      text: expect.stringContaining('A mail to "support+…@example.org" was sent, but did not arrive in INBOX'),
      fix: expect.stringContaining('"+"'),
    });
  });

  test.each<readonly [string, (stage: MailboxStage) => Promise<void>, RegExp]>([
    ["a wrong password", async (stage) => void (stage.imap.password = "other"), /does not accept imap.user/],
    ["a mailbox that is away", async (stage) => await stage.imap.stop(), /ECONNREFUSED|refused/i],
    [
      "a wrong password to send with",
      async (stage) => void (stage.smtp.refuse = { at: "login", words: "535 no" }),
      /does not accept smtp.user/,
    ],
    [
      "a sender that is not allowed",
      async (stage) => void (stage.smtp.refuse = { at: "sender", words: "553 not yours" }),
      /No mail can be sent from .*not yours/,
    ],
  ])("says what to do about %s", async (_what, spoil, text) => {
    const stage = await mailboxStage();
    await spoil(stage);
    const faults = (await findingsOf(stage.adapter)).filter(({ level }) => level === "fault");
    expect(faults).toMatchObject([{ text: expect.stringMatching(text), fix: expect.stringMatching(/\w/) }]);
  });

  test("reports a missing folder, and mails with an unknown outcome", async () => {
    const stage = await mailboxStage({ inbox: ["INBOX", "Answers"] });
    stage.imap.folders.set("Podpora Outbox", { validity: 1, next: 1, mails: [] });
    stage.imap.deliver("Podpora Outbox", "Message-ID: <x@y>\r\n\r\n");
    stage.smtp.refuse = { at: "login", words: "535 no" };
    const found = inShort(await findingsOf(stage.adapter));
    expect(found).toContain('fault: The mailbox has no folder "Answers"');
    expect(found).toContain('risk: "Podpora Outbox" has 1 mails: it is not known whether they were sent');
  });
});

describe("the DNS records of the site's domain", () => {
  const missing = Object.assign(new Error("none"), { code: "ENOTFOUND" });
  const zone = (records: Readonly<Record<string, string[]>>) => async (name: string) => {
    const found = records[name];
    if (!found) throw missing;
    // A long record arrives in chunks.
    return found.map((text) => [text.slice(0, 5), text.slice(5)]);
  };
  const signed = "DKIM-Signature: v=1; a=rsa-sha256; d=example.org;\r\n s=mail; b=x\r\n\r\n";
  const good = {
    "example.org": ["v=spf1 mx -all", "other"],
    "_dmarc.example.org": ["v=DMARC1; p=none"],
    "mail._domainkey.example.org": ["v=DKIM1; p=MIIB"],
  };
  const levels = async (records: Readonly<Record<string, string[]>>, headers = signed) =>
    (await all(checkDomain("example.org", headers, zone(records), never))).map(({ level }) => level);

  test("are good with SPF, DMARC and the key of the signature", async () => {
    expect(await levels(good)).toEqual(["good", "good", "good"]);
  });

  test("are a risk, one for each that is missing or duplicated", async () => {
    expect(await levels({})).toEqual(["risk", "risk", "risk"]);
    expect(await levels({ ...good, "example.org": ["v=spf1 a", "v=spf1 b"] })).toEqual(["risk", "good", "good"]);
    expect(await levels({ ...good, "mail._domainkey.example.org": ["v=DKIM1; p="] })).toEqual(["good", "good", "risk"]);
    expect(await levels(good, "")).toEqual(["good", "good", "risk"]);
  });

  test("are not guessed if the DNS gives no answer", async () => {
    const away = async () => await Promise.reject(Object.assign(new Error("away"), { code: "ECONNREFUSED" }));
    expect(await all(checkDomain("example.org", signed, away, never))).toMatchObject([
      { level: "risk", text: expect.stringContaining("did not answer for") },
    ]);
  });
});

describe("a mistake in the options is reported at the start, with the option's name and what to do", () => {
  const server = { host: "mail.example.org", user: "podpora", password: "p" };
  const options: MailboxOptions = {
    imap: server,
    smtp: server,
    address: "support+*@example.org",
    desk: "desk@desk.example",
    secret: "no secret of anybody's, and 32 bytes long",
    files: heldFiles(),
  };

  test("these are valid", () => {
    for (const address of ["support+*@example.org", "*@help.example.org", "a.b-*@example.org"]) {
      expect(mailbox({ ...options, address }).name).toBe("mailbox");
    }
  });

  test.each<readonly [string, object]>([
    ['"address" must be the site\'s own address with a * for the token', { address: "support@example.org" }],
    ['"address" must be the site\'s own address with a * for the token', { address: "support*@example.org" }],
    ['"address" must be the site\'s own address with a * for the token', { address: "*+support@example.org" }],
    ['"address" must be the site\'s own address with a * for the token', { address: "*@a@example.org" }],
    ['"address" must not have more than 38 characters', { address: `${"x".repeat(38)}+*@example.org` }],
    ['"desk" must be the desk\'s e-mail address', { desk: "desk@desk.example, eve@elsewhere.example" }],
    ['"desk" must be the desk\'s e-mail address', { desk: "desk" }],
    ['"secret" must have at least 32 bytes', { secret: "short" }],
    ['"secret" must have at least 32 bytes', { secret: ["no secret of anybody's, and 32 bytes long", "short"] }],
    ['"inbox" must name at least one folder', { inbox: [] }],
    ['"folder" must be the name of a folder that is not in inbox', { folder: "INBOX" }],
    [
      '"fields" must have a unique key each',
      {
        fields: [
          { key: "a", label: "A", kind: "text" },
          { key: "a", label: "B", kind: "text" },
        ],
      },
    ],
    ['"statuses.header" must be the name of a header', { statuses: { header: "X:Y" } }],
    ['"statuses" has "done" twice', { statuses: { resolved: ["done"], open: ["Done"] } }],
    ['"statuses.resolvd" is unknown: did you mean "resolved"?', { statuses: { resolvd: [] } }],
    ['"imap.host" must be the server\'s name', { imap: { ...server, host: "https://x" } }],
    ['"smtp.password" is required', { smtp: { ...server, password: "" } }],
    ['"imap.security" must not be "none"', { imap: { ...server, security: "none" } }],
    ['"imap.port" must be a port', { imap: { ...server, port: 0 } }],
    ['"imap.pasword" is unknown: did you mean "password"?', { imap: { ...server, pasword: "x" } }],
    ['"maxFileBytes" must be a number of bytes', { maxFileBytes: 0 }],
    ['"pollMs" must be 100 or more', { pollMs: 1 }],
    ['"adress" is unknown: did you mean "address"?', { adress: "x" }],
  ])("the option %s", (message, more) => {
    expect(() => mailbox({ ...options, ...more })).toThrow(`mailbox: the option ${message}`);
  });
});
