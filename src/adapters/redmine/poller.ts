import { isAdapterError } from "../../core/contract/errors.ts";
import type { Customer } from "./customers.ts";
import type { Facts } from "./facts.ts";
import { readIssue, type Desk, type OwnIssue } from "./issues.ts";
import * as schemas from "./schemas.ts";

/** Who is told of what changed. */
export interface Follower {
  /** Undefined while Redmine does not know the member. */
  readonly customer: () => Customer | undefined;
  readonly known: () => readonly number[];
  changed(issues: readonly OwnIssue[]): void;
  gone(id: number): void;
  /** After each look. Never rejects. */
  looked(): Promise<void>;
  failed(error: unknown): void;
}

export interface Poller {
  /** Looks while anybody follows. Resolves once it sees whatever happens from now on; `stop` may be called before that. */
  follow(follower: Follower): { readonly ready: Promise<void>; stop(): void };
  /** Looks at once: something was written. */
  wake(): void;
}

interface Seen {
  readonly updatedOn: string;
  readonly at: number;
  /** Was read after the second of its last change was over. */
  settled: boolean;
}

const PAGE = 100;
const PAGES_MOST = 5;
const AUTHORS_MOST = 100;
const SETTLED_MS = 2000;
const OVERLAP_MS = 5000;

/** One for all streams of this process: a small call a look, and two and one for each changed issue when there is news. */
export function createPoller(desk: Desk): Poller {
  const { api, settings, closed } = desk;
  const followers = new Set<Follower>();
  let round: AbortController | undefined;
  let started: Promise<void> = Promise.resolve();
  let wakeUp: (() => void) | undefined;
  /** Something was written while a look was under way, which may have missed it. */
  let woken = false;

  const within = { project_id: settings.project, subproject_id: "!*", status_id: "*" };

  async function ask(query: Record<string, string | number>, signal: AbortSignal) {
    return await api.own.json({ path: "/issues.json", query: { ...within, ...query } }, schemas.issues, signal);
  }

  function begin(): void {
    const abort = new AbortController();
    round = abort;
    const signal = AbortSignal.any([abort.signal, closed]);
    const looks = createLooks(signal);
    started = looks.start();
    void run(looks, signal);
  }

  async function run(looks: ReturnType<typeof createLooks>, signal: AbortSignal): Promise<void> {
    try {
      await started;
      while (!signal.aborted) {
        // oxlint-disable-next-line no-await-in-loop -- one look after the other
        await pause(signal);
        if (signal.aborted) return;
        // oxlint-disable-next-line no-await-in-loop -- as above
        await looks.next();
        // oxlint-disable-next-line no-await-in-loop -- as above
        await Promise.all([...followers].map((one) => one.looked()));
      }
    } catch (error) {
      if (signal.aborted) return;
      round = undefined;
      for (const one of followers) one.failed(error);
      followers.clear();
    }
  }

  async function pause(signal: AbortSignal): Promise<void> {
    if (!woken) {
      await new Promise<void>((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", end);
          resolve();
        };
        const timer = setTimeout(end, settings.pollMs);
        signal.addEventListener("abort", end, { once: true });
        wakeUp = end;
      });
    }
    woken = false;
  }

  function createLooks(signal: AbortSignal) {
    let since = "";
    /** When `since` was first seen, and when was last looked at all that changed since then. */
    let [sinceAt, lookedAt] = [0, 0];
    let newestId = 0;
    let total = 0;
    let seen = new Map<number, Seen>();

    async function newest() {
      const { issues, total_count: count } = await ask({ sort: "updated_on:desc", limit: 1 }, signal);
      return { at: issues[0]?.updated_on ?? "1970-01-01T00:00:00Z", count };
    }

    /** A change is seen when it is whole, which may be after a later one. */
    const overlapping = () => new Date(Date.parse(since) - OVERLAP_MS).toISOString().replace(".000Z", "Z");

    /** The followers' own, the first changed first; of more than a look can read, the newest. */
    async function changedIssues(): Promise<readonly schemas.Issue[]> {
      const authors = [...new Set([...followers].flatMap((one) => one.customer()?.id ?? []))];
      if (authors.length === 0) return [];
      const found: schemas.Issue[] = [];
      for (let page = 0; page < PAGES_MOST; page += 1) {
        const query = {
          updated_on: `>=${overlapping()}`,
          sort: "updated_on:desc,id:desc",
          limit: PAGE,
          offset: page * PAGE,
          // More would make an address that is too long for some servers.
          ...(authors.length <= AUTHORS_MOST ? { author_id: authors.join("|") } : {}),
        };
        // oxlint-disable-next-line no-await-in-loop -- one page after the other
        const { issues, total_count: count } = await ask(query, signal);
        found.push(...issues);
        if (issues.length < PAGE || found.length >= count) break;
      }
      return found.toReversed();
    }

    /** Whether it may hold what was not read yet; two changes in one second look the same. */
    function isFresh({ id, updated_on: updatedOn }: schemas.Issue): boolean {
      const now = performance.now();
      const before = seen.get(id);
      if (before?.updatedOn !== updatedOn) {
        seen.set(id, { updatedOn, at: now, settled: false });
        return true;
      }
      if (before.settled) return false;
      before.settled = now - before.at >= SETTLED_MS;
      return true;
    }

    async function tell(issues: readonly schemas.Issue[]): Promise<void> {
      const facts = await desk.facts(signal);
      const customers = new Map([...followers].flatMap((one) => pairOf(one.customer())));
      for (const [id, customer] of customers) {
        const theirs = issues.filter(({ author }) => author?.id === id);
        const audience = [...followers].filter((one) => one.customer()?.id === id);
        try {
          // oxlint-disable-next-line no-await-in-loop -- as many at once would be more than a desk has to take
          const read = await readAll(theirs, customer, facts);
          if (read.length > 0) for (const one of audience) one.changed(read);
        } catch (error) {
          // One whom Redmine refuses, such as a user who was locked, takes nobody else's stream along.
          for (const one of audience) one.failed(error);
        }
      }
    }

    async function readAll(issues: readonly schemas.Issue[], customer: Customer, facts: Facts) {
      const read: OwnIssue[] = [];
      for (const { id } of issues) {
        try {
          // oxlint-disable-next-line no-await-in-loop -- as above
          read.push(await readIssue(desk, String(id), customer, facts, signal));
        } catch (error) {
          // It went meanwhile: that is told apart.
          if (!isAdapterError(error) || error.code !== "not-found") throw error;
        }
      }
      return read;
    }

    /** Redmine says nothing of what it deletes or moves: it is missed by its number. */
    async function findGone(count: number): Promise<void> {
      const made = await ask({ issue_id: `>=${newestId + 1}`, sort: "id:desc", limit: 1 }, signal);
      const isExplained = count === total + made.total_count;
      total = count;
      newestId = made.issues[0]?.id ?? newestId;
      if (isExplained) return;
      const known = [...new Set([...followers].flatMap((one) => one.known()))];
      for (let from = 0; from < known.length; from += PAGE) {
        const some = known.slice(from, from + PAGE);
        // oxlint-disable-next-line no-await-in-loop -- as above
        const { issues } = await ask({ issue_id: some.join(","), limit: PAGE }, signal);
        const there = new Set(issues.map(({ id }) => id));
        for (const id of some) if (!there.has(id)) for (const one of followers) one.gone(id);
      }
    }

    return {
      async start() {
        const { at, count } = await newest();
        since = at;
        sinceAt = performance.now();
        total = count;
        const { issues } = await ask({ sort: "id:desc", limit: 1 }, signal);
        newestId = issues[0]?.id ?? 0;
      },
      async next() {
        const now = performance.now();
        const { at, count } = await newest();
        if (at === since && count === total && lookedAt - sinceAt >= SETTLED_MS) return;
        lookedAt = now;
        await tell((await changedIssues()).filter(isFresh));
        if (count !== total) await findGone(count);
        if (at !== since) sinceAt = now;
        since = at;
        seen = new Map([...seen].filter(([, { updatedOn }]) => updatedOn >= overlapping()));
      },
    };
  }

  return {
    follow(follower) {
      followers.add(follower);
      if (round === undefined) begin();
      return {
        ready: started,
        stop() {
          followers.delete(follower);
          if (followers.size > 0) return;
          round?.abort();
          round = undefined;
        },
      };
    },
    wake() {
      woken = true;
      wakeUp?.();
    },
  };
}

function pairOf(customer: Customer | undefined): readonly (readonly [number, Customer])[] {
  return customer ? [[customer.id, customer]] : [];
}
