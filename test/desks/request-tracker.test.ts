import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, afterEach, describe, expect, inject, test } from "vitest";
import { requestTracker, type RequestTrackerOptions } from "../../src/adapters/request-tracker/index.ts";
import type { Adapter, Erasure, Finding, Member, TicketsApi, UploadsApi } from "../../src/core/contract/adapter.ts";
import { filesIn } from "../../src/gateway/held-files.ts";
import { allPagesBefore, by, uuid } from "../../src/testing/case.ts";
import { picture } from "../../src/testing/upload-cases.ts";
import { watch } from "../../src/testing/watch.ts";
import { temporaryFolder } from "../demo/folder.ts";
import { counted } from "../../src/testing/counted.ts";
import { withGateway } from "../../src/testing/index.ts";
import { openProxy, type Proxy } from "./fault-proxy.ts";
import { expectOddIdsAbsent } from "./odd-ids.ts";
import {
  attachmentsOf,
  call,
  change,
  customFieldsOf,
  hookSecret,
  newMember,
  newUser,
  reply,
  tokenOf,
  transactionsOf,
  url,
} from "./request-tracker-desk.ts";
import { fillMailbox, giveAddress } from "./request-tracker-mailbox.ts";

const good = { url: "https://rt.example.org", token: "1-29-9be4dd94", queue: "Support" };

test.each([
  [{ url: "rt.example.org" }, "url"],
  [{ url: "https://rt.example.org/?x=1" }, "url"],
  [{ token: "secret" }, "token"],
  [{ queue: " " }, "queue"],
  [{ fields: ["Product", "Product"] }, "fields"],
  [{ maxFileBytes: 0 }, "maxFileBytes"],
  [{ hookSecret: "short" }, "hookSecret"],
  [{ pollMs: 0 }, "pollMs"],
  [{ callMs: -1 }, "callMs"],
  [{ statuses: { resolved: [] } }, "statuses.resolved"],
  [{ statuses: { awaiting: ["open"] } }, "statuses"],
  [{ statuses: { reopenTo: "stalled" } }, "statuses.reopenTo"],
] as const)("the option in %o is refused by its name", (wrong, name) => {
  expect(() => requestTracker({ ...good, ...wrong })).toThrow(TypeError);
  expect(() => requestTracker({ ...good, ...wrong })).toThrow(`"${name}"`);
});

describe.skipIf(!inject("desks").includes("request-tracker"))("Request Tracker", async () => {
  const folder = await temporaryFolder();
  const files = filesIn(folder.path);
  afterAll(folder.remove);
  const ending: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).toReversed()) await end();
  });

  interface Whole extends Adapter {
    readonly tickets: Required<TicketsApi>;
    readonly uploads: Required<UploadsApi>;
  }
  function start(more: Partial<RequestTrackerOptions> = {}): Whole {
    const adapter = withGateway(
      requestTracker({ url, token: tokenOf("gateway"), queue: "Support", files, pollMs: 200, ...more }),
    );
    ending.push(() => adapter.dispose?.());
    return adapter as Whole;
  }

  test("the command that the erasure prints erases what RT kept", async () => {
    const adapter = start({ files });
    const [me, them] = [newMember({ email: `o'brien-${uuid().slice(0, 8)}@example.org` }), newMember()];
    const draft = () => ({ clientId: uuid(), title: "Naročilo", text: "My secret" });
    const own = await adapter.tickets.create(draft(), by(me));
    await adapter.tickets.reply(own.id, { clientId: uuid(), text: "More of it" }, by(me));
    const other = await adapter.tickets.create(draft(), by(them));
    const told: Erasure[] = [];
    for await (const each of adapter.erase?.(me, { remove: true, signal: AbortSignal.timeout(60_000) }) ?? [])
      told.push(each);
    expect(told).toMatchObject([
      { outcome: "kept", text: expect.stringContaining(`#${own.number}`) },
      { outcome: "kept", text: expect.stringContaining(me.email ?? "") },
    ]);
    const command = told[0]?.fix?.replace("On RT's machine: ", "") ?? "";
    await promisify(execFile)("sh", ["-ec", command]);
    await expect(call("root", `/ticket/${own.id}`)).rejects.toThrow(/404/);
    expect((await adapter.tickets.get(other.id, by(them))).title).toBe("Naročilo");
  });
  async function proxied(more: Partial<RequestTrackerOptions> = {}): Promise<{ proxy: Proxy; adapter: Whole }> {
    const proxy = await openProxy(url);
    ending.push(() => proxy.close());
    return { proxy, adapter: start({ url: proxy.url, ...more }) };
  }
  function large(name: string, size: number): File {
    const bytes = new Uint8Array(size);
    crypto.getRandomValues(bytes.subarray(0, 60_000));
    return new File([bytes], name, { type: "image/png" });
  }
  const draft = (more: object = {}) => ({
    clientId: uuid(),
    title: "Naročila ni mogoče oddati",
    text: "Opis.",
    ...more,
  });
  function listen(adapter: Adapter, member: Member, cursor?: string) {
    const { adapter: watched, listeners } = counted(adapter);
    const live = watch((signal) => watched.tickets!.events!(cursor, by(member, signal)));
    ending.push(async () => await live.stop().catch(() => undefined));
    return { live, stands: async () => await expect.poll(listeners, { timeout: 5000 }).toBe(1) };
  }
  const lines = (findings: readonly Finding[], level: Finding["level"]) =>
    findings.flatMap((finding) => (finding.level === level ? [finding.text] : []));
  async function findingsOf(adapter: Adapter): Promise<readonly Finding[]> {
    const findings: Finding[] = [];
    for await (const finding of adapter.check!(new AbortController().signal)) findings.push(finding);
    expect(findings.filter(({ level, fix }) => level !== "good" && !fix)).toEqual([]);
    return findings;
  }

  describe("the caller", () => {
    test.each([
      ["nobody", undefined, "unauthorized"],
      ["a guest with an address", { id: "g", email: "guest@example.org", guest: true }, "forbidden"],
      ["a member without an address", { id: "m" }, "forbidden"],
      ["an address that is none", { id: "m", email: "lena" }, "forbidden"],
      ["two addresses", { id: "m", email: "lena@example.org, nina@podpora.test" }, "forbidden"],
      ["a quoted local part", { id: "m", email: "\"x' OR id > 0 OR '\"@example.org" }, "forbidden"],
      ["an address over two lines", { id: "m", email: "lena@example.org\nCc: x@example.org" }, "forbidden"],
      ["a backslash", { id: "m", email: "lena\\'@example.org" }, "forbidden"],
      ["a Kelvin sign for a k", { id: "m", email: "\u212Aate@example.org" }, "forbidden"],
      ["an accent of its own", { id: "m", email: "a\u0301na@example.org" }, "forbidden"],
    ] as const)("%s is refused everywhere, and no ticket is made", async (_, member, code) => {
      const { proxy, adapter } = await proxied();
      const { tickets, uploads } = adapter;
      const { member: _nobody, ...nameless } = by({ id: "" });
      const ctx = member === undefined ? nameless : by(member);
      const calls = [
        tickets.create(draft(), ctx),
        tickets.list({ filter: "all" }, ctx),
        tickets.counts(ctx),
        tickets.get("1", ctx),
        tickets.thread("1", undefined, ctx),
        tickets.reply("1", { clientId: uuid(), text: "x" }, ctx),
        tickets.setStatus("1", "resolved", ctx),
        tickets.rate("1", { score: 1 }, ctx),
        tickets.fields(ctx),
        uploads.upload(picture(), ctx),
        uploads.download("1-1", ctx),
        tickets.events(undefined, ctx)[Symbol.asyncIterator]().next(),
      ];
      for (const outcome of await Promise.allSettled(calls)) expect(outcome).toMatchObject({ reason: { code } });
      expect(proxy.asked).toEqual([]);
    });

    test("a member unknown to RT has empty lists, and reading creates no user", async () => {
      const member = newMember();
      const { tickets } = start();
      expect(await tickets.list({ filter: "all" }, by(member))).toEqual({ items: [] });
      expect(await tickets.counts(by(member))).toEqual({ open: 0, awaiting: 0, all: 0 });
      await expect(call("root", `/user/${member.email}`)).rejects.toThrow("404");
    });

    test.each(["o'brien", "x'OR'1'='1", "%", "_", "a+b=c*d", "#1", "__CurrentUser__"])(
      "an address that begins with %s finds its own tickets alone",
      async (local) => {
        const member = newMember({ email: `${local}.${uuid().slice(0, 8)}@example.org` });
        const { tickets } = start();
        expect((await tickets.list({ filter: "all" }, by(member))).items).toEqual([]);
        const made = await tickets.create(draft(), by(member));
        expect((await tickets.list({ filter: "all" }, by(member))).items.map(({ id }) => id)).toEqual([made.id]);
        expect(
          (await tickets.list({ filter: "all" }, by({ ...member, email: member.email!.toUpperCase() }))).items,
        ).toHaveLength(1);
      },
    );

    test("an address of two users is refused for both", async () => {
      const [one, two] = [await newUser(), await newUser()];
      await start().tickets.create(draft(), by(one.member));
      giveAddress(two.username, one.member.email!);
      const { tickets } = start();
      await expect(tickets.list({ filter: "all" }, by(one.member))).rejects.toMatchObject({ code: "forbidden" });
      await expect(tickets.create(draft(), by(one.member))).rejects.toMatchObject({ code: "forbidden" });
    });

    test("a member's name in any script is stored at their user and shown on their messages", async () => {
      for (const name of ["王小明", "محمد عبد الله", 'Lena "Lu" <x@y.z>, \\ O\'Hara 🐎']) {
        const member = newMember({ name });
        const { tickets } = start();
        const { id } = await tickets.create(draft(), by(member));
        const { author } = await tickets.reply(id, { clientId: uuid(), text: "Še nekaj." }, by(member));
        expect(author).toEqual({ id: member.id, name, role: "member" });
        const clean = name.replaceAll(/[\s<>"\\]+/g, " ").trim();
        expect(await call("root", `/user/${member.email}`)).toMatchObject({
          RealName: clean,
          EmailAddress: member.email,
        });
        const path = `/ticket/${id}/history?fields=Type,CustomFields&per_page=100`;
        expect(JSON.stringify(await call("nina", path))).toContain(
          JSON.stringify(`${clean} <${member.email}>`).slice(1, -1),
        );
      }
    });

    test("a password that Basic authentication can't contain is refused as wrong, and so is signing in as another user", async () => {
      const { username, password, member } = await newUser();
      const { accounts } = start();
      const ctx = { signal: new AbortController().signal, locale: "sl" };
      const signIn = async (name: string, word: string) =>
        await accounts!.signIn({ username: name, password: word }, ctx);
      expect(await signIn(username, password)).toEqual({ id: member.id, name: "Lena Žagar", email: member.email });
      for (const [name, word] of [
        [username, "č"],
        [`${username}:x`, password],
        ["../user/nina", password],
        [`${username}\n`, password],
        ["", password],
      ] as const) {
        await expect(signIn(name, word)).rejects.toMatchObject({ code: "unauthorized" });
      }
    });
  });

  describe("agents", () => {
    test("an internal note and its file are hidden from the member, even if the gateway's account may see them", async () => {
      const member = newMember();
      const { tickets, uploads } = start({ token: tokenOf("curious") });
      const { id } = await tickets.create(draft(), by(member));
      const { live, stands } = listen(start({ token: tokenOf("curious") }), member);
      await stands();
      const note = { FileName: "note.txt", FileType: "text/plain", FileContent: btoa("secret file") };
      await call("nina", `/ticket/${id}/comment`, {
        Content: "secret words",
        ContentType: "text/plain",
        Attachments: [note],
      });
      await reply(id, "A word for you.");
      await live.until((event) => event.type === "message" && event.message.text === "A word for you.", "the reply");
      const thread = await tickets.thread(id, undefined, by(member));
      const found = await tickets.list({ filter: "all", search: "secret" }, by(member));
      expect(JSON.stringify([live.seen, thread, found])).not.toContain("secret");
      const secret = (await attachmentsOf(id)).find(({ Filename }) => Filename === "note.txt");
      const download = uploads.download(`${id}-${secret?.id ?? ""}`, by(member));
      await expect(download).rejects.toMatchObject({ code: "not-found" });
    });

    test("a file of another member's ticket can't be read with any ticket id", async () => {
      const [mine, other] = [newMember(), newMember()];
      const { tickets, uploads } = start();
      const held = await uploads.upload(picture(), by(other));
      const theirs = await tickets.create(draft({ attachments: [held.id] }), by(other));
      const own = await tickets.create(draft(), by(mine));
      const [shown] = (await tickets.thread(theirs.id, undefined, by(other))).items[0]?.attachments ?? [];
      expect((await uploads.download(shown?.id ?? "", by(other))).size).toBe(2048);
      const attachment = shown?.id.split("-")[1] ?? "";
      const { proxy, adapter } = await proxied();
      for (const id of [shown?.id ?? "", `${own.id}-${attachment}`, `${own.id}-999999`, attachment, held.id]) {
        await expect(adapter.uploads.download(id, by(mine))).rejects.toMatchObject({ code: "not-found" });
      }
      // Not a byte of it came as far as the gateway.
      expect(proxy.asked.filter((asked) => asked.includes("/attachment/"))).toEqual([]);
    });

    test("a ticket that an agent creates for a member belongs to the member, with the agent's first message", async () => {
      const member = newMember();
      const { tickets } = start({ pollMs: 100 });
      const { live, stands } = listen(start({ pollMs: 100 }), member);
      await stands();
      const words = { Content: "You called.", ContentType: "text/plain" };
      await call("nina", "/ticket", { Queue: "Support", Subject: "By phone", Requestor: member.email, ...words });
      await live.until(({ type }) => type === "ticket", "the ticket");
      const [ticket] = (await tickets.list({ filter: "open" }, by(member))).items;
      expect(ticket).toMatchObject({ title: "By phone", updatedBy: "agent" });
      const { items } = await tickets.thread(ticket?.id ?? "", undefined, by(member));
      expect(items).toMatchObject([{ text: "You called.", author: { name: "Nina Agent", role: "agent" } }]);
      expect(live.seen).toMatchObject([{ type: "message", message: { text: "You called." } }, { type: "ticket" }]);
    });

    test("a message that another program writes with the gateway's account arrives once", async () => {
      const member = newMember();
      const { tickets } = start({ pollMs: 100 });
      const { id } = await tickets.create(draft(), by(member));
      const { live, stands } = listen(start({ pollMs: 100 }), member);
      await stands();
      await call("gateway", `/ticket/${id}/correspond`, { Content: "From elsewhere.", ContentType: "text/plain" });
      await tickets.reply(id, { clientId: uuid(), text: "From here." }, by(member));
      await live.until((event) => event.type === "message" && event.message.text === "From here.", "the last words");
      const said = live.seen.flatMap((event) => (event.type === "message" ? [event.message] : []));
      expect(said.map(({ text, clientId }) => [text, clientId !== undefined])).toEqual([
        ["From elsewhere.", false],
        ["From here.", true],
      ]);
    });

    test("an HTML mail is converted to markup, with its picture", async () => {
      const member = newMember();
      const { tickets } = start();
      const { id } = await tickets.create(draft(), by(member));
      const html = "<p>Dober <b>dan</b>,</p><ul><li>ena</li></ul><script>alert(1)</script>";
      await call("nina", `/ticket/${id}/correspond`, { Content: html, ContentType: "text/html" });
      const { items } = await tickets.thread(id, undefined, by(member));
      expect(items.at(-1)).toMatchObject({
        text: "Dober **dan**,\n\n- ena",
        author: { name: "Nina Agent", role: "agent" },
      });
    });

    // That it was moved is found out by looking again and again: on a busy machine that takes its time.
    test(
      "a ticket merged into another, moved to another queue, or given to another member is gone for its own",
      { timeout: 120_000 },
      async () => {
        const member = newMember();
        const { tickets } = start({ pollMs: 60 });
        const make = async (title: string) => (await tickets.create(draft({ title }), by(member))).id;
        const [kept, merged, moved, given] = [
          await make("kept"),
          await make("merged"),
          await make("moved"),
          await make("given"),
        ];
        const { live, stands } = listen(start({ pollMs: 60 }), member);
        await stands();
        await change(merged, { MergeInto: kept });
        await change(moved, { Queue: "Elsewhere" });
        await change(given, { Requestor: "somebody.else@example.org" });
        for (const id of [merged, moved, given]) {
          const isGone = () => live.seen.some((event) => event.type === "removed" && event.ticketId === id);
          await expect.poll(isGone, { timeout: 60_000, message: `the removal of ${id}` }).toBe(true);
          await expect(tickets.get(id, by(member))).rejects.toMatchObject({ code: "not-found" });
          await expect(tickets.thread(id, undefined, by(member))).rejects.toMatchObject({ code: "not-found" });
          const answer = tickets.reply(id, { clientId: uuid(), text: "x" }, by(member));
          await expect(answer).rejects.toMatchObject({ code: "not-found" });
        }
        expect((await tickets.list({ filter: "all" }, by(member))).items.map(({ id }) => id)).toEqual([kept]);
      },
    );

    test("statuses of a custom lifecycle are mapped by the options; any other is open and keeps its name", async () => {
      const member = newMember();
      const second = { token: tokenOf("second"), queue: "Feedback" };
      const set = start({ ...second, statuses: { awaiting: ["awaiting feedback"], resolved: ["resolved"] } });
      const { id } = await set.tickets.create(draft(), by(member));
      await change(id, { Status: "awaiting feedback" });
      expect(await set.tickets.get(id, by(member))).toMatchObject({ status: "awaiting" });
      expect(await set.tickets.get(id, by(member))).not.toHaveProperty("statusLabel");
      const unset = start(second);
      expect(await unset.tickets.get(id, by(member))).toMatchObject({
        status: "open",
        statusLabel: "awaiting feedback",
      });
      expect((await unset.tickets.list({ filter: "open" }, by(member))).items).toHaveLength(1);
      await set.tickets.reply(id, { clientId: uuid(), text: "Answer." }, by(member));
      expect(await set.tickets.get(id, by(member))).toMatchObject({ status: "open" });
      const wrong = start({ ...second, statuses: { resolved: ["no such status"] } });
      await expect(wrong.tickets.setStatus(id, "resolved", by(member))).rejects.toMatchObject({ code: "unavailable" });
      const other = start();
      await expect(other.tickets.get(id, by(member))).rejects.toMatchObject({ code: "not-found" });
    });
  });

  describe("failures", () => {
    test("an RT that is down or answers with HTML is unavailable; a slow one works", async () => {
      const member = newMember();
      const down = start({ url: "http://127.0.0.1:9" });
      await expect(down.tickets.list({ filter: "all" }, by(member))).rejects.toMatchObject({ code: "unavailable" });
      const { proxy, adapter } = await proxied({ callMs: 15_000 });
      const list = async () => await adapter.tickets.list({ filter: "all" }, by(member));
      proxy.set(() => ({ status: 200, headers: { "Content-Type": "text/html" }, body: "<html>" }));
      await expect(list()).rejects.toMatchObject({ code: "unavailable" });
      proxy.set(() => ({ status: 302, headers: { Location: "/NoAuth/Login.html" } }));
      await expect(list()).rejects.toMatchObject({ code: "unavailable" });
      proxy.set(() => ({ status: 200, headers: { "Content-Type": "application/json" }, body: '{"items":7}' }));
      await expect(list()).rejects.toMatchObject({ code: "unknown" });
      proxy.set((asked) => (asked.url?.includes("/tickets") ? { delayMs: 10_000 } : undefined));
      expect(await list()).toEqual({ items: [] });
    });

    test("an answer after the limit is a time-out", async () => {
      const { proxy, adapter } = await proxied({ callMs: 200 });
      proxy.set(() => ({ delayMs: 1000 }));
      await expect(adapter.tickets.counts(by(newMember()))).rejects.toMatchObject({ code: "timeout" });
    });

    test("a wrong token, an unknown queue and a missing right are reported with the reason", async () => {
      const member = newMember();
      const wrong = start({ token: "1-29-00000000000000000000000000000000" });
      await expect(wrong.tickets.list({ filter: "all" }, by(member))).rejects.toMatchObject({ code: "unavailable" });
      const nowhere = start({ queue: "Nowhere" });
      await expect(nowhere.tickets.create(draft(), by(member))).rejects.toMatchObject({ code: "forbidden" });
      const limited = start({ token: tokenOf("limited"), queue: "Plain" });
      const refused = limited.tickets.create(draft(), by(member));
      await expect(refused).rejects.toThrow('custom field "Podpora Ref"');
    });

    test("a write whose answer was lost is not repeated", async () => {
      const member = newMember();
      const { proxy, adapter } = await proxied();
      const lost = draft();
      proxy.set((asked) => (asked.method === "POST" && asked.url?.endsWith("/ticket") ? "lose" : undefined));
      const made = await adapter.tickets.create(lost, by(member));
      proxy.set(undefined);
      expect((await adapter.tickets.create(lost, by(member))).id).toBe(made.id);
      const said = { clientId: uuid(), text: "Enkrat." };
      proxy.set((asked) => (asked.url?.endsWith("/correspond") ? "lose" : undefined));
      await adapter.tickets.reply(made.id, said, by(member));
      proxy.set(undefined);
      // Another copy of the gateway, which knows nothing of the first one's calls.
      await start().tickets.reply(made.id, said, by(member));
      expect(await start().tickets.counts(by(member))).toMatchObject({ all: 1 });
      expect((await transactionsOf(made.id)).filter(({ Type }) => Type === "Correspond")).toHaveLength(1);
    });

    test("a connection lost in the middle of a file creates nothing, and a retry creates one ticket with the file", async () => {
      const member = newMember();
      const { proxy, adapter } = await proxied();
      const file = large("zaslon.png", 300_000);
      const { id } = await adapter.uploads.upload(file, by(member));
      const whole = draft({ attachments: [id] });
      proxy.set((asked) => (asked.method === "POST" && asked.url?.endsWith("/ticket") ? "cut" : undefined));
      await expect(adapter.tickets.create(whole, by(member))).rejects.toMatchObject({ code: "unavailable" });
      proxy.set(undefined);
      expect(await adapter.tickets.counts(by(member))).toMatchObject({ all: 0 });
      const made = await adapter.tickets.create(whole, by(member));
      const [shown] = (await adapter.tickets.thread(made.id, undefined, by(member))).items[0]?.attachments ?? [];
      expect(shown).toMatchObject({ name: "zaslon.png", bytes: 300_000 });
      const back = await adapter.uploads.download(shown?.id ?? "", by(member));
      expect(Buffer.from(await back.arrayBuffer()).equals(Buffer.from(await file.arrayBuffer()))).toBe(true);
    });

    test("a stream stays open while RT is down, and reports missed changes afterwards", async () => {
      const member = newMember();
      const { proxy, adapter } = await proxied();
      const { id } = await adapter.tickets.create(draft(), by(member));
      const { live, stands } = listen(adapter, member);
      await stands();
      await reply(id, "one");
      await live.until((event) => event.type === "message" && event.message.text === "one", "the reply");
      proxy.set(() => "refuse");
      await expect(adapter.tickets.counts(by(member))).rejects.toMatchObject({ code: "unavailable" });
      await reply(id, "two");
      proxy.set(undefined);
      const texts = () => live.seen.flatMap((event) => (event.type === "message" ? [event.message.text] : []));
      // A desk that did not answer is left alone for some seconds.
      await expect.poll(texts, { timeout: 20_000 }).toEqual(["one", "two"]);
    });
  });

  describe("files", () => {
    test("a file that RT replaces by a note is reported as too large", async () => {
      const member = newMember();
      const { tickets, uploads } = start({ maxFileBytes: 11 * 1024 * 1024 });
      const { id } = await uploads.upload(large("velika.png", 8 * 1024 * 1024), by(member));
      await expect(tickets.create(draft({ attachments: [id] }), by(member))).rejects.toMatchObject({
        code: "too-large",
      });
    });

    test("names in any script and text in any encoding are returned unchanged", async () => {
      const member = newMember();
      const { tickets, uploads } = start();
      const sent = [
        new File(["1"], "截圖 2026.txt", { type: "text/plain" }),
        new File(["2"], "لقطة شاشة.pdf", { type: "application/pdf" }),
        new File(["3"], "🐎 'x'; y=1, z.bin", { type: "" }),
        new File([new Uint8Array([0x61, 0x0d, 0x0a, 0xe9, 0x0d])], "latin.txt", { type: "text/plain" }),
        new File(["From: a@example.org\n\nč"], "wrong.txt", { type: "text/plain; charset=utf-16" }),
        new File(["From: a@example.org\nTo: b@example.org\n\nx"], "mail.eml", { type: "message/rfc822" }),
        new File(["--x\nContent-Type: text/plain\n\nx\n--x--\n"], "parts", { type: "multipart/mixed; boundary=x" }),
      ];
      const held = await Promise.all(sent.map(async (file) => (await uploads.upload(file, by(member))).id));
      const { id } = await tickets.create(draft({ attachments: held }), by(member));
      const shown = (await tickets.thread(id, undefined, by(member))).items[0]?.attachments ?? [];
      expect(shown.map(({ name }) => name)).toEqual(sent.map(({ name }) => name));
      for (const [index, { id: attachmentId }] of shown.entries()) {
        const back = await uploads.download(attachmentId, by(member));
        expect(Buffer.from(await back.arrayBuffer())).toEqual(Buffer.from(await sent[index]!.arrayBuffer()));
      }
    });

    test("a reply's file can still be read by the id of its upload, at each copy of the gateway", async () => {
      const member = newMember();
      const { tickets, uploads } = start();
      const { id } = await tickets.create(draft(), by(member));
      const held = await uploads.upload(picture(), by(member));
      const { attachments } = await tickets.reply(
        id,
        { clientId: uuid(), text: "", attachments: [held.id] },
        by(member),
      );
      expect(attachments).toMatchObject([{ id: held.id }]);
      const other = start({ files: filesIn(folder.path) });
      for (const copy of [uploads, other.uploads]) {
        expect((await copy.download(held.id, by(member))).size).toBe(2048);
        await expect(copy.download(held.id, by(newMember()))).rejects.toMatchObject({ code: "not-found" });
      }
      const [, shown] = (await other.tickets.thread(id, undefined, by(member))).items;
      expect((await other.uploads.download(shown?.attachments?.[0]?.id ?? "", by(member))).size).toBe(2048);
    });

    test("while RT is down, a file is unavailable, not missing", async () => {
      const member = newMember();
      const { proxy, adapter } = await proxied();
      const { id } = await adapter.tickets.create(draft(), by(member));
      proxy.set((asked) => (asked.url?.includes("/attachments") ? "refuse" : undefined));
      await expect(adapter.uploads.download(`${id}-1`, by(member))).rejects.toMatchObject({ code: "unavailable" });
    });

    test("without the option files, members can't send files", () => {
      expect(requestTracker(good)).not.toHaveProperty("uploads");
    });
  });

  describe("crafted requests", () => {
    test("an id that would be another path in RT is not found, without a call", async () => {
      const { proxy, adapter } = await proxied();
      const member = newMember();
      const { id } = await adapter.tickets.create(draft(), by(member));
      const before = proxy.asked.length;
      await expectOddIdsAbsent(adapter, id, by(member));
      expect(proxy.asked.length).toBe(before);
    });

    test("a rating without a comment, or with one over several lines, is stored unchanged", async () => {
      const { tickets } = start();
      const member = newMember();
      const { id } = await tickets.create(draft(), by(member));
      await tickets.setStatus(id, "resolved", by(member));
      for (const [comment, kept] of [
        [" a\r\nb ", { score: 4, comment: " a\r\nb " }],
        ["", { score: 4 }],
      ] as const) {
        expect((await tickets.rate(id, { score: 4, comment }, by(member))).rating).toEqual(kept);
      }
    });
  });

  describe("live", () => {
    test("RT is polled once for all listeners", async () => {
      const { proxy, adapter } = await proxied({ pollMs: 100 });
      const stream = (member: Member) => listen(adapter, member);
      const streams = Array.from({ length: 5 }, () => stream(newMember()));
      for (const { stands } of streams) await stands();
      const polls = () => proxy.asked.filter((asked) => asked.includes("/transactions")).length;
      const before = [polls(), Date.now()] as const;
      await expect.poll(polls, { timeout: 5000 }).toBeGreaterThan(before[0] + 5);
      expect(polls() - before[0]).toBeLessThan((Date.now() - before[1]) / 100 + 3);
      for (const { live } of streams) await live.stop();
    });

    test("a member's own message shows on another screen at once, before the next poll", async () => {
      const member = newMember();
      const adapter = start({ pollMs: 60_000 });
      const { id } = await adapter.tickets.create(draft(), by(member));
      const { live, stands } = listen(adapter, member);
      await stands();
      const said = { clientId: uuid(), text: "Tukaj." };
      await adapter.tickets.reply(id, said, by(member));
      const event = await live.until(({ type }) => type === "message", "the reply");
      expect(event).toMatchObject({ message: { clientId: said.clientId, text: "Tukaj." } });
    });

    test("an invalid cursor is refused, so that the core starts anew", async () => {
      const { tickets } = start();
      const first = tickets.events("yesterday", by(newMember()))[Symbol.asyncIterator]().next();
      await expect(first).rejects.toMatchObject({ code: "invalid" });
      await expect(tickets.list({ filter: "all", cursor: "1' OR 1=1" }, by(newMember()))).rejects.toMatchObject({
        code: "invalid",
      });
    });
  });

  test("with 10,000 tickets, the first page, a search, the counts and an old cursor need few small calls", async () => {
    const member = newMember();
    const empty = fillMailbox(10_000, member.email!, (index) => `Naročilo A${index}B`);
    ending.push(empty);
    const { proxy, adapter } = await proxied({ pollMs: 60_000 });
    const first = await adapter.tickets.list({ filter: "open" }, by(member));
    expect(first.items).toHaveLength(20);
    expect(first.next).toBeDefined();
    expect(proxy.asked.length).toBeLessThanOrEqual(3);
    expect(await adapter.tickets.counts(by(member))).toEqual({ open: 10_000, awaiting: 0, all: 10_000 });
    expect(proxy.asked.length).toBeLessThanOrEqual(6);
    const second = await adapter.tickets.list({ filter: "open", cursor: first.next! }, by(member));
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(40);
    const before = proxy.asked.length;
    const found = await adapter.tickets.list({ filter: "all", search: "narocilo a9999b" }, by(member));
    expect(found.items.map(({ title }) => title)).toEqual(["Naročilo A9999B"]);
    expect(proxy.asked.length - before).toBeLessThanOrEqual(7);
    expect(proxy.bytes()).toBeLessThan(400_000);
    const calls = proxy.asked.length;
    const events = adapter.tickets.events("1", by(member))[Symbol.asyncIterator]();
    await expect(events.next()).rejects.toMatchObject({ code: "invalid" });
    expect(proxy.asked.length - calls).toBeLessThanOrEqual(6);
  });

  test("the form's answers are in fields of their own, separate from the widget's context", async () => {
    const member = newMember();
    const { tickets } = start({ fields: ["Product", "Topics"] });
    const context = { page: "https://example.org/a", errors: ["TypeError: x\nat y"] };
    const { id } = await tickets.create(draft({ fields: { Product: "Web", Topics: ["Orders"] }, context }), by(member));
    expect(await customFieldsOf(id)).toMatchObject({
      Product: ["Web"],
      Topics: ["Orders"],
      "Podpora Context": ["Page: https://example.org/a\nError: TypeError: x at y"],
    });
    const pages = await allPagesBefore(async (before) => await tickets.thread(id, before, by(member)));
    expect(pages.map(({ text }) => text)).toEqual(["Opis."]);
  });

  describe("check", () => {
    test("finds no fault with exactly the needed rights", async () => {
      const adapter = start({ fields: ["Product"], hookSecret, statuses: { resolved: ["resolved"] } });
      await adapter.tickets.create(draft({ fields: { Product: "Web" } }), by(newMember()));
      const findings = await findingsOf(adapter);
      expect(lines(findings, "fault")).toEqual([]);
      expect(lines(findings, "risk").filter((text) => !text.includes("statuses"))).toEqual([]);
      const said = lines(findings, "good").join("\n");
      for (const text of [
        "Request Tracker 5.",
        'account "gateway"',
        'queue "Support"',
        "Statuses seen",
        "7864320 bytes",
      ]) {
        expect(said).toContain(text);
      }
    });

    test("names each right that is not needed", async () => {
      const risks = lines(await findingsOf(start({ token: tokenOf("curious") })), "risk").join("\n");
      for (const right of ["AdminUsers", "DeleteTicket", "CommentOnTicket", "ShowTicketComments"])
        expect(risks).toContain(right);
      expect(lines(await findingsOf(start({ token: tokenOf("root") })), "risk").join("\n")).toContain("superuser");
    });

    test("names what is missing, starting with the address", async () => {
      const faults = async (more: Partial<RequestTrackerOptions>) => lines(await findingsOf(start(more)), "fault");
      expect((await faults({ url: "http://127.0.0.1:9" })).join()).toContain("cannot be reached");
      expect((await faults({ url: `${url}/nowhere` })).length).toBe(1);
      expect((await faults({ token: "1-29-00000000000000000000000000000000" })).join()).toContain(
        "does not accept the token",
      );
      expect((await faults({ token: tokenOf("blind") })).join()).toContain('no queue "Support"');
      expect((await faults({ queue: "Nowhere" })).join()).toContain('no queue "Nowhere"');
      expect((await faults({ fields: ["No such"] })).join()).toContain('"No such"');
      await call("nina", "/ticket", { Queue: "Plain", Subject: "x" });
      const limited = (await faults({ token: tokenOf("limited"), queue: "Plain" })).join("\n");
      for (const text of ["CreateTicket", "ReplyToTicket", "Podpora Ref"]) expect(limited).toContain(text);
      const strange = lines(await findingsOf(start({ statuses: { awaiting: ["staled"] } })), "risk").join("\n");
      expect(strange).toContain("staled");
    });
  });
});
