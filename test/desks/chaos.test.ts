import { afterAll, describe, expect, inject, test } from "vitest";
import * as v from "valibot";
import { connectRest } from "../../src/adapters/rest/index.ts";
import type { Adapter, CallContext, Member } from "../../src/core/contract/adapter.ts";
import { isRetryable } from "../../src/core/contract/errors.ts";
import { keptToken } from "../adapters/tokens.ts";
import { audience, siteSecret, siteToken } from "../gateway/server.ts";
import { freePorts, podpora, stopAll, type Podpora } from "../server/process.ts";
import { seededRandom } from "../simulator/random.ts";
import { installed } from "./installed.ts";
import { redmineDesk } from "./redmine-desk.ts";
import { roundRobin } from "./round-robin.ts";
import { openTcpProxy, type TcpProxy } from "./tcp-proxy.ts";
import { KEY, xmppServer } from "./xmpp-desk.ts";

// Two copies of the gateway, Redis, Prosody and Redmine, with a proxy before each that breaks by chance. `CHAOS_SECONDS`
// and `CHAOS_MEMBERS` make it longer and larger, `CHAOS_SEED` repeats the order of the faults.

const seconds = Number(process.env["CHAOS_SECONDS"] ?? 60);
const chatters = Number(process.env["CHAOS_MEMBERS"] ?? 40);
const writers = Math.max(3, Math.floor(chatters / 10));
const seed = Number(process.env["CHAOS_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
/** Each part is well again so long after its fault has ended. */
const RECOVERY_MS = 30_000;

const needed = ["prosody", "redis", "redmine"] as const;
const ready = needed.every((desk) => inject("desks").includes(desk));
const ending: (() => Promise<void> | void)[] = [];
afterAll(async () => {
  for (const end of ending.toReversed()) await end();
  await stopAll();
}, 60_000);

const sleep = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));
const ctx = (): CallContext => ({ signal: AbortSignal.timeout(20_000), locale: "en" });

/** As the widget does: again under the same `clientId`, until there is an answer. */
async function until<T>(call: () => Promise<T>, onFailure: (error: unknown) => void = () => undefined): Promise<T> {
  for (;;) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- again only after it failed
      return await call();
    } catch (error) {
      onFailure(error);
      // What the gateway has refused for its own reasons is a failure of this test.
      if (!isRetryable(error)) throw error;
      // oxlint-disable-next-line no-await-in-loop -- see above
      await sleep(500);
    }
  }
}

const note =
  ({ trouble }: Person) =>
  (error: unknown) => {
    trouble.push(`${new Date().toISOString().slice(14, 23)} ${String(error)}`);
  };

interface Person {
  readonly member: Member;
  readonly adapter: Adapter;
  /** What was acknowledged, in its order. */
  readonly words: string[];
  /** When the last word was acknowledged. */
  heardAt: number;
  /** What came instead, with its time. */
  readonly trouble: string[];
}

describe.skipIf(!ready)("with faults in every part that the gateway needs", () => {
  test(
    `what is acknowledged in ${seconds} s is there once, nobody reads another's, and all parts recover (seed ${seed})`,
    { timeout: (seconds + 150) * 1000 },
    async () => {
      const random = seededRandom(seed);
      const prosody = xmppServer("prosody");
      const redmine = redmineDesk();
      const region = await redmine.fieldKey("Region");
      const run = `chaos-${Date.now()}`;
      const proxies: Record<string, TcpProxy> = {};
      async function before(name: string, url: string): Promise<string> {
        const target = new URL(url);
        const proxy = await openTcpProxy(Number(target.port), target.hostname);
        proxies[name] = proxy;
        ending.push(async () => await proxy.close());
        target.hostname = "127.0.0.1";
        target.port = String(proxy.port);
        return target.href.replace(/\/$/, "");
      }
      const places = {
        redis: await before("redis", installed("redis")?.["URL"] ?? ""),
        redmine: await before("redmine", redmine.url),
        prosody: await before("prosody", prosody.options(run).servers[0] ?? ""),
      };
      // Other tests run beside this one.
      const copies = [`chat-f.${prosody.domain}`, `chat-g.${prosody.domain}`];
      const ports = await freePorts(4);

      async function startCopy(index: number): Promise<Podpora> {
        const chat = {
          ...prosody.options(run),
          servers: [places.prosody],
          component: copies[index],
          copies,
          files: undefined,
        };
        const tickets = { ...redmine.options, url: places.redmine, callMs: 10_000 };
        const from = (path: string) => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);
        const config = `
import { defineConfig, secret } from ${from("server/index.ts")};
import { combine } from ${from("adapters/combine/index.ts")};
import { redmine } from ${from("adapters/redmine/index.ts")};
import { xmpp } from ${from("adapters/xmpp/index.ts")};
export default defineConfig({
  adapter: combine({ tickets: redmine(${JSON.stringify(tickets)}), chat: xmpp(${JSON.stringify(chat)}) }),
  secret: secret("PODPORA_SECRET"),
  identity: { secret: secret("SITE_SECRET"), audience: ${JSON.stringify(audience)} },
  uploads: { directory: "uploads" },
  redis: ${JSON.stringify(places.redis)},
  assets: async () => undefined,
  port: ${ports[index]},
  management: { port: ${ports[index + 2]} },
});`;
        const copy = await podpora(["serve"], config, { PODPORA_SECRET: KEY, SITE_SECRET: siteSecret });
        await expect.poll(() => copy.out() + copy.err(), { timeout: 20_000 }).toContain('"msg":"started"');
        return copy;
      }
      let [first] = [await startCopy(0), await startCopy(1)];
      const balancer = await roundRobin(ports.slice(0, 2));
      ending.push(async () => await balancer.close());

      const begin = async (member: Member): Promise<Person> => {
        const token = keptToken(await siteToken(member, "1h"));
        const adapter = await until(async () => await connectRest({ endpoint: balancer.origin, token }, ctx()));
        return { member, adapter, words: [], heardAt: Date.now(), trouble: [] };
      };
      const people = async (count: number, kind: string) =>
        await Promise.all(
          Array.from({ length: count }, async (_, index) => {
            const id = `${run}-${kind}${index}`;
            return await begin({ id, name: `${kind} ${index}`, email: `${id}@example.org` });
          }),
        );
      const inChat = await people(chatters, "chat");
      const withTickets = await people(writers, "ticket");

      const chats = new Map<Person, string>();
      for (const person of inChat) {
        const { member, adapter } = person;
        const request = {
          clientId: crypto.randomUUID(),
          name: "x",
          email: "x@example.org",
          question: `${member.id} asks`,
        };
        // oxlint-disable-next-line no-await-in-loop -- they come one after the other
        const opened = await until(async () => await adapter.chat!.open(request, ctx()));
        chats.set(person, opened.id);
        person.words.push(request.question);
      }

      const state = { isOver: false };
      async function talk(person: Person): Promise<void> {
        const { adapter, member } = person;
        for (let count = 0; !state.isOver; count += 1) {
          const draft = { clientId: crypto.randomUUID(), text: `${member.id} word ${count}` };
          await until(async () => await adapter.chat!.send(chats.get(person) ?? "", draft, ctx()), note(person));
          person.words.push(draft.text);
          person.heardAt = Date.now();
          await sleep(500 + Math.random() * 4000);
        }
      }
      async function submit(person: Person): Promise<void> {
        const { adapter, member } = person;
        for (let count = 0; !state.isOver; count += 1) {
          const fields = { [region]: "Gorenjska" };
          const draft = { clientId: crypto.randomUUID(), title: `${member.id} ticket ${count}`, text: "x", fields };
          await until(async () => await adapter.tickets!.create(draft, ctx()), note(person));
          person.words.push(draft.title);
          person.heardAt = Date.now();
          await sleep(4000 + Math.random() * 6000);
        }
      }
      /** What no widget would have tried again: there must be none. */
      const failures: unknown[] = [];
      const work = Promise.all(
        [...inChat.map(talk), ...withTickets.map(submit)].map((each) =>
          each.catch((error: unknown) => failures.push(String(error))),
        ),
      );

      const faults = ["silent", "refuse", "slow", "cut", "kill"] as const;
      const end = Date.now() + seconds * 1000;
      while (Date.now() < end && failures.length === 0) {
        const fault = faults[Math.floor(random() * faults.length)];
        const name = Object.keys(proxies)[Math.floor(random() * 3)] ?? "redis";
        const proxy = proxies[name];
        const ms = 1000 + Math.floor(random() * 7000);
        if (fault === "kill") {
          first.child.kill("SIGKILL");
          // oxlint-disable-next-line no-await-in-loop -- one fault after the other
          first = await startCopy(0);
        } else if (fault === "cut") proxy?.cut();
        else {
          proxy?.set(fault === "slow" ? { delayMs: 800 } : fault);
          if (fault === "refuse") proxy?.cut();
          // oxlint-disable-next-line no-await-in-loop -- one fault after the other
          await sleep(ms);
          proxy?.set(undefined);
          // Behind a path that was a black hole, nobody learns of the end: those connections are gone.
          if (fault === "silent") proxy?.cut();
        }
        // oxlint-disable-next-line no-await-in-loop -- one fault after the other
        await sleep(1000 + random() * 2000);
      }
      const healedAt = Date.now();
      expect(failures).toEqual([]);
      await expect
        .poll(
          () =>
            [...inChat, ...withTickets]
              .filter(({ heardAt }) => heardAt < healedAt)
              .map(({ member, trouble }) => [member.id, ...trouble.slice(-5)]),
          {
            timeout: RECOVERY_MS,
            interval: 500,
          },
        )
        .toEqual([]);
      state.isOver = true;
      await work;
      expect(failures).toEqual([]);

      const stories = await Promise.all(inChat.map(async (person) => await story(person, chats.get(person) ?? "")));
      expect(stories).toEqual(inChat.map(({ words }) => words));
      for (const { adapter, member, words } of withTickets) {
        // oxlint-disable-next-line no-await-in-loop -- Redmine on SQLite likes one at a time
        const page = await until(async () => await adapter.tickets!.list!({ filter: "all", limit: 100 }, ctx()));
        expect(page.items.map(({ title }) => title).toSorted()).toEqual(words.toSorted());
        // oxlint-disable-next-line no-await-in-loop -- see above
        expect(await subjectsOf(redmine, member.id)).toEqual(words.toSorted());
      }
      for (const port of ports.slice(2)) {
        // oxlint-disable-next-line no-await-in-loop -- two
        expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
      }
    },
  );
});

/** Everything that the desk's archive has of a chat, read anew. */
async function story({ adapter }: Person, id: string): Promise<readonly string[]> {
  const texts: string[] = [];
  let before: string | undefined;
  do {
    const cursor = before;
    // oxlint-disable-next-line no-await-in-loop -- each page leads to the next
    const page = await until(async () => await adapter.chat!.history!(id, cursor, ctx()));
    texts.unshift(...page.items.filter(({ author }) => author.role === "member").map(({ text }) => text));
    before = page.next;
  } while (before !== undefined);
  return texts;
}

const issues = v.object({ issues: v.array(v.object({ subject: v.string() })) });

/** The subjects of the issues at the desk that name this member, as an agent sees them. */
async function subjectsOf(redmine: ReturnType<typeof redmineDesk>, memberId: string): Promise<readonly string[]> {
  const query = new URLSearchParams({ subject: `~${memberId} `, status_id: "*", limit: "100" });
  const found = await redmine.json(`/issues.json?${query}`, issues);
  return found.issues.map(({ subject }) => subject).toSorted();
}
