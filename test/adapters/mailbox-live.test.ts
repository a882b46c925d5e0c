import { afterEach, describe, expect, test, vi } from "vitest";
import type { TicketEvent } from "../../src/core/contract/adapter.ts";
import { createIndex } from "../../src/adapters/mailbox/mail-index.ts";
import { writeRecord, type SentRecord } from "../../src/adapters/mailbox/record.ts";
import { createSeal } from "../../src/adapters/mailbox/seal.ts";
import { watch } from "../../src/testing/watch.ts";
import { ana, answerTo, ask, boris, draft, mailboxStage, type MailboxStage } from "./mailbox-stage.ts";

afterEach(() => void vi.useRealTimers());

const all = { filter: "all" } as const;

async function begun(more?: Parameters<typeof mailboxStage>[0], folders: readonly string[] = []) {
  const stage = await mailboxStage(more);
  for (const name of folders) stage.imap.folders.set(name, { validity: 3, next: 1, mails: [] });
  const ticket = await stage.tickets.create(draft(), ask());
  const mail = stage.smtp.sent[0]!;
  return { ...stage, ticket, mail };
}

/** Resolves once the stream is connected. */
async function listen({ tickets }: Pick<MailboxStage, "tickets">, cursor?: string, member = ana) {
  let isConnected = false;
  const stream = watch<TicketEvent>((signal) =>
    tickets.events(cursor, { ...ask(member, signal), onConnected: () => void (isConnected = true) }),
  );
  await expect.poll(() => isConnected).toBe(true);
  return stream;
}

const says = (text: string) => (event: TicketEvent) => event.type === "message" && event.message.text === text;
const texts = (events: readonly TicketEvent[]) =>
  events.flatMap((event) => (event.type === "message" && !event.message.change ? [event.message.text] : []));

describe("an incoming mail is reported at once, by IDLE", () => {
  test("to open streams, without waiting for the next poll", async () => {
    const stage = await begun({ pollMs: 3_600_000 });
    const live = await listen(stage);
    await expect.poll(() => stage.imap.asked).toContain("IDLE");
    stage.imap.deliver("INBOX", answerTo(stage.mail, "Hello"));
    await live.until(says("Hello"), "the answer");
    await live.stop();
    await expect.poll(() => stage.imap.asked.filter((call) => call === "IDLE").length).toBe(1);
  });

  test("two answers at once are both reported, once, to each of two streams", async () => {
    const stage = await begun();
    const [one, other] = [await listen(stage), await listen(stage)];
    const second = 1000;
    const at = new Date(Math.floor(Date.now() / second) * second);
    stage.imap.deliver("INBOX", answerTo(stage.mail, "first"), at);
    stage.imap.deliver("INBOX", answerTo(stage.mail, "second"), at);
    for (const stream of [one, other]) {
      await stream.until(says("second"), "the second answer");
      await stream.stop();
      expect(texts(stream.seen)).toEqual(["first", "second"]);
    }
  });

  test("an idle connection that died is noticed, and replaced", async () => {
    const stage = await begun({ pollMs: 3_600_000, callMs: 2000 });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const stream = watch<TicketEvent>((signal) => stage.tickets.events(undefined, ask(ana, signal)));
    const idles = () => stage.imap.asked.filter((call) => call === "IDLE").length;
    const until = async (count: number) =>
      await vi.waitUntil(() => idles() === count, { timeout: 10_000, interval: 5 });
    await until(1);
    // Dead: it accepts data, but no longer answers.
    stage.imap.before = ({ command }) => command === "DONE" || command === "NOOP";
    await vi.advanceTimersByTimeAsync(60_000);
    await vi.waitUntil(() => stage.imap.connections() <= 1, { timeout: 10_000, interval: 5 });
    stage.imap.before = undefined;
    await vi.advanceTimersByTimeAsync(2000);
    await until(2);
    vi.useRealTimers();
    stage.imap.deliver("INBOX", answerTo(stage.mail, "after it"));
    await stream.until(says("after it"), "what came after it");
    await stream.stop();
  });

  test("a stream whose mailbox is unreachable ends with an error, and a new one resumes where it stopped", async () => {
    const stage = await begun({ pollMs: 100 });
    const live = await listen(stage);
    stage.imap.deliver("INBOX", answerTo(stage.mail, "before"));
    await live.until(says("before"), "what came before");
    await expect.poll(() => live.cursor()).toBeDefined();
    const { port } = stage.imap;
    await stage.imap.stop();
    await expect(live.until(says("never"), "the end")).rejects.toMatchObject({
      code: expect.stringMatching(/unavailable|timeout/),
    });
    await stage.imap.start(port);
    stage.imap.deliver("INBOX", answerTo(stage.mail, "meanwhile"));
    const again = stage.another({ callMs: 5000 });
    const resumed = await listen({ tickets: again.tickets as MailboxStage["tickets"] }, live.cursor());
    await resumed.until(says("meanwhile"), "what came meanwhile");
    await resumed.stop();
    expect(texts(resumed.seen)).toEqual(["meanwhile"]);
  });
});

describe("a cursor", () => {
  test("returns exactly the later events from any position, also at another copy of the gateway", async () => {
    const stage = await begun();
    const live = await listen(stage);
    for (const text of ["one", "two", "three"]) stage.imap.deliver("INBOX", answerTo(stage.mail, text));
    await live.until(says("three"), "the third");
    await stage.tickets.reply(stage.ticket.id, { clientId: "r", text: "four" }, ask());
    await live.until(says("four"), "the fourth");
    await live.stop();
    const told = texts(live.seen);
    expect(told).toEqual(["one", "two", "three", "four"]);
    const places = live.seen.flatMap((event, index) =>
      event.cursor === undefined ? [] : [[event.cursor, index] as const],
    );
    expect(places.length).toBeGreaterThan(3);
    for (const [cursor, index] of places) {
      const copy = stage.another().tickets as MailboxStage["tickets"];
      const resumed = await listen({ tickets: copy }, cursor);
      const rest = told.slice(texts(live.seen.slice(0, index + 1)).length);
      if (rest.length > 0) await resumed.until(says("four"), "the rest");
      await resumed.stop();
      expect(texts(resumed.seen)).toEqual(rest);
    }
  });

  test("covers a hundred answers at once", async () => {
    const stage = await begun();
    const live = await listen(stage);
    for (let index = 0; index < 100; index += 1) stage.imap.deliver("INBOX", answerTo(stage.mail, `${index}`));
    await live.until(says("99"), "the last");
    await live.until((event) => event.type === "ticket" && live.seen.indexOf(event) >= 100, "the ticket after it");
    await live.stop();
    const resumed = await listen(stage, live.cursor());
    stage.imap.deliver("INBOX", answerTo(stage.mail, "next"));
    await resumed.until(says("next"), "what came after it");
    await resumed.stop();
    expect(texts(resumed.seen)).toEqual(["next"]);
  });

  test("of a mailbox that has new UIDs now is refused; the threads, their ids and files stay", async () => {
    const stage = await begun();
    const live = await listen(stage);
    stage.imap.deliver("INBOX", answerTo(stage.mail, "Hello"));
    await live.until(says("Hello"), "the answer");
    const cursor = live.cursor();
    const before = await stage.tickets.thread(stage.ticket.id, undefined, ask());
    for (const folder of stage.imap.folders.values()) {
      folder.validity += 1;
      folder.next = 500;
      for (const mail of folder.mails) mail.uid = folder.next++;
    }
    stage.imap.cut();
    expect(await stage.tickets.thread(stage.ticket.id, undefined, ask())).toEqual(before);
    expect(await stage.tickets.counts(ask())).toEqual({ open: 0, awaiting: 1, all: 1 });
    await live.stop();
    expect(texts(live.seen)).toEqual(["Hello"]);
    const anew = stage.tickets.events(cursor, ask())[Symbol.asyncIterator]().next();
    await expect(anew).rejects.toMatchObject({ code: "invalid" });
  });

  test.each([
    "",
    "x",
    "7-1.a.b",
    "7-1_8-1..",
    "7-1_7-1_7-1..",
    "7-1_7-1.m00000000.zzzzzzzzzz",
    `7-1_7-1.${"m00000000-".repeat(200)}.`,
    "' OR 1=1",
  ])("that was never issued is refused: %j", async (cursor) => {
    const stage = await begun();
    const next = stage.tickets.events(cursor, ask())[Symbol.asyncIterator]().next();
    await expect(next).rejects.toMatchObject({ code: "invalid" });
  });

  test("of another member reveals nothing of theirs", async () => {
    const stage = await begun();
    const live = await listen(stage);
    stage.imap.deliver("INBOX", answerTo(stage.mail, "for Ana"));
    await live.until(says("for Ana"), "the answer");
    await live.stop();
    const theirs = await listen(stage, live.cursor(), boris);
    const { id } = await stage.tickets.create(draft(), ask(boris));
    await theirs.until((event) => event.type === "ticket" && event.ticket.id === id, "their own");
    await theirs.stop();
    // What they cannot see is gone for them, as what was never there.
    expect(
      theirs.seen.filter((event) => event.type !== "removed" && JSON.stringify(event).includes(stage.ticket.id)),
    ).toEqual([]);
  });
});

describe("mails that are moved or deleted in the mailbox", () => {
  test("an answer that is moved to another read folder is the same message, reported once", async () => {
    const stage = await begun({ inbox: ["INBOX", "Archive"] }, ["Archive"]);
    const live = await listen(stage);
    stage.imap.deliver("INBOX", answerTo(stage.mail, "Hello"));
    await live.until(says("Hello"), "the answer");
    const before = await stage.tickets.thread(stage.ticket.id, undefined, ask());
    const { source, date } = stage.imap.remove("INBOX", 0);
    stage.imap.deliver("Archive", source, date);
    expect(await stage.tickets.thread(stage.ticket.id, undefined, ask())).toEqual(before);
    stage.imap.deliver("INBOX", answerTo(stage.mail, "again"));
    await live.until(says("again"), "the next");
    await live.stop();
    expect(texts(live.seen)).toEqual(["Hello", "again"]);
    const copied = await stage.tickets.thread(stage.ticket.id, undefined, ask());
    expect(copied.items.filter(({ change }) => !change).map(({ text }) => text)).toEqual([
      draft().text,
      "Hello",
      "again",
    ]);
  });

  test("an answer that is moved elsewhere is no longer in the thread, and its state is as before it", async () => {
    const stage = await begun();
    stage.imap.deliver("INBOX", answerTo(stage.mail, "Hello"));
    expect(await stage.tickets.get(stage.ticket.id, ask())).toMatchObject({ status: "awaiting" });
    stage.imap.folder("INBOX").mails.length = 0;
    expect(await stage.tickets.get(stage.ticket.id, ask())).toMatchObject({ status: "open" });
    expect((await stage.tickets.thread(stage.ticket.id, undefined, ask())).items).toHaveLength(1);
  });

  test("a mail that goes between the look and the reading is left out, and the rest is shown", async () => {
    const stage = await begun();
    stage.imap.deliver("INBOX", answerTo(stage.mail, "stays"));
    stage.imap.deliver("INBOX", answerTo(stage.mail, "goes"));
    await stage.tickets.get(stage.ticket.id, ask());
    stage.imap.before = ({ command, text }) => {
      if (command === "UID FETCH" && text.includes("BODYSTRUCTURE")) stage.imap.folder("INBOX").mails.splice(1, 1);
      return false;
    };
    const { items } = await stage.tickets.thread(stage.ticket.id, undefined, ask());
    expect(items.filter(({ change }) => !change).map(({ text }) => text)).toEqual([draft().text, "stays"]);
  });
});

describe("a large mailbox", () => {
  test("10,000 threads are read once; after that a list asks no more than of ten", async () => {
    const stage = await begun({ callMs: 30_000 });
    const [kept] = stage.imap.folder("Podpora").mails;
    const seal = createSeal([String(stage.options.secret)]);
    const folder = stage.imap.folder("Podpora");
    for (let index = 0; index < 10_000; index += 1) {
      const thread = seal.threadId("ana", `draft ${index}`);
      const title = `Ticket ${index}`;
      const record: SentRecord = {
        thread,
        owner: seal.owner("ana"),
        kind: "ticket",
        clientId: `draft ${index}`,
        at: index,
        length: 0,
        title,
        files: [],
      };
      const header = `X-Podpora-Record: ${writeRecord(record, seal).replaceAll(" ", "\r\n ")}\r\nMessage-ID: <${index}@x>\r\n\r\nx`;
      folder.mails.push({ uid: folder.next++, source: Buffer.from(header), date: kept!.date });
    }
    expect(await stage.tickets.counts(ask())).toEqual({ open: 10_001, awaiting: 0, all: 10_001 });
    stage.imap.asked.length = 0;
    const page = await stage.tickets.list({ ...all, search: "ticket 9999" }, ask());
    expect(page.items.map(({ title }) => title)).toEqual(["Ticket 9999"]);
    expect((await stage.tickets.list(all, ask())).items).toHaveLength(20);
    // Of a folder that is as it was, it is asked whether it is.
    const asked = new Set(stage.imap.asked.map((call) => call.split(" ").slice(0, 2).join(" ")));
    expect([...asked].toSorted()).toEqual(["NOOP", "STATUS INBOX", "STATUS Podpora"]);
    stage.imap.deliver("INBOX", answerTo(stage.mail, "one more"));
    await stage.tickets.list(all, ask());
    expect(stage.imap.asked.filter((call) => call.startsWith("UID FETCH"))).toHaveLength(1);
  }, 60_000);

  test("calls that come at once look once for all of them", async () => {
    const stage = await begun();
    stage.imap.asked.length = 0;
    await Promise.all(Array.from({ length: 50 }, async () => await stage.tickets.list(all, ask())));
    expect(stage.imap.asked.filter((call) => call.startsWith("STATUS INBOX")).length).toBeLessThanOrEqual(2);
  });

  test("what is kept in memory has a bound: the threads that changed last stay", () => {
    const index = createIndex(3);
    const entry = (thread: string, key: string, kind: "ticket" | "answer") => ({
      key,
      thread,
      kind,
      at: 1,
      messageId: key,
      subject: "",
      answers: [],
      author: { id: "x" },
      ...(kind === "ticket"
        ? { record: { thread, owner: "ana", kind, clientId: key, at: 1, length: 0, files: [] } }
        : {}),
    });
    const place = (uid: number) => ({ folder: "INBOX", validity: "1", uid });
    for (const [at, id] of ["a", "b", "c"].entries()) index.add(entry(id, "head", "ticket"), place(at));
    index.add(entry("a", "more", "answer"), place(9));
    expect(
      index
        .threadsOf(["ana"])
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(["a", "c"]);
    expect(index.thread("b")).toBeUndefined();
  });
});
