import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, inject, test } from "vitest";
import { redmine, type RedmineOptions } from "../../src/adapters/redmine/index.ts";
import type {
  Adapter,
  CallContext,
  Finding,
  Member,
  TicketEvent,
  TicketsApi,
} from "../../src/core/contract/adapter.ts";
import { counted } from "../../src/testing/counted.ts";
import { withGateway } from "../../src/testing/index.ts";
import { openProxy, type Fault, type Proxy } from "./fault-proxy.ts";
import { installed } from "./installed.ts";
import { expectOddIdsAbsent } from "./odd-ids.ts";
import { password, redmineDesk } from "./redmine-desk.ts";

const never = new AbortController().signal;
const by = (member?: Member): CallContext => ({ signal: never, locale: "en", ...(member ? { member } : {}) });
const uuid = () => crypto.randomUUID();
const newMember = (name = "Ana Novak", email = `ana-${uuid()}@example.org`): Member => ({ id: uuid(), name, email });

describe.skipIf(!inject("desks").includes("redmine"))("Redmine", () => {
  const desk = redmineDesk();
  const ending: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).toReversed()) await end();
  });

  type Whole = Required<TicketsApi>;
  function start(more: Partial<RedmineOptions> = {}): Adapter & {
    readonly tickets: Whole;
    readonly uploads: Required<NonNullable<Adapter["uploads"]>>;
  } {
    const adapter = withGateway(redmine({ ...desk.options, ...more }));
    ending.push(async () => await adapter.dispose?.());
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the contract's test says which parts there are
    return adapter as ReturnType<typeof start>;
  }
  async function proxied(more: Partial<RedmineOptions> = {}) {
    const proxy = await openProxy(desk.url);
    ending.push(async () => await proxy.close());
    return { proxy, adapter: start({ url: proxy.url, ...more }) };
  }
  async function draft(over = {}) {
    const fields = { [await desk.fieldKey("Region")]: "Gorenjska" };
    return { clientId: uuid(), title: "Naročila ni mogoče oddati", text: "Odprem košarico.", fields, ...over };
  }
  function file(name = "slika.png", size = 2048): File {
    const bytes = new Uint8Array(size);
    crypto.getRandomValues(bytes.subarray(0, 1024));
    return new File([bytes], name, { type: "image/png" });
  }
  /** One listener, until the test ends. */
  async function listen(adapter: Adapter, member: Member, cursor?: string) {
    const abort = new AbortController();
    const seen: TicketEvent[] = [];
    const { adapter: watched, listeners } = counted(adapter);
    const events = watched.tickets?.events?.(cursor, { ...by(member), signal: abort.signal });
    const reading = (async () => {
      for await (const event of events ?? []) seen.push(event);
    })();
    const over = reading.catch(() => undefined);
    const stop = async (): Promise<void> => {
      abort.abort();
      await over;
    };
    ending.push(stop);
    await expect.poll(listeners, { timeout: 5000 }).toBe(1);
    return { seen, stop };
  }
  async function findings(more: Partial<RedmineOptions> = {}): Promise<readonly Finding[]> {
    const found: Finding[] = [];
    for await (const finding of start(more).check?.(never) ?? []) found.push(finding);
    return found;
  }
  const faults = (found: readonly Finding[]) => found.filter(({ level }) => level === "fault").map(({ text }) => text);
  const risks = (found: readonly Finding[]) => found.filter(({ level }) => level === "risk").map(({ text }) => text);

  describe("the settings", () => {
    test.each([
      ["url", { url: "redmine.example.org" }],
      ["url", { url: "https://redmine.example.org/?x=1" }],
      ["key", { key: "secret" }],
      ["project", { project: "My project" }],
      ["tracker", { tracker: "" }],
      ["role", { role: "" }],
      ["maxFileBytes", { maxFileBytes: 0 }],
      ["pollMs", { pollMs: 1 }],
      ["statuses.reopenTo", { statuses: { open: ["New"], awaiting: ["A"], resolved: ["B"], reopenTo: "C" } }],
      ["statuses.awaiting", { statuses: { open: ["New"], awaiting: [], resolved: ["B"], reopenTo: "New" } }],
      ["statuses", { statuses: { open: ["New"], awaiting: ["New"], resolved: ["B"], reopenTo: "New" } }],
    ])("a wrong %s is refused by its name, with what to do", (option, more) => {
      expect(() => redmine({ ...desk.options, ...more })).toThrow(TypeError);
      expect(() => redmine({ ...desk.options, ...more })).toThrow(`"${option}"`);
    });

    test.each([
      [{ key: "0123456789abcdef0123456789abcdef01234567" }, /token/],
      [{ project: "no-such-project" }, /project "no-such-project"/],
      [{ tracker: "No such" }, /tracker .* "No such"/],
      [{ role: "No such" }, /role "No such"/],
      [{ refField: "No such" }, /"No such"/],
      [{ statuses: { open: ["Gone"], awaiting: ["Feedback"], resolved: ["Closed"], reopenTo: "Gone" } }, /"Gone"/],
    ])("what Redmine does not have is named, and is no fault of the member's: %o", async (more, message) => {
      const { tickets } = start(more);
      const attempt = tickets.create(await draft(), by(newMember()));
      await expect(attempt).rejects.toMatchObject({ code: "unavailable" });
      await expect(attempt).rejects.toThrow(message);
    });
  });

  describe("the caller", () => {
    test("reads and writes without a member, by a guest or by a member without an address are refused", async () => {
      const { tickets, uploads } = start();
      const { email } = newMember();
      const cases = [
        [undefined, "unauthorized"],
        [{ id: "g", guest: true, email: email ?? "" }, "forbidden"],
        [{ id: "m" }, "forbidden"],
        [{ id: "m", email: "no address" }, "forbidden"],
        [{ id: "m", email: "a@example.org\nX-Evil: 1" }, "forbidden"],
      ] as const;
      for (const [member, code] of cases) {
        const ctx = by(member);
        const calls = [
          tickets.create(await draft(), ctx),
          tickets.list({ filter: "all" }, ctx),
          tickets.counts(ctx),
          tickets.get("1", ctx),
          tickets.reply("1", { clientId: uuid(), text: "x" }, ctx),
          uploads.upload(file(), ctx),
          uploads.download("1", ctx),
        ];
        for (const call of calls) await expect(call).rejects.toMatchObject({ code });
      }
    });

    test("the gateway never acts as an administrator, as itself or as an agent", async () => {
      const { tickets } = start();
      const before = await desk.backend([], () => 0).ticketCount();
      const admin = { ...newMember("Boss"), email: "admin@example.net" };
      for (const email of ["gateway@podpora.test", "nina@podpora.test", "NINA@podpora.test", admin.email]) {
        const member = { ...admin, email };
        await expect(tickets.list({ filter: "all" }, by(member))).rejects.toMatchObject({ code: "forbidden" });
        await expect(tickets.create(await draft(), by(member))).rejects.toMatchObject({ code: "forbidden" });
      }
      expect(await desk.backend([], () => 0).ticketCount()).toBe(before);
    });

    test("a locked user is refused", async () => {
      const login = `locked-${uuid().slice(0, 8)}`;
      await desk.makeUser(login, { status: 3 });
      const member = { ...newMember(), email: `${login}@example.org` };
      const { tickets } = start();
      await expect(tickets.list({ filter: "all" }, by(member))).rejects.toThrow(/locked/);
      await expect(tickets.create(await draft(), by(member))).rejects.toMatchObject({ code: "forbidden" });
    });

    test("an unknown member has no tickets, and the first one makes them a user of Redmine with their name", async () => {
      const { tickets } = start();
      const member = newMember("Ana Novak");
      expect(await tickets.list({ filter: "all" }, by(member))).toEqual({ items: [] });
      expect(await tickets.counts(by(member))).toEqual({ open: 0, awaiting: 0, all: 0 });
      const { id } = await tickets.create(await draft(), by(member));
      await tickets.reply(id, { clientId: uuid(), text: "And again" }, by(member));
      const issue = await desk.issue(id);
      expect([issue.author.name, issue.journals[0]?.user.name]).toEqual(["Ana Novak", "Ana Novak"]);
    });

    test("a member with a user outside the project becomes a member of the project", async () => {
      const login = `outside-${uuid().slice(0, 8)}`;
      await desk.makeUser(login);
      const member = { ...newMember(), email: `${login.toUpperCase()}@Example.org` };
      const { tickets } = start();
      expect(await tickets.list({ filter: "all" }, by(member))).toEqual({ items: [] });
      const { id } = await tickets.create(await draft(), by(member));
      expect((await tickets.list({ filter: "all" }, by(member))).items).toMatchObject([{ id }]);
    });

    test.each(["王小明", "محمد", "🐎", "Ana", "  Ana   Marija \t Novak-Kovač ", "x".repeat(80), `A ${"ž".repeat(80)}`])(
      "a member may be called %j",
      async (name) => {
        const { tickets } = start();
        const { id } = await tickets.create(await draft(), by(newMember(name)));
        const { author } = await desk.issue(id);
        const [first = ""] = name.trim().split(/\s+/u);
        expect(author.name).toContain(Array.from(first).slice(0, 30).join(""));
      },
    );

    test.each(["%", "_", "*", "o'brien", "~ana", "=ana", "!ana", "a+b", "a|b", "a&author_id=1", "{ana}", "anä"])(
      "an address with %s in it reaches nothing of another member's",
      async (part) => {
        const { tickets } = start();
        const other = newMember();
        const { id } = await tickets.create(await draft(), by(other));
        const member = newMember(
          "Eve",
          `${part}${part === "%" || part === "_" || part === "*" ? "" : uuid()}@example.org`,
        );
        expect((await tickets.list({ filter: "all" }, by(member))).items.filter((ticket) => ticket.id === id)).toEqual(
          [],
        );
        await expect(tickets.get(id, by(member))).rejects.toMatchObject({ code: "not-found" });
        const made = await tickets.create(await draft(), by(member));
        expect((await tickets.list({ filter: "all" }, by(member))).items).toContainEqual(made);
        expect((await tickets.list({ filter: "all" }, by(other))).items).toHaveLength(1);
      },
    );

    test("an address of two users is refused", async () => {
      const { tickets } = start();
      const member = newMember();
      await tickets.create(await draft(), by(member));
      const login = `twin-${uuid().slice(0, 8)}`;
      const twin = await desk.makeUser(login);
      database((db) =>
        db
          .prepare("UPDATE email_addresses SET address = ? WHERE user_id = ?")
          .run(String(member.email).toUpperCase(), twin),
      );
      const again = start().tickets;
      for (const call of [again.list({ filter: "all" }, by(member)), again.create(await draft(), by(member))]) {
        await expect(call).rejects.toThrow(/several Redmine users/);
        await expect(call).rejects.toMatchObject({ code: "forbidden" });
      }
    });

    test.each(["\u212Aate", "a\u0301na"])(
      "an address that only looks like another's, %j, does not become it",
      async (local) => {
        const suffix = `.${uuid().slice(0, 8)}@example.org`;
        const { tickets } = start();
        await tickets.create(await draft(), by(newMember("Kate", `${local.normalize("NFC").toLowerCase()}${suffix}`)));
        const alike = newMember("Eve", `${local}${suffix}`);
        for (const call of [tickets.list({ filter: "all" }, by(alike)), tickets.create(await draft(), by(alike))]) {
          await expect(call).rejects.toMatchObject({ code: "forbidden" });
        }
      },
    );

    test("an API key is not accepted as a user name", async () => {
      const { accounts } = start();
      for (const username of [desk.gatewayKey, installed("redmine")?.["NINA_KEY"] ?? ""]) {
        const attempt = accounts?.signIn({ username, password: "x" }, by());
        await expect(attempt).rejects.toMatchObject({ code: "unauthorized" });
      }
    });

    test("sign-in returns the member without any of Redmine's keys", async () => {
      const login = `lena-${uuid().slice(0, 8)}`;
      const id = await desk.makeUser(login);
      const member = await start().accounts?.signIn({ username: login, password }, by());
      expect(member).toEqual({ id: `redmine-${id}`, name: "Lena Novak", email: `${login}@example.org` });
    });
  });

  describe("what a member can read", () => {
    test("their issue in another project is not found", async () => {
      const { tickets } = start();
      const member = newMember();
      const { id } = await tickets.create(await draft(), by(member));
      const { seen } = await listen(start(), member);
      await desk.change(id, { project_id: "elsewhere" });
      await expect.poll(() => seen.map((event) => event.type), { timeout: 10_000 }).toContain("removed");
      expect(seen.filter((event) => event.type === "removed")).toMatchObject([{ ticketId: id }]);
      await expect(tickets.get(id, by(member))).rejects.toMatchObject({ code: "not-found" });
      await expect(tickets.setStatus(id, "resolved", by(member))).rejects.toMatchObject({ code: "not-found" });
      expect((await tickets.list({ filter: "all" }, by(member))).items).toEqual([]);
    });

    test("a file of a private note is neither shown nor returned", async () => {
      const { tickets, uploads } = start();
      const member = newMember();
      const { id } = await tickets.create(await draft(), by(member));
      const [open, secret] = [await agentsFile(), await agentsFile()];
      await desk.change(id, { notes: "See here", uploads: [{ token: open.token }] });
      await desk.change(id, { notes: "for us alone", private_notes: true, uploads: [{ token: secret.token }] });
      const { items } = await tickets.thread(id, undefined, by(member));
      expect(items.map(({ text, attachments = [] }) => [text, attachments.map((one) => one.id)])).toEqual([
        ["Odprem košarico.", []],
        ["See here", [`${id}-${open.id}`]],
      ]);
      expect((await uploads.download(`${id}-${open.id}`, by(member))).size).toBe(64);
      for (const other of [`${id}-${secret.id}`, String(secret.id), String(open.id)]) {
        await expect(uploads.download(other, by(member))).rejects.toMatchObject({ code: "not-found" });
      }
      const stranger = newMember();
      const theirs = await tickets.create(await draft(), by(stranger));
      for (const other of [`${id}-${open.id}`, `${theirs.id}-${open.id}`]) {
        await expect(uploads.download(other, by(stranger))).rejects.toMatchObject({ code: "not-found" });
      }
    });

    test("a cursor with other members' tickets reveals nothing about them", async () => {
      const { tickets } = start();
      await tickets.create(await draft({ title: "Skrivnost" }), by(newMember()));
      const member = newMember();
      await tickets.create(await draft(), by(member));
      const { seen } = await listen(start(), member);
      expect(JSON.stringify(seen)).not.toContain("Skrivnost");
      const many = Array.from({ length: 81 }, () => "i1").join("-");
      for (const cursor of ["x", "1", "1.", "1..' OR 1=1", "../..", "-1..", "1...", `1.${many}.`]) {
        const events = tickets.events(cursor, by(member))[Symbol.asyncIterator]();
        await expect(events.next()).rejects.toMatchObject({ code: "invalid" });
        await expect(tickets.list({ filter: "all", cursor }, by(member))).rejects.toMatchObject({ code: "invalid" });
      }
    });

    test("a cursor that takes long to parse is refused", async () => {
      const { tickets } = start();
      const hard = [`1.${"i".repeat(190)}!`, `1..${"a".repeat(190)}!`, `1.${"i1".repeat(95)}.!`, "1".repeat(198)];
      for (const cursor of hard) {
        const events = tickets.events(cursor, by(newMember()))[Symbol.asyncIterator]();
        await expect(events.next()).rejects.toMatchObject({ code: "invalid" });
        const list = tickets.list(
          { filter: "all", cursor: `2026-11-23T00:00:00Z_1_${"-".repeat(170)}!` },
          by(newMember()),
        );
        await expect(list).rejects.toMatchObject({ code: "invalid" });
      }
    });

    test("an id that would be another path in Redmine is not found, without a call", async () => {
      const { proxy, adapter } = await proxied();
      const member = newMember();
      const { id } = await adapter.tickets.create(await draft(), by(member));
      const before = proxy.asked.length;
      await expectOddIdsAbsent(adapter, id, by(member));
      expect(proxy.asked.length).toBe(before);
    });

    test("a client id that is an operator of a filter is refused", async () => {
      const { tickets } = start();
      const member = newMember();
      await tickets.create(await draft(), by(member));
      for (const clientId of ["*", "~a", "!*", "a|b", ""]) {
        await expect(tickets.create(await draft({ clientId }), by(member))).rejects.toMatchObject({ code: "invalid" });
      }
    });
  });

  describe("writes", () => {
    test("a title of 256 characters is refused with its field, and one of 255 arrives", async () => {
      const { tickets } = start();
      const member = newMember();
      await expect(tickets.create(await draft({ title: "ž".repeat(256) }), by(member))).rejects.toMatchObject({
        code: "invalid",
        fields: { title: expect.any(String) },
      });
      const title = "🐎".repeat(255);
      expect(await tickets.create(await draft({ title }), by(member))).toMatchObject({ title });
    });

    test.each(["a\rb", "a\r\nb", "  a \n\n"])("line ends %j are unchanged", async (text) => {
      const { tickets } = start();
      const member = newMember();
      const { id } = await tickets.create(await draft({ text }), by(member));
      await tickets.reply(id, { clientId: uuid(), text }, by(member));
      const { items } = await tickets.thread(id, undefined, by(member));
      const lines = text.replaceAll(/\r\n?/g, "\n");
      expect(items.map((message) => message.text)).toEqual([lines, lines]);
    });

    test("a file over Redmine's limit is too large, even if the option allows it", async () => {
      const { uploads } = start({ maxFileBytes: 20 * 1024 * 1024 });
      await expect(uploads.upload(file("big.png", 10 * 1024 * 1024 + 1024), by(newMember()))).rejects.toMatchObject({
        code: "too-large",
      });
    }, 30_000);

    test("a file uploaded to one copy of the gateway is used once by a ticket at another", async () => {
      const member = newMember();
      const { id } = await start().uploads.upload(file("三.png"), by(member));
      const { tickets } = start();
      const ticket = await tickets.create(await draft({ attachments: [id] }), by(member));
      expect((await desk.issue(ticket.id)).attachments.map((one) => one.filename)).toEqual(["三.png"]);
      await expect(tickets.create(await draft({ attachments: [id] }), by(member))).rejects.toMatchObject({
        code: "invalid",
      });
    });

    test("the gateway makes a transition that the workflow refuses the member", async () => {
      const { tickets } = start({
        statuses: { open: ["New", "In Progress"], awaiting: ["Feedback"], resolved: ["Closed"], reopenTo: "New" },
      });
      const member = newMember();
      const { id } = await tickets.create(await draft(), by(member));
      await desk.change(id, { status_id: await desk.statusId("Feedback") });
      await tickets.reply(id, { clientId: uuid(), text: "Firefox." }, by(member));
      expect((await desk.issue(id)).status.name).toBe("New");
      const { items } = await tickets.thread(id, undefined, by(member));
      expect(items.map(({ author, text, change }) => [author.role, change?.status ?? text])).toEqual([
        ["member", "Odprem košarico."],
        ["agent", "awaiting"],
        ["member", "Firefox."],
        ["member", "open"],
      ]);
    });

    test("a status in no list is open and keeps Redmine's name", async () => {
      const { tickets } = start({
        statuses: { open: ["New"], awaiting: ["Feedback"], resolved: ["Closed"], reopenTo: "New" },
      });
      const member = newMember();
      const { id } = await tickets.create(await draft(), by(member));
      await desk.change(id, { status_id: await desk.statusId("Rejected") });
      expect(await tickets.get(id, by(member))).toMatchObject({ status: "open", statusLabel: "Rejected" });
      expect((await tickets.list({ filter: "open" }, by(member))).items).toMatchObject([{ id }]);
    });

    test("an issue is read again if it changed between its own read and that of its journals", async () => {
      const { proxy, adapter } = await proxied();
      const ana = newMember();
      const { id } = await adapter.tickets.create(await draft(), by(ana));
      const address = `/issues/${id}.json?include=journals%2Cattachments`;
      const before = await (await desk.call(address)).json();
      await desk.change(id, { status_id: await desk.statusId("Resolved") });
      const after = await (await desk.call(address)).json();
      // What the answer was when the change came in the middle of it.
      const torn = JSON.stringify({ issue: { ...after.issue, status: before.issue.status } });
      let told = 0;
      proxy.set((call) => {
        if (call.url !== address || told > 0) return undefined;
        told += 1;
        return { status: 200, headers: { "Content-Type": "application/json" }, body: torn };
      });
      expect(await adapter.tickets.get(id, by(ana))).toMatchObject({ status: "resolved" });
      expect(told).toBe(1);
    });

    test("concurrent replies and changes by an agent all arrive once", async () => {
      const { tickets } = start();
      const member = newMember();
      const { id } = await tickets.create(await draft(), by(member));
      const texts = ["a", "b", "c", "d"];
      await Promise.all([
        ...texts.map((text) => tickets.reply(id, { clientId: uuid(), text }, by(member))),
        desk.change(id, { notes: "agent" }),
      ]);
      const { items } = await tickets.thread(id, undefined, by(member));
      expect(
        items
          .slice(1)
          .map(({ text }) => text)
          .toSorted(),
      ).toEqual(["a", "agent", "b", "c", "d"]);
    });
  });

  describe("failures", () => {
    const to = (method: string, path: RegExp, fault: Fault) => (proxy: Proxy) => {
      let left = 1;
      proxy.set((call) => {
        if (call.method !== method || !path.test(call.url ?? "") || left === 0) return undefined;
        left -= 1;
        return fault;
      });
    };

    test("a Redmine that is down is unavailable, and works once it is up", async () => {
      const { proxy, adapter } = await proxied();
      proxy.set(() => "refuse");
      const member = newMember();
      await expect(adapter.tickets.list({ filter: "all" }, by(member))).rejects.toMatchObject({ code: "unavailable" });
      proxy.set(undefined);
      // A desk that did not answer is left alone for some seconds.
      const list = async () => await adapter.tickets.list({ filter: "all" }, by(member)).catch(() => undefined);
      await expect.poll(list, { timeout: 10_000 }).toEqual({ items: [] });
    });

    test.each<[string, Fault, string]>([
      [
        "a page with 200",
        { status: 200, headers: { "Content-Type": "text/html" }, body: "<h1>Login</h1>" },
        "unavailable",
      ],
      ["a redirect to the login page", { status: 302, headers: { Location: "/login" } }, "unavailable"],
      [
        "half of an answer",
        { status: 200, headers: { "Content-Type": "application/json" }, body: '{"issue' },
        "unknown",
      ],
      [
        "another answer",
        { status: 200, headers: { "Content-Type": "application/json" }, body: '{"issues":{}}' },
        "unknown",
      ],
      ["a list", { status: 200, headers: { "Content-Type": "application/json" }, body: "[1]" }, "unknown"],
      ["503", { status: 503 }, "unavailable"],
      ["429", { status: 429, headers: { "Retry-After": "7" } }, "rate-limited"],
    ])("%s is an error of the adapter's", async (_what, fault, code) => {
      const { proxy, adapter } = await proxied();
      const member = newMember();
      const { id } = await adapter.tickets.create(await draft(), by(member));
      proxy.set(() => fault);
      const calls = [
        adapter.tickets.list({ filter: "all" }, by(member)),
        adapter.tickets.get(id, by(member)),
        adapter.tickets.thread(id, undefined, by(member)),
        adapter.tickets.counts(by(member)),
        adapter.tickets.create(await draft(), by(member)),
        adapter.tickets.reply(id, { clientId: uuid(), text: "x" }, by(member)),
        adapter.uploads.upload(file(), by(member)),
      ];
      for (const settled of await Promise.allSettled(calls)) {
        expect(settled).toMatchObject({ status: "rejected", reason: { name: "AdapterError", code } });
      }
    });

    test("an answer after ten seconds is accepted, and one after the limit is a time-out", async () => {
      const { proxy, adapter } = await proxied();
      const member = newMember();
      await adapter.tickets.create(await draft(), by(member));
      to("GET", /^\/issues\.json/, { delayMs: 10_000 })(proxy);
      const slow = start({ url: proxy.url, callMs: 1000 });
      const [list] = await Promise.all([
        adapter.tickets.list({ filter: "all" }, by(member)),
        expect(slow.tickets.fields(by(member))).resolves.toHaveLength(8),
      ]);
      expect(list.items).toHaveLength(1);
      to("GET", /^\/issues\.json/, { delayMs: 3000 })(proxy);
      await expect(slow.tickets.counts(by(member))).rejects.toMatchObject({ code: "timeout" });
    }, 30_000);

    test("if the answer to a ticket is lost, a retry leads to one ticket with one note", async () => {
      const { proxy, adapter } = await proxied();
      const member = newMember();
      const wanted = await draft({ context: { page: "https://example.org/", browser: "Firefox" } });
      to("PUT", /^\/issues\//, "lose")(proxy);
      await expect(adapter.tickets.create(wanted, by(member))).rejects.toMatchObject({ code: "unavailable" });
      to("POST", /^\/issues\.json/, "lose")(proxy);
      const { id } = await adapter.tickets.create(wanted, by(member));
      expect(await adapter.tickets.counts(by(member))).toMatchObject({ all: 1 });
      expect((await desk.issue(id)).journals.filter((journal) => journal.private_notes)).toHaveLength(1);
    });

    test("if the answer to a reply is lost, a retry leads to one reply with its file", async () => {
      const { proxy, adapter } = await proxied();
      const member = newMember();
      const { id } = await adapter.tickets.create(await draft(), by(member));
      const attachment = await adapter.uploads.upload(file(), by(member));
      const reply = { clientId: uuid(), text: "See here", attachments: [attachment.id] };
      to("PUT", /^\/issues\//, "lose")(proxy);
      await expect(adapter.tickets.reply(id, reply, by(member))).rejects.toMatchObject({ code: "unavailable" });
      const message = await start().tickets.reply(id, reply, by(member));
      expect(message).toMatchObject({
        text: "See here",
        clientId: reply.clientId,
        attachments: [{ id: attachment.id }],
      });
      expect((await desk.issue(id)).journals).toHaveLength(1);
    });

    test("an interrupted upload is no file, and a retry succeeds", async () => {
      const { proxy, adapter } = await proxied();
      const member = newMember();
      const big = file("big.png", 3 * 1024 * 1024);
      to("POST", /^\/uploads\.json/, "cut")(proxy);
      await expect(adapter.uploads.upload(big, by(member))).rejects.toMatchObject({ code: "unavailable" });
      expect(await adapter.uploads.upload(big, by(member))).toMatchObject({ bytes: big.size });
    });
  });

  describe("polling", () => {
    test("is done once for all listeners", async () => {
      const { proxy, adapter } = await proxied({ pollMs: 100 });
      const members = [newMember(), newMember(), newMember()];
      for (const member of members) await adapter.tickets.create(await draft(), by(member));
      expect(proxy.asked.filter((line) => line.includes("sort=updated_on:desc&limit=1"))).toEqual([]);
      await Promise.all(members.map((member) => listen(adapter, member)));
      const looks = () =>
        proxy.asked.filter((line) => line.endsWith("subproject_id=!*&status_id=*&sort=updated_on:desc&limit=1"));
      const [before, begun] = [looks().length, Date.now()];
      await expect.poll(() => looks().length, { timeout: 30_000 }).toBeGreaterThan(before + 5);
      expect(looks().length - before).toBeLessThan((Date.now() - begun) / 100 + 3);
    });

    test("a member whom Redmine refuses meanwhile gets no more events, and everyone else does", async () => {
      const adapter = start();
      const login = `later-${uuid().slice(0, 8)}`;
      const id = await desk.makeUser(login);
      const [refused, other] = [{ ...newMember(), email: `${login}@example.org` }, newMember()];
      const tickets = [];
      for (const member of [refused, other]) tickets.push(await adapter.tickets.create(await draft(), by(member)));
      const [theirs, others] = [await listen(adapter, refused), await listen(adapter, other)];
      await desk.call(`/users/${id}.json`, { method: "PUT", json: { user: { status: 3 } }, key: desk.gatewayKey });
      for (const ticket of tickets) await desk.change(ticket.id, { notes: "hello" });
      await expect.poll(() => others.seen.map(({ type }) => type), { timeout: 5000 }).toEqual(["message", "ticket"]);
      expect(theirs.seen).toEqual([]);
    });

    test("a member's new ticket is reported without waiting for the next poll", async () => {
      const adapter = start({ pollMs: 60_000 });
      const member = newMember();
      const { seen } = await listen(adapter, member);
      const { id } = await adapter.tickets.create(await draft(), by(member));
      await expect.poll(() => seen, { timeout: 5000 }).toContainEqual(expect.objectContaining({ type: "ticket" }));
      expect(seen).toMatchObject([
        { type: "message", ticketId: id, message: { text: "Odprem košarico." } },
        { type: "ticket", ticket: { id } },
      ]);
    });
  });

  // A Redmine of one machine takes a second for each page of so many, and several on a busy one.
  test(
    "a member with 10,000 tickets reads the first page and the counts in a few small calls",
    { timeout: 180_000 },
    async () => {
      const { proxy, adapter } = await proxied();
      const member = newMember();
      const { id } = await adapter.tickets.create(await draft(), by(member));
      ending.push(copyIssue(id, 9999));
      await adapter.tickets.list({ filter: "all" }, by(member));
      const [calls, bytes] = [proxy.asked.length, proxy.bytes()];
      const page = await adapter.tickets.list({ filter: "all" }, by(member));
      expect(page.items).toHaveLength(20);
      expect(await adapter.tickets.counts(by(member))).toEqual({ open: 10_000, awaiting: 0, all: 10_000 });
      expect(proxy.asked.length - calls).toBeLessThanOrEqual(7);
      expect(proxy.bytes() - bytes).toBeLessThan(100_000);
      // All of them changed in one second: the pages join all the same.
      const seen = new Set(page.items.map((ticket) => ticket.id));
      let cursor = page.next;
      for (let pages = 0; pages < 5; pages += 1) {
        const next = await adapter.tickets.list({ filter: "all", limit: 80, cursor: cursor ?? "" }, by(member));
        for (const ticket of next.items) expect(seen.has(ticket.id)).toBe(false);
        for (const ticket of next.items) seen.add(ticket.id);
        cursor = next.next;
      }
      expect(seen.size).toBe(420);
      // A cursor from before all of them would be ten thousand calls.
      const before = proxy.asked.length;
      const feed = redmine({ ...desk.options, url: proxy.url }).changes!("1.", {
        signal: never,
        pause: async () => undefined,
      });
      await expect(feed[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "stale-cursor" });
      expect(proxy.asked.length - before).toBeLessThan(10);
      const search = await adapter.tickets.list({ filter: "all", search: "nikjer" }, by(member));
      expect(search.items).toEqual([]);
      expect(search.next).toBeDefined();
    },
  );

  describe("podpora check", () => {
    test("finds no fault in the documented set-up, and warns about the administrator's key", async () => {
      const found = await findings();
      expect(faults(found)).toEqual([]);
      const left = database((db) => db.prepare("SELECT * FROM attachments WHERE filename LIKE 'podpora-check%'").all());
      expect(left).toEqual([]);
      expect(risks(found)).toEqual([expect.stringContaining('"gateway" is an administrator')]);
      const text = found.map((finding) => finding.text).join("\n");
      for (const part of ["Feedback", "Podpora Ref", "Podpora Reply", "CSAT", "10485760 bytes", '"Customer"']) {
        expect(text).toContain(part);
      }
    });

    test.each<[string, Partial<RedmineOptions>, RegExp]>([
      ["a wrong key", { key: "0123456789abcdef0123456789abcdef01234567" }, /does not accept the key/],
      ["an agent's key", { key: installed("redmine")?.["NINA_KEY"] ?? "" }, /"nina" is not an administrator/],
      ["an address where nothing is", { url: "http://127.0.0.1:9" }, /cannot be reached/],
      ["a project that is not there", { project: "nowhere" }, /no project "nowhere"/],
      ["a tracker that is not there", { tracker: "Nowhere" }, /no tracker "Nowhere", only: Support/],
      ["a role that is not there", { role: "Nobody" }, /no role "Nobody"/],
      ["a role without a right", { role: "Reporter" }, /"Reporter" may not "Edit own issues"/],
      ["a field that is not there", { replyField: "Nothing" }, /no custom field "Nothing"/],
      ["a required field that is not asked for", { fields: ["Product"] }, /"Region" is required/],
      ["a limit over Redmine's", { maxFileBytes: 11 * 1024 * 1024 }, /11534336 bytes does not pass/],
      [
        "a status that is not there",
        { statuses: { open: ["New"], awaiting: ["Waiting"], resolved: ["Closed"], reopenTo: "New" } },
        /no status "Waiting"/,
      ],
    ])("names %s, and how to mend it", async (_what, more, message) => {
      const found = await findings({ maxFileBytes: 4096, ...more });
      expect(faults(found).join("\n")).toMatch(message);
      for (const finding of found.filter(({ level }) => level !== "good")) expect(finding.fix).toBeTruthy();
    });

    test("names permissions of the role that members do not need", async () => {
      const text = risks(await findings({ role: "Manager" })).join("\n");
      for (const part of ["View private notes", "Delete issues", "sees other members' issues"]) {
        expect(text).toContain(part);
      }
    });

    test("reports a Redmine that answers with HTML", async () => {
      const { proxy, adapter } = await proxied();
      proxy.set(() => ({ status: 200, headers: { "Content-Type": "text/html" }, body: "<h1>Welcome</h1>" }));
      const found: Finding[] = [];
      for await (const finding of adapter.check?.(never) ?? []) found.push(finding);
      expect(found).toMatchObject([{ level: "fault", text: expect.stringContaining("with a page") }]);
    });
  });

  async function agentsFile(): Promise<{ readonly id: number; readonly token: string }> {
    const response = await fetch(`${desk.url}/uploads.json?filename=agents.bin`, {
      method: "POST",
      headers: {
        "X-Redmine-API-Key": installed("redmine")?.["NINA_KEY"] ?? "",
        "Content-Type": "application/octet-stream",
      },
      body: crypto.getRandomValues(new Uint8Array(64)),
    });
    const { upload } = (await response.json()) as { readonly upload: { readonly id: number; readonly token: string } };
    return upload;
  }
});

function database<T>(use: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(installed("redmine")?.["DATABASE"] ?? "");
  try {
    db.exec("PRAGMA busy_timeout = 5000");
    return use(db);
  } finally {
    db.close();
  }
}

/** As many more of it, past Redmine. Gives what takes them out again. */
function copyIssue(issueId: string, count: number): () => void {
  const last = database((db) => {
    const columns = db
      .prepare("PRAGMA table_info(issues)")
      .all()
      .map((column) => String(column["name"]))
      .filter((name) => name !== "id")
      .join(", ");
    db.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO issues (${columns}) SELECT ${columns} FROM issues CROSS JOIN n WHERE issues.id = ?`,
    ).run(count, Number(issueId));
    const made = Number(db.prepare("SELECT last_insert_rowid() AS id").get()?.["id"]);
    db.exec("UPDATE issues SET root_id = id WHERE parent_id IS NULL AND root_id <> id");
    return made;
  });
  return () => {
    database((db) => db.prepare("DELETE FROM issues WHERE id BETWEEN ? AND ?").run(last - count + 1, last));
  };
}
