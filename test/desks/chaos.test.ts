import { afterAll, describe, expect, inject, onTestFailed, test } from "vitest";
import * as v from "valibot";
import type { Ticket } from "../../src/core/contract/adapter.ts";
import { freePorts } from "../support/free-ports.ts";
import { stopAll } from "../server/process.ts";
import { seededRandom } from "../simulator/random.ts";
import { breakParts, tableOf } from "./chaos-faults.ts";
import { beginPerson, ctx, overhear, sleep, story, until, write, type Person } from "./chaos-people.ts";
import { openChaosSite } from "./chaos-site.ts";
import { installed } from "./installed.ts";
import { ownNginx } from "./own-nginx.ts";
import { redmineDesk } from "./redmine-desk.ts";
import { subjectsIn, tokenOf, url as rtUrl } from "./request-tracker-desk.ts";
import { openTcpProxy, type TcpProxy } from "./tcp-proxy.ts";
import { xmppServer } from "./xmpp-desk.ts";

// Two sites, each two copies of the gateway behind nginx: one with Redmine and Prosody, one with Request Tracker and
// ejabberd, both with Redis. Each part has a proxy before it that breaks by chance. `CHAOS_SECONDS` and `CHAOS_MEMBERS`
// make it longer and larger, `CHAOS_SEED` repeats the order of the faults, `CHAOS_PARTS=redis` breaks that part alone.

const seconds = Number(process.env["CHAOS_SECONDS"] ?? 60);
const chatters = Number(process.env["CHAOS_MEMBERS"] ?? 40);
const writers = Math.max(4, Math.floor(chatters / 10));
const seed = Number(process.env["CHAOS_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
/** Each part is well again so long after its fault has ended. */
const RECOVERY_MS = Number(process.env["CHAOS_RECOVERY_SECONDS"] ?? 120) * 1000;

const needed = ["prosody", "ejabberd", "redis", "redmine", "request-tracker", "nginx"] as const;
const ready = needed.every((desk) => inject("desks").includes(desk));
const ending: (() => Promise<void> | void)[] = [];
afterAll(async () => {
  for (const end of ending.toReversed()) await end();
  await stopAll();
}, 60_000);

describe.skipIf(!ready)("with faults in every service that the gateway uses", () => {
  test(
    `what is acknowledged in ${seconds} s is there once, nobody reads another's, and all parts recover (seed ${seed})`,
    { timeout: (seconds + 300) * 1000 + RECOVERY_MS },
    async () => {
      const random = seededRandom(seed);
      const [prosody, ejabberd, redmine] = [xmppServer("prosody"), xmppServer("ejabberd"), redmineDesk()];
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
      const ports = await freePorts(10);
      const at = (...indexes: readonly number[]) => indexes.map((index) => ports[index] ?? 0);
      const redis = await before("redis", installed("redis")?.["URL"] ?? "");
      const chat = async (server: ReturnType<typeof xmppServer>, name: string) => {
        const { files: _, ...options } = server.options(run);
        return { ...options, servers: [await before(name, options.servers[0] ?? "")] };
      };
      // Other tests run beside this one, and have addresses of their own at the servers.
      const components = [`chat-f.${prosody.domain}`, `chat-g.${prosody.domain}`];
      const queue = { url: await before("request-tracker", rtUrl), token: tokenOf("gateway"), queue: "Support" };
      const project = { ...redmine.options, url: await before("redmine", redmine.url), callMs: 10_000 };
      const sites = await Promise.all([
        openChaosSite({
          name: "first",
          redis,
          tickets: ["adapters/redmine/index.ts", "redmine", project],
          chat: await chat(prosody, "prosody"),
          components,
          ports: at(0, 1),
          management: at(2, 3),
        }),
        openChaosSite({
          name: "second",
          redis,
          tickets: ["adapters/request-tracker/index.ts", "requestTracker", { ...queue, callMs: 10_000 }],
          chat: await chat(ejabberd, "ejabberd"),
          components,
          ports: at(4, 5),
          management: at(6, 7),
        }),
      ]);
      const nginx = await ownNginx([
        { port: ports[8] ?? 0, copies: at(0, 1) },
        { port: ports[9] ?? 0, copies: at(4, 5) },
      ]);
      ending.push(async () => await nginx.remove());
      // What the copies have told is of use when it fails.
      onTestFailed(() => console.error(sites.flatMap((site) => site.troubles()).join("\n"))); // oxlint-disable-line no-console
      const endpoints = await Promise.all(
        at(8, 9).map(
          async (port, index) => `${await before(`nginx ${index + 1}`, `http://127.0.0.1:${port}`)}/podpora`,
        ),
      );

      const people = async (count: number, kind: string): Promise<readonly Person[]> =>
        await Promise.all(
          Array.from({ length: count }, async (_, index) => {
            return await beginPerson(endpoints[index % 2] ?? "", `${run}-${kind}${index}`);
          }),
        );
      const inChat = await people(chatters, "chat");
      const withTickets = await people(writers, "ticket");
      const everybody = [...inChat, ...withTickets];

      const chats = new Map<Person, string>();
      for (const person of inChat) {
        const { adapter, member } = person;
        const question = `${member.id} asks`;
        const request = { clientId: crypto.randomUUID(), name: "x", email: "x@example.org", question };
        // oxlint-disable-next-line no-await-in-loop -- they come one after the other
        await write(person, question, async () => {
          chats.set(person, (await adapter.chat!.open(request, ctx())).id);
        });
      }
      const memoryBefore = await Promise.all(sites.map(async (site) => await site.memory()));

      const state = { isOver: false };
      const listening = new AbortController();
      ending.push(() => listening.abort());
      async function talk(person: Person): Promise<void> {
        for (let count = 0; !state.isOver; count += 1) {
          const draft = { clientId: crypto.randomUUID(), text: `${person.member.id} word ${count}` };
          const id = chats.get(person) ?? "";
          await write(person, draft.text, async () => await person.adapter.chat!.send(id, draft, ctx()));
          await sleep(500 + Math.random() * 4000);
        }
      }
      async function submit(person: Person, index: number): Promise<void> {
        const fields = index % 2 === 0 ? { fields: { [region]: "Gorenjska" } } : {};
        for (let count = 0; !state.isOver; count += 1) {
          const title = `${person.member.id} ticket ${count}`;
          const draft = { clientId: crypto.randomUUID(), title, text: "x", ...fields };
          await write(person, title, async () => await person.adapter.tickets!.create(draft, ctx()));
          await sleep(4000 + Math.random() * 6000);
        }
      }
      /** What no widget would have tried again: there must be none. */
      const failures: string[] = [];
      const noted = async <T>(work: Promise<T>): Promise<T | undefined> =>
        await work.catch((error: unknown) => void failures.push(String(error)));
      const listened = inChat.map(
        async (person) => await noted(overhear(person, chats.get(person) ?? "", listening.signal)),
      );
      const work = [...inChat.map(talk), ...withTickets.map(submit)].map(noted);

      async function settled(fault: string): Promise<number> {
        const endedAt = Date.now();
        const waiting = everybody.filter(({ since }) => since !== undefined);
        await expect
          .poll(
            () =>
              waiting
                .filter(({ heardAt }) => heardAt < endedAt)
                .map(({ member, trouble }) => [fault, member.id, ...trouble.slice(-5)]),
            { timeout: RECOVERY_MS, interval: 100 },
          )
          .toEqual([]);
        expect(failures).toEqual([]);
        return Math.max(0, ...waiting.map(({ heardAt }) => heardAt - endedAt));
      }
      const parts = [
        ...Object.entries(proxies).map(([name, proxy]) => ({ name, proxy })),
        ...sites.map((site) => ({ name: `a copy of the ${site.name} site`, kill: site.killCopy })),
        { name: "nginx", kill: nginx.restart },
      ].filter(({ name }) => name.includes(process.env["CHAOS_PARTS"] ?? ""));
      const recoveries = await breakParts(parts, Date.now() + seconds * 1000, random, settled);
      state.isOver = true;
      await Promise.all(work);
      expect(failures).toEqual([]);

      const stories = await Promise.all(inChat.map(async (person) => await story(person, chats.get(person) ?? "")));
      expect(stories).toEqual(inChat.map(({ words }) => words));
      // What has been said is told to who listens, also when their stream has just been cut.
      await sleep(1000);
      listening.abort();
      expect(await Promise.all(listened)).toEqual(inChat.map(({ words }) => words));
      for (const [index, { adapter, member, words }] of withTickets.entries()) {
        // oxlint-disable-next-line no-await-in-loop -- desks on SQLite like one at a time
        const listed = await allTitles(async (cursor) => {
          const query = { filter: "all" as const, limit: 100, ...(cursor === undefined ? {} : { cursor }) };
          return await until(async () => await adapter.tickets!.list!(query, ctx()));
        });
        expect(listed).toEqual(words.toSorted());
        // oxlint-disable-next-line no-await-in-loop -- see above
        expect(await (index % 2 === 0 ? subjectsOf(redmine, member.id) : subjectsIn("Support", member.id))).toEqual(
          words.toSorted(),
        );
      }
      expect((await Promise.all(sites.map(async (site) => await site.readiness()))).flat()).toEqual(
        Array.from({ length: 4 }, () => 200),
      );

      const memoryAfter = await Promise.all(sites.map(async (site) => await site.memory()));
      const sum = (count: (person: Person) => number) => everybody.reduce((total, each) => total + count(each), 0);
      // oxlint-disable-next-line no-console -- the figures, for who runs it
      console.log(
        [
          `${sum(({ words }) => words.length)} writes acknowledged, of ${sum(({ trouble, words }) => words.length + trouble.length)} attempts`,
          ...tableOf(recoveries),
          ...sites.map(({ name }, index) => {
            const [one, two] = [memoryBefore[index], memoryAfter[index]];
            return `${name}: heap ${one?.heap} → ${two?.heap} MB, resident ${one?.resident} → ${two?.resident} MB`;
          }),
        ].join("\n"),
      );
    },
  );
});

async function allTitles(
  page: (cursor: string | undefined) => Promise<{ readonly items: readonly Ticket[]; readonly next?: string }>,
): Promise<readonly string[]> {
  const titles: string[] = [];
  let cursor: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- each page leads to the next
    const { items, next } = await page(cursor);
    titles.push(...items.map(({ title }) => title));
    cursor = next;
  } while (cursor !== undefined);
  return titles.toSorted();
}

const issues = v.object({ issues: v.array(v.object({ subject: v.string() })), total_count: v.number() });

/** The subjects of the issues at the desk that name this member, as an agent sees them. */
async function subjectsOf(redmine: ReturnType<typeof redmineDesk>, memberId: string): Promise<readonly string[]> {
  const subjects: string[] = [];
  for (;;) {
    const query = new URLSearchParams({
      subject: `~${memberId} `,
      status_id: "*",
      limit: "100",
      offset: `${subjects.length}`,
    });
    // oxlint-disable-next-line no-await-in-loop -- each page after the one before
    const found = await redmine.json(`/issues.json?${query}`, issues);
    subjects.push(...found.issues.map(({ subject }) => subject));
    if (subjects.length >= found.total_count) return subjects.toSorted();
  }
}
