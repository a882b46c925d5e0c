import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { redmine, type RedmineOptions } from "../../src/adapters/redmine/index.ts";
import type { Finding, TicketEvent } from "../../src/core/contract/adapter.ts";
import { fakeDesk, sendJson } from "./fake-desk.ts";
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

/** A Redmine with issues of Ana's, as far as its list is asked for them. */
async function deskWith(issues: Issue[]) {
  const desk = await fakeDesk();
  let away: ((answer: ServerResponse) => void) | undefined;

  function list(query: URLSearchParams) {
    const since = /^>=(\S+)$/.exec(query.get("updated_on") ?? "")?.[1] ?? "";
    const ids = query.get("issue_id") ?? "";
    const from = /^>=(\d+)$/.exec(ids)?.[1];
    const named = ids === "" || from !== undefined ? undefined : ids.split(",").map(Number);
    const key = ({ id, updated_on: at }: Issue) =>
      query.get("sort")?.startsWith("id") ? String(id).padStart(9, "0") : `${at}${String(id).padStart(9, "0")}`;
    const found = issues
      .filter(({ updated_on: at }) => at >= since)
      .filter(({ id }) => (named === undefined || named.includes(id)) && id >= Number(from ?? 0))
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
      else if (issue !== undefined) sendJson(answer, { issue: wholeIssue(issue) });
      else return false;
      return true;
    }),
  );
  return { desk, leave: (how: typeof away) => (away = how) };
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

async function listen(adapter: ReturnType<typeof adapterOf>) {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const told: TicketEvent[] = [];
  let error: { code?: string } | undefined;
  const connected = new Promise<void>((resolve) => {
    const ctx = { ...contextOf(abort.signal), onConnected: resolve };
    async function read(): Promise<void> {
      for await (const event of adapter.tickets!.events!(undefined, ctx)) told.push(event);
    }
    read().catch((cause: { code?: string }) => (error = cause));
  });
  await connected;
  return {
    words: () => told.flatMap((event) => (event.type === "message" ? [event.message.text] : [])),
    error: () => error,
    stop: () => abort.abort(),
  };
}

const refuse = (answer: ServerResponse): void => void answer.writeHead(503, { "Retry-After": "1" }).end();

describe("a stream", () => {
  test("outlives one look that failed, and hears what came meanwhile", async () => {
    const issue = { id: 1, updated_on: time(FIRST) };
    const { desk, leave } = await deskWith([issue]);
    const stream = await listen(adapterOf(desk.url));
    let failed = 0;
    leave((answer) => {
      failed += 1;
      leave(undefined);
      refuse(answer);
    });
    issue.updated_on = time(FIRST + 60_000);
    await expect.poll(stream.words).toEqual(["answer 1"]);
    expect([failed, stream.error()]).toEqual([1, undefined]);
  });

  test("that has ended leaves nobody who asks Redmine", async () => {
    const { desk } = await deskWith([{ id: 1, updated_on: time(FIRST) }]);
    const adapter = adapterOf(desk.url);
    const streams = [await listen(adapter), await listen(adapter)];
    for (const { stop } of streams) stop();
    await expect
      .poll(async () => {
        const before = desk.asked.length;
        await new Promise((resolve) => setTimeout(resolve, 500));
        return desk.asked.length - before;
      })
      .toBe(0);
  });

  test("ends when two looks fail in a row", async () => {
    const { desk, leave } = await deskWith([{ id: 1, updated_on: time(FIRST) }]);
    const stream = await listen(adapterOf(desk.url));
    leave(refuse);
    await expect.poll(stream.error).toMatchObject({ code: "unavailable" });
  });

  test.each([
    ["in one second", 0],
    ["one each second", 1000],
  ])(
    "hears of each of 1,200 tickets that change within a look, %s",
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

describe("who a member is", () => {
  afterEach(() => void vi.useRealTimers());
  const searches = (asked: readonly string[]) => asked.filter((call) => call.startsWith("GET /users.json")).length;

  test("is looked for by their address once in ten minutes, and by their number each half a minute", async () => {
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

  test("is looked for once more when the user has another address by now, or another role", async () => {
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

  test("who is none in Redmine is looked for once in five minutes", async () => {
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
    "is told at first use by the option's name, %s, and with those that there are",
    async (option, statuses) => {
      const { desk } = await deskWith([]);
      const message = `the option "${option}" names a status "Feedbak"; Redmine has: New, In Progress, Feedback, Resolved, Closed, Rejected`;
      await expect(
        adapterOf(desk.url, { statuses }).tickets!.list!({ filter: "awaiting" }, contextOf()),
      ).rejects.toMatchObject({ code: "unavailable", message });
    },
  );

  test.each(wrong)("is a fault of `podpora check`, by the option's name: %s", async (option, statuses) => {
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
    const fix = `Name in the option "${option}" what there is: New, In Progress, Feedback, Resolved, Closed, Rejected.`;
    expect(findings).toContainEqual({ level: "fault", text: 'There is no status "Feedbak".', fix });
  });

  test("is no fault where it stands by default, and others do", async () => {
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
