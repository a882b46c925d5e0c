import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, afterEach, describe, expect, inject, test } from "vitest";
import { znuny, type ZnunyOptions } from "../../src/adapters/znuny/index.ts";
import type { Adapter, Erasure, Finding, Member, TicketsApi, UploadsApi } from "../../src/core/contract/adapter.ts";
import { filesIn } from "../../src/gateway/held-files.ts";
import { by, uuid } from "../../src/testing/case.ts";
import { counted } from "../../src/testing/counted.ts";
import { withGateway } from "../../src/testing/index.ts";
import { picture } from "../../src/testing/upload-cases.ts";
import { watch } from "../../src/testing/watch.ts";
import { temporaryFolder } from "../demo/folder.ts";
import { openProxy, type Proxy } from "./fault-proxy.ts";
import { expectOddIdsAbsent } from "./odd-ids.ts";
import { act, call, home, newCustomer, newMember, options, password, stored, update, url } from "./znuny-desk.ts";

describe.skipIf(!inject("desks").includes("znuny"))("Znuny itself", async () => {
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
  function start(more: Partial<ZnunyOptions> = {}): Whole {
    const adapter = withGateway(znuny({ ...options, files, ...more }));
    ending.push(() => adapter.dispose?.());
    return adapter as Whole;
  }
  async function proxied(more: Partial<ZnunyOptions> = {}): Promise<{ proxy: Proxy; adapter: Whole }> {
    const proxy = await openProxy(url);
    ending.push(() => proxy.close());
    return { proxy, adapter: start({ url: proxy.url, ...more }) };
  }
  const draft = (more: object = {}) => ({
    clientId: uuid(),
    title: "Naročila ni mogoče oddati",
    text: "Opis.",
    ...more,
  });
  const refused = async (promise: Promise<unknown>, code: string) =>
    await expect(promise).rejects.toMatchObject({ code });
  async function findingsOf(adapter: Adapter): Promise<readonly Finding[]> {
    const findings: Finding[] = [];
    for await (const finding of adapter.check!(new AbortController().signal)) findings.push(finding);
    return findings;
  }
  const faultsOf = async (adapter: Adapter) =>
    (await findingsOf(adapter)).flatMap(({ level, text }) => (level === "fault" ? [text] : []));
  const isTo = (operation: string) => (asked: { url?: string | undefined }) =>
    asked.url?.endsWith(`/${operation}`) === true;

  describe("the caller", () => {
    test.each([
      ["nobody", undefined, "unauthorized"],
      ["a guest with an address", { id: "g", email: "guest@example.org", guest: true }, "forbidden"],
      ["a member without an address", { id: "m" }, "forbidden"],
      ["an address with a wildcard", { id: "m", email: "*@example.org" }, "forbidden"],
      ["an address with a percent sign", { id: "m", email: "%@example.org" }, "forbidden"],
      ["an address with quotation marks", { id: "m", email: '"||"@example.org' }, "forbidden"],
      ["two addresses", { id: "m", email: "lena@example.org,nina@podpora.test" }, "forbidden"],
    ] as const)("%s is refused everywhere, and Znuny is not asked", async (_, member, code) => {
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
        uploads.download("1-1-1", ctx),
        tickets.events(undefined, ctx)[Symbol.asyncIterator]().next(),
      ];
      for (const outcome of await Promise.allSettled(calls)) expect(outcome).toMatchObject({ reason: { code } });
      expect(proxy.asked).toEqual([]);
    });

    test.each(["!lena", "a||b", "a&&b", "a+b", "x'OR'1'='1", "_", "#1"])(
      "an address that begins with %s finds its own tickets alone",
      async (local) => {
        const member = newMember({ email: `${local}.${uuid().slice(0, 8)}@example.org` });
        const { tickets } = start();
        expect(await tickets.counts(by(member))).toEqual({ open: 0, awaiting: 0, all: 0 });
        const made = await tickets.create(draft(), by(member));
        const query = { filter: "all" } as const;
        const { items } = await tickets.list(query, by({ ...member, email: member.email!.toUpperCase() }));
        expect(items).toEqual([made]);
      },
    );

    test("an address that Znuny considers invalid has no tickets and can create none", async () => {
      const member = newMember({ email: `(a).${uuid().slice(0, 8)}@example.org` });
      const { tickets } = start();
      await refused(tickets.create(draft(), by(member)), "forbidden");
      expect(await tickets.list({ filter: "all" }, by(member))).toEqual({ items: [] });
    });

    test("another member's ticket can't be read by any id", async () => {
      const [mine, theirs] = [newMember(), newMember()];
      const adapter = start();
      const { id } = await adapter.tickets.create(draft(), by(theirs));
      await refused(adapter.tickets.get(id, by(mine)), "not-found");
      await expectOddIdsAbsent(adapter, id, by(mine));
    });

    test("if two customer users have an address, its ticket belongs to neither of them", async () => {
      const { email } = newMember();
      const [one, two] = [`one-${uuid().slice(0, 8)}`, `two-${uuid().slice(0, 8)}`];
      for (const UserLogin of [one, two]) {
        const names = { UserFirstname: "L", UserLastname: "Z", UserPassword: password };
        await act("customer", { UserLogin, UserEmail: `${UserLogin}@example.org`, ...names });
        await act("address", { UserLogin, UserEmail: email });
      }
      const member = newMember({ email: email! });
      const { tickets } = start();
      const made = await tickets.create(draft(), by(member));
      expect((await stored(made.id))?.CustomerUserID).toBe(email);
      expect((await tickets.list({ filter: "all" }, by(member))).items).toEqual([made]);
      const byId = start({ login: "id" });
      for (const id of [one, two]) await refused(byId.tickets.get(made.id, by({ id })), "not-found");
    });

    test('with login "id", members also see tickets that agents created for them', async () => {
      const login = `lena-${uuid().slice(0, 8)}`;
      await newCustomer(login);
      const { accounts, tickets } = start({ login: "id" });
      const ctx = { signal: new AbortController().signal, locale: "sl" };
      const member = await accounts!.signIn({ username: login, password }, ctx);
      expect(member).toMatchObject({ id: login, name: "Lena Žagar" });
      const article = {
        Subject: "x",
        Body: "You called.",
        ContentType: "text/plain; charset=utf-8",
        SenderType: "agent",
      };
      const ticket = { Title: "By phone", Queue: "Support", State: "open", Priority: "3 normal", CustomerUser: login };
      await call("TicketCreate", { Ticket: ticket, Article: { ...article, From: "Nina Agent <nina@podpora.test>" } });
      const [found] = (await tickets.list({ filter: "open" }, by(member))).items;
      expect(found).toMatchObject({ title: "By phone", updatedBy: "agent" });
      const { items } = await tickets.thread(found?.id ?? "", undefined, by(member));
      expect(items).toMatchObject([{ text: "You called.", author: { name: "Nina Agent", role: "agent" } }]);
      await refused(start({ login: "email" }).accounts!.signIn({ username: login, password }, ctx), "forbidden");
    });

    test("a wrong password, another user's name and an agent's login are refused with the same message", async () => {
      const { username } = await newCustomer();
      const ctx = { signal: new AbortController().signal, locale: "sl" };
      const pairs = [
        [username, "wrong"],
        ["nobody@example.org", password],
        ["nina", "nina-password"],
        [`${username}\n`, password],
        ["", password],
        [username, ""],
      ] as const;
      for (const [name, word] of pairs) {
        const signIn = start().accounts!.signIn({ username: name, password: word }, ctx);
        await expect(signIn).rejects.toMatchObject({
          code: "unauthorized",
          message: "Znuny does not accept this user name and password",
        });
      }
    });

    test("names in Chinese, Arabic and emoji arrive on the ticket and in the thread", async () => {
      for (const name of ["王小明", "محمد عبد الله", 'Lena "Lu" <x@y.z>, O\'Hara 🐎']) {
        const member = newMember({ name });
        const { tickets, uploads } = start();
        const file = await uploads.upload(new File(["x"], `${name.replaceAll(/[<>"]/g, "")}.txt`), by(member));
        const { id } = await tickets.create(draft({ title: name, text: name, attachments: [file.id] }), by(member));
        const [first] = (await tickets.thread(id, undefined, by(member))).items;
        expect(first).toMatchObject({ text: name, author: { id: member.id, name, role: "member" } });
        expect(first?.attachments?.[0]?.name).toBe(file.name);
        expect((await stored(id))?.Title).toBe(name);
      }
    });
  });

  test("the command that the erasure prints erases what Znuny kept", async () => {
    const [member, other] = [newMember(), newMember()];
    const adapter = start();
    const own = await adapter.tickets.create(draft(), by(member));
    const theirs = await adapter.tickets.create(draft(), by(other));
    const told: Erasure[] = [];
    for await (const each of adapter.erase!(member, { remove: true, signal: AbortSignal.timeout(30_000) }))
      told.push(each);
    expect(told).toMatchObject([
      { outcome: "kept", text: expect.stringContaining(`#${own.number}`) },
      { outcome: "kept", text: expect.stringContaining(member.email!) },
    ]);
    const command = told[0]?.fix?.replace("On Znuny's machine, as its user: ", "") ?? "";
    await promisify(execFile)("sh", ["-ec", `${command} --allow-root`], { cwd: home });
    expect(await stored(own.id)).toBeUndefined();
    expect(await stored(theirs.id)).toBeDefined();
  });

  describe("agents", () => {
    test("an internal article and its file are hidden from the member", async () => {
      const member = newMember();
      const { tickets, uploads } = start();
      const { id } = await tickets.create(draft(), by(member));
      const secret = { Filename: "secret.txt", ContentType: "text/plain", Content: btoa("secret file") };
      const article = { Subject: "secret", Body: "secret words", IsVisibleForCustomer: 0, SenderType: "agent" };
      const plain = { ContentType: "text/plain; charset=utf-8" };
      const told = await call("TicketUpdate", {
        TicketID: id,
        Article: { ...article, ...plain },
        Attachment: [secret],
      });
      await update(id, undefined, { Body: "A word for you." });
      const thread = await tickets.thread(id, undefined, by(member));
      const listed = await tickets.list({ filter: "all", search: "secret" }, by(member));
      expect(JSON.stringify([thread, listed])).not.toContain("secret");
      expect(thread.items.at(-1)?.text).toBe("A word for you.");
      const articleId = String((told as { ArticleID: unknown }).ArticleID);
      await refused(uploads.download(`${id}-${articleId}-1`, by(member)), "not-found");
    });

    test("a file of another member's ticket can't be read with any ticket id", async () => {
      const [mine, theirs] = [newMember(), newMember()];
      const { tickets, uploads } = start();
      const held = await uploads.upload(picture(), by(theirs));
      const other = await tickets.create(draft({ attachments: [held.id] }), by(theirs));
      const own = await tickets.create(draft(), by(mine));
      const [shown] = (await tickets.thread(other.id, undefined, by(theirs))).items[0]?.attachments ?? [];
      expect((await uploads.download(shown?.id ?? "", by(theirs))).size).toBe(2048);
      const [, articleId] = shown?.id.split("-") ?? [];
      for (const id of [shown?.id ?? "", `${own.id}-${articleId}-1`, held.id]) {
        await refused(uploads.download(id, by(mine)), "not-found");
      }
    });

    test("a ticket that was merged, moved, deleted or assigned to another customer is removed for the member", async () => {
      const member = newMember();
      const adapter = start({ pollMs: 100 });
      const { tickets } = adapter;
      const make = async (title: string) => (await tickets.create(draft({ title }), by(member))).id;
      const kept = await make("kept");
      const [merged, moved, deleted, given] = [await make("a"), await make("b"), await make("c"), await make("d")];
      const { adapter: watched, listeners } = counted(adapter);
      const live = watch((signal) => watched.tickets!.events!(undefined, by(member, signal)));
      ending.push(async () => await live.stop().catch(() => undefined));
      await expect.poll(listeners, { timeout: 5000 }).toBe(1);
      await act("merge", { MainTicketID: kept, MergeTicketID: merged });
      await act("delete", { TicketID: deleted });
      await call("TicketUpdate", { TicketID: moved, Ticket: { Queue: "Elsewhere" } });
      await call("TicketUpdate", { TicketID: given, Ticket: { CustomerUser: "somebody.else@example.org" } });
      for (const id of [merged, moved, deleted, given]) {
        const isGone = () => live.seen.some((event) => event.type === "removed" && event.ticketId === id);
        await expect.poll(isGone, { timeout: 20_000, message: `the removal of ${id}` }).toBe(true);
        await refused(tickets.get(id, by(member)), "not-found");
        await refused(tickets.reply(id, { clientId: uuid(), text: "x" }, by(member)), "not-found");
      }
      expect((await tickets.list({ filter: "all" }, by(member))).items.map(({ id }) => id)).toEqual([kept]);
      expect(await tickets.counts(by(member))).toEqual({ open: 1, awaiting: 0, all: 1 });
    });

    test("resending the draft does not take back a ticket that was assigned to another customer", async () => {
      const member = newMember();
      const { tickets } = start();
      const sent = draft();
      const { id } = await tickets.create(sent, by(member));
      await call("TicketUpdate", { TicketID: id, Ticket: { CustomerUser: "somebody.else@example.org" } });
      await refused(start().tickets.create(sent, by(member)), "not-found");
      expect((await stored(id))?.CustomerUserID).toBe("somebody.else@example.org");
    });

    test("a custom state is open and keeps its name, until the option maps it", async () => {
      const member = newMember();
      const { tickets } = start();
      const { id } = await tickets.create(draft(), by(member));
      await update(id, "pending auto close+");
      expect(await tickets.get(id, by(member))).toMatchObject({ status: "open", statusLabel: "pending auto close+" });
      expect((await tickets.list({ filter: "open" }, by(member))).items).toHaveLength(1);
      const states = { open: ["new", "open"], awaiting: ["pending auto close+"], resolved: ["closed successful"] };
      const set = start({ states: { ...states, reopenTo: "open" } });
      expect(await set.tickets.counts(by(member))).toEqual({ open: 0, awaiting: 1, all: 1 });
      expect(await set.tickets.get(id, by(member))).toMatchObject({ status: "awaiting" });
    });
  });

  describe("failures", () => {
    test("a desk that is down at the start is unavailable, and works once it is up", async () => {
      const { proxy, adapter } = await proxied();
      const list = async () => await adapter.tickets.list({ filter: "all" }, by(newMember()));
      proxy.set(() => "refuse");
      await refused(list(), "unavailable");
      proxy.set(undefined);
      expect(await list()).toEqual({ items: [] });
    });

    test("HTML, an unexpected answer and a refusal with 200 get different codes, and Znuny's text does not reach the member", async () => {
      const { proxy, adapter } = await proxied();
      const answer = (type: string, body: string) => () => ({ status: 200, headers: { "Content-Type": type }, body });
      const cases = [
        ["text/html", "<html>secret</html>", "unavailable"],
        ["application/json", '{"TicketID":7}', "unknown"],
        ["application/json", '{"Error":{"ErrorCode":"X.AuthFail","ErrorMessage":"secret"}}', "unavailable"],
        ["application/json", '{"Error":{"ErrorCode":"X.Other","ErrorMessage":"secret"}}', "invalid"],
      ] as const;
      await adapter.tickets.counts(by(newMember()));
      for (const [type, body, code] of cases) {
        proxy.set(answer(type, body));
        const error = await adapter.tickets.counts(by(newMember())).catch((cause: unknown) => cause);
        expect(error).toMatchObject({ code, message: expect.not.stringContaining("secret") });
      }
    });

    test("an answer after ten seconds is accepted, and one after callMs is a time-out", async () => {
      const { proxy, adapter } = await proxied();
      await adapter.tickets.counts(by(newMember()));
      proxy.set(() => ({ delayMs: 10_000 }));
      const hasty = start({ url: proxy.url, callMs: 300 });
      const [slow] = await Promise.all([
        adapter.tickets.counts(by(newMember())),
        refused(hasty.tickets.counts(by(newMember())), "timeout"),
      ]);
      expect(slow).toEqual({ open: 0, awaiting: 0, all: 0 });
    });

    test("a connection lost in the middle of a file creates nothing, and a retry creates one ticket with the file", async () => {
      const member = newMember();
      const { proxy, adapter } = await proxied();
      const bytes = crypto.getRandomValues(new Uint8Array(60_000));
      const { id } = await adapter.uploads.upload(new File([bytes], "zaslon.png", { type: "image/png" }), by(member));
      const whole = draft({ attachments: [id] });
      await adapter.tickets.counts(by(member));
      proxy.set((asked) => (isTo("TicketCreate")(asked) ? "cut" : undefined));
      await refused(adapter.tickets.create(whole, by(member)), "unavailable");
      expect(await start().tickets.counts(by(member))).toMatchObject({ all: 0 });
      proxy.set(undefined);
      const made = await adapter.tickets.create(whole, by(member));
      expect(await start().tickets.counts(by(member))).toMatchObject({ all: 1 });
      const [file] = (await adapter.tickets.thread(made.id, undefined, by(member))).items[0]?.attachments ?? [];
      const back = await adapter.uploads.download(file?.id ?? "", by(member));
      expect(Buffer.from(await back.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true);
    });

    test("a write whose answer was lost is not repeated", async () => {
      const member = newMember();
      const { proxy, adapter } = await proxied();
      const lost = draft();
      await adapter.tickets.counts(by(member));
      proxy.set((asked) => (isTo("TicketCreate")(asked) ? "lose" : undefined));
      const made = await adapter.tickets.create(lost, by(member));
      const said = { clientId: uuid(), text: "Enkrat." };
      proxy.set((asked) => (isTo("TicketUpdate")(asked) ? "lose" : undefined));
      await adapter.tickets.reply(made.id, said, by(member));
      proxy.set(undefined);
      // Another copy of the gateway, which does not know the first one's calls.
      const other = start().tickets;
      expect((await other.create(lost, by(member))).id).toBe(made.id);
      await other.reply(made.id, said, by(member));
      expect(await other.counts(by(member))).toMatchObject({ all: 1 });
      expect((await stored(made.id))?.Article.map(({ Body }) => Body)).toEqual(["Opis.", "Enkrat."]);
    });

    test("a file over the limit and an empty file are refused before Znuny is called", async () => {
      const { proxy, adapter } = await proxied({ maxFileBytes: 1000 });
      const member = newMember();
      await refused(adapter.uploads.upload(new File([new Uint8Array(1001)], "a.png"), by(member)), "too-large");
      await refused(adapter.uploads.upload(new File([], "a.png"), by(member)), "invalid");
      expect(proxy.asked).toEqual([]);
    });

    test("10,000 tickets are counted and paged in seconds", async () => {
      const member = newMember();
      await act("fill", { Queue: "Elsewhere", CustomerUser: member.email, Count: 10_000 });
      const { tickets } = start({ user: "nina", password: "nina-password", queue: "Elsewhere" });
      const begun = performance.now();
      expect(await tickets.counts(by(member))).toEqual({ open: 10_000, awaiting: 0, all: 10_000 });
      const first = await tickets.list({ filter: "open" }, by(member));
      const second = await tickets.list({ filter: "open", cursor: first.next! }, by(member));
      expect([...first.items, ...second.items].map(({ title }) => title)).toEqual(
        Array.from({ length: 40 }, (_, index) => `Filled ${10_000 - index}`),
      );
      expect(performance.now() - begun).toBeLessThan(10_000);
      const found = await tickets.list({ filter: "all", search: "filled 9700" }, by(member));
      expect(found.items.map(({ title }) => title)).toEqual(["Filled 9700"]);
    });
  });

  describe("podpora check", () => {
    test("reports only the unencrypted password", async () => {
      await start().tickets.create(draft(), by(newMember()));
      const findings = await findingsOf(start());
      expect(findings.flatMap(({ level, text }) => (level === "good" ? [] : [text]))).toEqual([
        "Each call sends the agent's password to Znuny unencrypted.",
      ]);
    });

    test.each<readonly [what: string, more: Partial<ZnunyOptions>, says: string]>([
      ["a wrong password", { password: "wrong" }, "refuses the agent's login and password"],
      ["a web service that isn't there", { webService: "Nowhere" }, "Znuny can't be used"],
      ["a queue that isn't there", { queue: "Nowhere" }, 'Tickets can\'t be created in the queue "Nowhere"'],
      [
        "a missing permission",
        { user: "limited", password: "limited-password" },
        "Can not create tickets in given Queue",
      ],
      ["a dynamic field that isn't there", { refField: "Nowhere" }, "DynamicField->Name parameter is invalid"],
    ])("reports %s as a fault, and members' calls are unavailable", async (_, more, says) => {
      const adapter = start(more);
      expect((await faultsOf(adapter)).join("\n")).toContain(says);
      const member: Member = newMember();
      await refused(adapter.tickets.create(draft(), by(member)), "unavailable");
      await refused(adapter.tickets.list({ filter: "all" }, by(member)), "unavailable");
    });

    test("names a state that Znuny does not have", async () => {
      const states = { open: ["new"], awaiting: ["asleep"], resolved: ["closed successful"], reopenTo: "new" };
      expect(await faultsOf(start({ states }))).toEqual(['Znuny has no valid state "asleep".']);
    });
  });
});
