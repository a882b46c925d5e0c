import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { redmine, type RedmineOptions } from "../../src/adapters/redmine/index.ts";
import type { Finding, TicketEvent } from "../../src/core/contract/adapter.ts";
import { memoryStore } from "../../src/gateway/memory-store.ts";
import { fakeDesk, sendJson, withGateway } from "../../src/testing/index.ts";
import { ana, redmineAnswers, redmineFacts } from "./fake-redmine.ts";

interface Issue {
  readonly id: number;
  updated_on: string;
}

const FIRST = Date.parse("2026-01-01T00:00:00Z");
const time = (at: number) => new Date(at).toISOString().replace(".000Z", "Z");

function wholeIssue({ id, updated_on: updatedOn }: Issue) {
  return {
    id,
    project: { id: 1, name: "Help" },
    status: { id: 1, name: "New" },
    author: { id: ana.id, name: "Ana" },
    subject: "x",
    description: "words",
    created_on: time(FIRST - 3_600_000),
    updated_on: updatedOn,
    journals:
      updatedOn === time(FIRST)
        ? []
        : [{ id: id * 10, user: { id: 30, name: "Nina" }, notes: `answer ${id}`, created_on: updatedOn, details: [] }],
  };
}

/** A Redmine with issues of Ana's, as needed by its list. */
async function deskWith(issues: Issue[]) {
  const desk = await fakeDesk();
  let onRead = (_id: number): void => {};
  let away: ((answer: ServerResponse) => void) | undefined;

  function list(query: URLSearchParams) {
    const since = /^>=(\S+)$/.exec(query.get("updated_on") ?? "")?.[1] ?? "";
    const ids = query.get("issue_id") ?? "";
    const upTo = /^<=(\d+)$/.exec(ids)?.[1];
    const named = ids === "" || upTo !== undefined ? undefined : ids.split(",").map(Number);
    const key = ({ id, updated_on: at }: Issue) =>
      query.get("sort")?.startsWith("id") ? String(id).padStart(9, "0") : `${at}${String(id).padStart(9, "0")}`;
    const found = issues
      .filter(({ updated_on: at }) => at >= since)
      .filter(({ id }) => (named === undefined || named.includes(id)) && id <= Number(upTo ?? Infinity))
      .toSorted((left, right) => (key(left) < key(right) ? -1 : 1));
    if (query.get("sort")?.includes("desc")) found.reverse();
    const offset = Number(query.get("offset") ?? 0);
    return {
      issues: found.slice(offset, offset + Number(query.get("limit") ?? 25)).map(wholeIssue),
      total_count: found.length,
    };
  }

  desk.answer(
    redmineAnswers((path, answer, query) => {
      const id = Number(/^\/issues\/(\d+)\.json$/.exec(path)?.[1]);
      const issue = issues.find((one) => one.id === id);
      if (away !== undefined && path.startsWith("/issues")) away(answer);
      else if (path === "/issues.json") sendJson(answer, list(query));
      else if (issue !== undefined) {
        sendJson(answer, { issue: wholeIssue(issue) });
        onRead(id);
      } else return false;
      return true;
    }),
  );
  return { desk, leave: (how: typeof away) => (away = how), afterRead: (run: typeof onRead) => (onRead = run) };
}

function adapterOf(url: string, more: Partial<RedmineOptions> = {}) {
  const options = { project: "help", tracker: "Support", role: "Customer", pollMs: 100, ...more };
  return redmine({ url, key: "0123456789abcdef0123456789abcdef01234567", ...options });
}

const contextOf = (signal = AbortSignal.timeout(20_000), email = ana.mail) => ({
  signal,
  locale: "en",
  member: { id: email, email },
});

async function listen(copy: ReturnType<typeof adapterOf>, store = memoryStore(), cursor?: string) {
  const abort = new AbortController();
  const adapter = withGateway(copy, store);
  const end = async (): Promise<void> => {
    abort.abort();
    await adapter.dispose?.();
  };
  onTestFinished(end);
  const told: TicketEvent[] = [];
  let error: { code?: string } | undefined;
  const connected = new Promise<void>((resolve) => {
    const ctx = { ...contextOf(abort.signal), onConnected: resolve };
    async function read(): Promise<void> {
      for await (const event of adapter.tickets!.events!(cursor, ctx)) told.push(event);
    }
    read().catch((cause: { code?: string }) => (error = cause));
  });
  await connected;
  return {
    removed: () => told.flatMap((event) => (event.type === "removed" ? [event.ticketId] : [])),
    words: () => told.flatMap((event) => (event.type === "message" ? [event.message.text] : [])),
    error: () => error,
    cursor: () => told.at(-1)?.cursor,
    end,
  };
}

const refuse = (answer: ServerResponse): void => void answer.writeHead(503, { "Retry-After": "1" }).end();

describe("a stream", () => {
  test("survives an outage of Redmine, and gets the events in between", async () => {
    const issue = { id: 1, updated_on: time(FIRST) };
    const { desk, leave } = await deskWith([issue]);
    const stream = await listen(adapterOf(desk.url));
    let failed = 0;
    leave((answer) => {
      failed += 1;
      if (failed === 2) leave(undefined);
      refuse(answer);
    });
    issue.updated_on = time(FIRST + 60_000);
    await expect.poll(stream.words).toEqual(["answer 1"]);
    expect([failed, stream.error()]).toEqual([2, undefined]);
  });

  test("reports a removal although another issue is created before the next poll", async () => {
    const issues = [1, 2].map((id) => ({ id, updated_on: time(FIRST) }));
    const { desk } = await deskWith(issues);
    const stream = await listen(adapterOf(desk.url));
    issues.splice(0, 1, { id: 3, updated_on: time(FIRST + 60_000) });
    await expect.poll(stream.removed).toEqual(["1"]);
    expect(stream.words()).toEqual(["answer 3"]);
  });

  test("reports the removal of an issue that is created and deleted within one poll", async () => {
    const issues = [{ id: 1, updated_on: time(FIRST) }];
    const { desk, afterRead } = await deskWith(issues);
    const stream = await listen(adapterOf(desk.url));
    afterRead((id) => {
      if (id === 2) issues.pop();
    });
    issues.push({ id: 2, updated_on: time(FIRST + 60_000) });
    await expect.poll(stream.removed).toEqual(["2"]);
    expect(stream.words()).toEqual(["answer 2"]);
  });

  test("repeats no event when the feed resumes at another copy of the gateway", async () => {
    const issues = [1, 2, 3].map((id) => ({ id, updated_on: time(FIRST) }));
    const { desk } = await deskWith(issues);
    const store = memoryStore();
    const first = await listen(adapterOf(desk.url), store);
    for (const [at, issue] of issues.entries()) issue.updated_on = time(FIRST + 60_000 + 1000 * at);
    await expect.poll(first.words).toHaveLength(3);
    await first.end();
    issues[0]!.updated_on = time(FIRST + 62_000);
    const second = await listen(adapterOf(desk.url), store, first.cursor());
    issues.push({ id: 4, updated_on: time(FIRST + 62_000) });
    await expect.poll(second.words).toContain("answer 4");
    expect([...first.words(), ...second.words()].toSorted()).toEqual(["answer 1", "answer 2", "answer 3", "answer 4"]);
  });

  test.each([
    ["in one second", 0],
    ["one each second", 1000],
  ])(
    "reports each of 1,200 tickets that change within a poll, %s",
    async (_how, apart) => {
      const issues = Array.from({ length: 1200 }, (_, at) => ({ id: at + 1, updated_on: time(FIRST) }));
      const { desk } = await deskWith(issues);
      const stream = await listen(adapterOf(desk.url));
      issues.forEach((issue, at) => (issue.updated_on = time(FIRST + 60_000 + at * apart)));
      await expect.poll(() => stream.words().length, { timeout: 40_000 }).toBe(1200);
      expect(new Set(stream.words()).size).toBe(1200);
      expect(stream.error()).toBeUndefined();
    },
    60_000,
  );
});

describe("a member's user", () => {
  afterEach(() => void vi.useRealTimers());
  const searches = (asked: readonly string[]) => asked.filter((call) => call.startsWith("GET /users.json")).length;

  test("is searched by address once in ten minutes, and read by id every half minute", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const { desk } = await deskWith([]);
    const { tickets } = adapterOf(desk.url);
    const calls = async () => {
      for (let at = 0; at < 9; at += 1) {
        vi.advanceTimersByTime(60_000);
        await Promise.all([1, 2, 3].map(async () => await tickets!.list!({ filter: "all" }, contextOf())));
      }
    };
    await calls();
    expect(searches(desk.asked)).toBe(1);
    expect(desk.asked.filter((call) => call.startsWith("GET /users/11.json"))).toHaveLength(9);
    vi.advanceTimersByTime(120_000);
    await tickets!.list!({ filter: "all" }, contextOf());
    expect(searches(desk.asked)).toBe(2);
  });

  test("is searched again if the user has another address or role by now", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const { desk } = await deskWith([]);
    const { tickets } = adapterOf(desk.url);
    await tickets!.list!({ filter: "all" }, contextOf());
    const answers = (user: object) =>
      redmineAnswers((path, answer) => {
        if (path === "/users/11.json") sendJson(answer, { user: { ...ana, ...user } });
        else if (path === "/users.json") sendJson(answer, { users: [], total_count: 0 });
        else return false;
        return true;
      });
    const agent = { project: { id: 1, name: "Help" }, roles: [{ id: 5, name: "Agent" }] };
    desk.answer(answers({ memberships: [agent] }));
    vi.advanceTimersByTime(31_000);
    await expect(tickets!.list!({ filter: "all" }, contextOf())).rejects.toMatchObject({ code: "forbidden" });
    desk.answer(answers({ mail: "other@example.org" }));
    vi.advanceTimersByTime(31_000);
    expect(await tickets!.list!({ filter: "all" }, contextOf())).toEqual({ items: [] });
    expect(searches(desk.asked)).toBe(2);
  });

  test("that does not exist is searched once in five minutes", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const { desk } = await deskWith([]);
    const { tickets } = adapterOf(desk.url);
    for (let at = 0; at < 10; at += 1) {
      expect(await tickets!.list!({ filter: "all" }, contextOf(undefined, "nobody@example.org"))).toEqual({
        items: [],
      });
      vi.advanceTimersByTime(28_000);
    }
    expect(searches(desk.asked)).toBe(1);
  });
});

describe("a status that Redmine does not have", () => {
  const usual = { open: ["New"], awaiting: ["Feedback"], resolved: ["Resolved", "Closed"], reopenTo: "New" };
  const wrong: readonly (readonly [string, RedmineOptions["statuses"] & object])[] = [
    ["statuses.awaiting", { ...usual, awaiting: ["Feedbak"] }],
    ["statuses.open", { ...usual, open: ["New", "Feedbak"] }],
    ["statuses.resolved", { ...usual, resolved: ["Closed", "Feedbak"] }],
  ];

  test.each(wrong)(
    "is reported at first use with the option's name, %s, and the existing ones",
    async (option, statuses) => {
      const { desk } = await deskWith([]);
      const message = `the option "${option}" names an unknown status "Feedbak"; Redmine has: New, In Progress, Feedback, Resolved, Closed, Rejected`;
      await expect(
        adapterOf(desk.url, { statuses }).tickets!.list!({ filter: "awaiting" }, contextOf()),
      ).rejects.toMatchObject({ code: "unavailable", message });
    },
  );

  test.each(wrong)("is a fault of `podpora check`, with the option's name: %s", async (option, statuses) => {
    const { desk } = await deskWith([]);
    desk.answer(
      redmineAnswers((path, answer) => {
        if (path === "/uploads.json") sendJson(answer, { upload: { id: 1, token: "1.a" } });
        else if (path === "/roles/4.json") sendJson(answer, { role: { permissions: [] } });
        else return false;
        return true;
      }),
    );
    const findings: Finding[] = [];
    for await (const finding of adapterOf(desk.url, { statuses }).check!(contextOf().signal)) findings.push(finding);
    const fix = `Use an existing name in the option "${option}": New, In Progress, Feedback, Resolved, Closed, Rejected.`;
    expect(findings).toContainEqual({ level: "fault", text: 'There is no status "Feedbak".', fix });
  });

  test("is no fault if it is a default, and others exist", async () => {
    const { desk } = await deskWith([]);
    const statuses = {
      issue_statuses: ["New", "In Progress", "Feedback", "Resolved"].map((name, at) => ({ id: at + 1, name })),
    };
    desk.answer(
      redmineAnswers((path, answer) => path === "/issue_statuses.json" && (sendJson(answer, statuses), true)),
    );
    expect(redmineFacts).toHaveProperty(["/issue_statuses.json"]);
    expect(await adapterOf(desk.url).tickets!.list!({ filter: "awaiting" }, contextOf())).toEqual({ items: [] });
  });
});
