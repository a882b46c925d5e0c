import { describe, expect, test } from "vitest";
import { answerTo, ask, draft, headerOf, mailboxStage } from "./mailbox-stage.ts";

const all = { filter: "all" } as const;
const folderOf = (stage: Awaited<ReturnType<typeof mailboxStage>>, name: string) =>
  stage.imap.folders.get(name)?.mails.length ?? 0;

describe("the mailbox", () => {
  test("refuses the password: that is reported, no connection stays open, and the right one works at once", async () => {
    const stage = await mailboxStage();
    stage.imap.password = "other";
    for (let tries = 0; tries < 5; tries += 1) {
      await expect(stage.tickets.list(all, ask())).rejects.toMatchObject({
        code: "unavailable",
        message: expect.stringContaining("does not accept imap.user and imap.password"),
      });
    }
    await expect.poll(() => stage.imap.connections()).toBe(0);
    stage.imap.password = "right";
    expect(await stage.tickets.list(all, ask())).toEqual({ items: [] });
  });

  test("has no folder of that name: the option is named", async () => {
    const stage = await mailboxStage({ inbox: ["INBOX", "Answers"] });
    await expect(stage.tickets.list(all, ask())).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/no folder "Answers": create it, or name another in the option "inbox"/),
    });
  });

  test("is down at the start: nothing is sent, and once it is up the same ticket is created, once", async () => {
    const stage = await mailboxStage();
    const { port } = stage.imap;
    await stage.imap.stop();
    const one = draft();
    await expect(stage.tickets.create(one, ask())).rejects.toMatchObject({ code: "unavailable" });
    expect(stage.smtp.sent).toEqual([]);
    await stage.imap.start(port);
    await stage.tickets.create(one, ask());
    expect(stage.smtp.sent).toHaveLength(1);
  });

  test("loses its connections: a read is retried, unnoticed", async () => {
    const stage = await mailboxStage();
    await stage.tickets.create(draft(), ask());
    stage.imap.cut();
    expect((await stage.tickets.list(all, ask())).items).toHaveLength(1);
    let cuts = 1;
    stage.imap.before = ({ command, socket }) => {
      if (command !== "EXAMINE" || cuts === 0) return false;
      cuts -= 1;
      socket.destroy();
      return true;
    };
    expect((await stage.tickets.list(all, ask())).items).toHaveLength(1);
  });

  test("is lost in the middle of a file: the file arrives whole or not at all", async () => {
    const stage = await mailboxStage();
    const { id } = await stage.tickets.create(draft(), ask());
    const content = Buffer.alloc(3 * 1024 * 1024, "file")
      .toString("base64")
      .replaceAll(/.{76}/g, "$&\r\n");
    const part = `Content-Type: application/pdf; name="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n${content}`;
    const source = `--b\r\n${part}\r\n--b--\r\n`;
    stage.imap.deliver(
      "INBOX",
      answerTo(stage.smtp.sent[0]!, source, { "Content-Type": 'multipart/mixed; boundary="b"' }),
    );
    const { items } = await stage.tickets.thread(id, undefined, ask());
    const file = items.flatMap(({ attachments = [] }) => attachments)[0]?.id ?? "";
    let pieces = 0;
    let most = 2;
    stage.imap.before = ({ command, text, socket }) => {
      if (command !== "UID FETCH" || !/BODY\.PEEK\[1\]/i.test(text)) return false;
      pieces += 1;
      if (pieces < 2 || most === 0) return false;
      most -= 1;
      socket.destroy();
      return true;
    };
    await expect(stage.uploads.download(file, ask())).rejects.toMatchObject({ code: "unavailable" });
    expect((await stage.uploads.download(file, ask())).size).toBe(3 * 1024 * 1024);
  });

  test("does not respond: the call ends at its deadline, others continue, and the connection is cut", async () => {
    const stage = await mailboxStage();
    const { id } = await stage.tickets.create(draft(), ask());
    stage.imap.before = ({ command, text }) => command === "UID FETCH" && text.includes("BODYSTRUCTURE");
    const impatient = stage.another({ callMs: 300 });
    await expect(impatient.tickets?.thread?.(id, undefined, ask())).rejects.toMatchObject({ code: "timeout" });
    expect(await stage.tickets.get(id, ask())).toMatchObject({ id });
  });

  test("is slow: an aborted call rejects with its own reason at once, and the ticket is still created, once", async () => {
    const stage = await mailboxStage();
    const held: (() => void)[] = [];
    stage.imap.before = ({ command, tag, socket }) => {
      if (command !== "CREATE" || held.length > 0) return false;
      stage.imap.folders.set("Podpora", { validity: 7, next: 1, mails: [] });
      held.push(() => void socket.write(`${tag} OK done\r\n`));
      return true;
    };
    const one = draft();
    const giveUp = new AbortController();
    const call = stage.tickets.create(one, ask(undefined, giveUp.signal));
    await expect.poll(() => held.length).toBe(1);
    const reason = new Error("gone");
    giveUp.abort(reason);
    await expect(call).rejects.toBe(reason);
    for (const go of held) go();
    await stage.tickets.create(one, ask());
    expect(stage.smtp.sent).toHaveLength(1);
  });

  test("is full: the member is told before anything is sent, and nothing is lost", async () => {
    const stage = await mailboxStage();
    stage.imap.before = ({ command, tag, socket }) =>
      command === "APPEND" && socket.write(`${tag} NO [OVERQUOTA] no room\r\n`);
    const one = draft();
    await expect(stage.tickets.create(one, ask())).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("full"),
      retryAfterMs: 60_000,
    });
    expect(stage.smtp.sent).toEqual([]);
    stage.imap.before = undefined;
    await stage.tickets.create(one, ask());
    expect(stage.smtp.sent).toHaveLength(1);
  });

  test("has lost its folders: they are created again, before anything is sent", async () => {
    const stage = await mailboxStage();
    await stage.tickets.create(draft(), ask());
    stage.imap.folders.delete("Podpora");
    stage.imap.folders.delete("Podpora Outbox");
    stage.imap.cut();
    const { id } = await stage.tickets.create(draft(), ask());
    expect((await stage.tickets.list(all, ask())).items.map((ticket) => ticket.id)).toEqual([id]);
    expect(stage.smtp.sent).toHaveLength(2);
  });

  test("breaks after the mail was sent: it is filed over a new connection, and not sent again", async () => {
    const stage = await mailboxStage();
    let cuts = 1;
    stage.imap.before = ({ command, socket }) => {
      if (command !== "UID MOVE" || cuts === 0) return false;
      cuts -= 1;
      socket.destroy();
      return true;
    };
    const one = draft();
    await stage.tickets.create(one, ask());
    await stage.tickets.create(one, ask());
    expect(stage.smtp.sent).toHaveLength(1);
    expect([folderOf(stage, "Podpora"), folderOf(stage, "Podpora Outbox")]).toEqual([1, 0]);
  });
});

describe("the server that sends", () => {
  test.each([
    ["login", "535 no", { code: "unavailable", message: expect.stringContaining("smtp.user and smtp.password") }],
    ["sender", "553 not yours", { code: "unavailable", message: expect.stringContaining("not yours") }],
    ["recipient", "451 greylisted, try later", { code: "unavailable", retryAfterMs: 60_000 }],
    ["recipient", "550 no such user", { code: "unavailable", message: expect.stringContaining("no such user") }],
    ["data", "554 looks like spam", { code: "invalid" }],
    ["data", "552 too big", { code: "too-large" }],
  ] as const)(
    "refuses at %s with %s: the list has no ticket, and the same ticket is created later, once",
    async (at, words, error) => {
      const stage = await mailboxStage();
      const one = draft();
      stage.smtp.refuse = { at, words };
      await expect(stage.tickets.create(one, ask())).rejects.toMatchObject(error);
      expect(await stage.tickets.list(all, ask())).toEqual({ items: [] });
      expect(folderOf(stage, "Podpora Outbox")).toBe(0);
      stage.smtp.refuse = undefined;
      await stage.tickets.create(one, ask());
      expect(stage.smtp.sent).toHaveLength(1);
    },
  );

  test("is unreachable: after a few tries it is not called for a while, and callers are told how long", async () => {
    const stage = await mailboxStage();
    const away = stage.another({ smtp: { ...stage.options.smtp, port: 1 } });
    for (let tries = 0; tries < 5; tries += 1) {
      await expect(away.tickets?.create(draft(), ask())).rejects.toMatchObject({
        code: "unavailable",
        retryAfterMs: 3000,
      });
    }
    const text = expect.stringContaining("is not called for now");
    await expect(away.tickets?.create(draft(), ask())).rejects.toMatchObject({ code: "unavailable", message: text });
    expect(folderOf(stage, "Podpora Outbox")).toBe(0);
  });

  test("is lost before its last answer: the retry is the same mail, and the thread has it once", async () => {
    const stage = await mailboxStage();
    stage.smtp.cutAfterData = true;
    const one = draft();
    await expect(stage.tickets.create(one, ask())).rejects.toMatchObject({ code: "unavailable" });
    expect([folderOf(stage, "Podpora"), folderOf(stage, "Podpora Outbox")]).toEqual([0, 1]);
    stage.smtp.cutAfterData = false;
    const { id } = await stage.tickets.create(one, ask());
    const ids = stage.smtp.sent.map((mail) => headerOf(mail, "Message-ID"));
    expect(new Set(ids).size).toBe(1);
    expect([folderOf(stage, "Podpora"), folderOf(stage, "Podpora Outbox")]).toEqual([1, 0]);
    expect((await stage.tickets.thread(id, undefined, ask())).items).toHaveLength(1);
  });

  test("is lost before its last answer, then refuses: a mail with an unknown outcome stays in the outbox", async () => {
    const stage = await mailboxStage();
    stage.smtp.cutAfterData = true;
    const one = draft();
    await expect(stage.tickets.create(one, ask())).rejects.toMatchObject({ code: "unavailable" });
    stage.smtp.cutAfterData = false;
    stage.smtp.refuse = { at: "recipient", words: "451 later" };
    await expect(stage.tickets.create(one, ask())).rejects.toMatchObject({ code: "unavailable" });
    expect(folderOf(stage, "Podpora Outbox")).toBe(1);
  });

  test("answers an agent's autoresponder before the copy is filed: the thread has both", async () => {
    const stage = await mailboxStage();
    stage.smtp.taken = (mail) =>
      void stage.imap.deliver("INBOX", answerTo(mail, "We have it.", { "Auto-Submitted": "auto-replied" }));
    const { id } = await stage.tickets.create(draft(), ask());
    const { items } = await stage.tickets.thread(id, undefined, ask());
    expect(items.map(({ author }) => author.role)).toEqual(["member", "system"]);
  });
});

describe("sizes", () => {
  test("a file over the limit, and files that are too much for one mail, are refused before anything is written", async () => {
    const stage = await mailboxStage({ maxFileBytes: 12 * 1024 * 1024 });
    const file = (size: number) => new File([new Uint8Array(size)], "a.bin");
    await expect(stage.upload(file(13 * 1024 * 1024))).rejects.toMatchObject({ code: "too-large" });
    const attachments = [
      (await stage.upload(file(10 * 1024 * 1024))).id,
      (await stage.upload(file(10 * 1024 * 1024))).id,
    ];
    await expect(stage.tickets.create({ ...draft(), attachments }, ask())).rejects.toMatchObject({ code: "too-large" });
    expect(stage.imap.folders.has("Podpora")).toBe(false);
  });

  test("25 MB of mail are sent, and the files come back byte for byte", async () => {
    const stage = await mailboxStage({ maxFileBytes: 12 * 1024 * 1024, callMs: 30_000 });
    const content = crypto.getRandomValues(new Uint8Array(65_536));
    const big = new File(
      Array.from({ length: 140 }, () => content),
      "big.bin",
    );
    const ids = [(await stage.upload(big)).id, (await stage.upload(new File([big], "second.bin"))).id];
    const { id } = await stage.tickets.create({ ...draft(), attachments: ids }, ask());
    expect(stage.smtp.sent[0]?.source.length).toBeGreaterThan(24_000_000);
    const { items } = await stage.tickets.thread(id, undefined, ask());
    const [file] = items[0]?.attachments ?? [];
    const back = await stage.uploads.download(file?.id ?? "", ask());
    expect(Buffer.from(await back.arrayBuffer()).equals(Buffer.from(await big.arrayBuffer()))).toBe(true);
  }, 60_000);

  test("a thread is read without its files", async () => {
    const stage = await mailboxStage();
    const attachment = await stage.upload(new File(["x".repeat(1000)], "a.txt", { type: "text/plain" }));
    const { id } = await stage.tickets.create({ ...draft(), attachments: [attachment.id] }, ask());
    stage.imap.asked.length = 0;
    await stage.tickets.thread(id, undefined, ask());
    const fetched = stage.imap.asked.filter((call) => call.includes("BODY.PEEK["));
    expect(fetched).toEqual([expect.stringContaining("BODY.PEEK[1]")]);
  });
});
