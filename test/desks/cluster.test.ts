import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, inject, test } from "vitest";
import { connectRest } from "../../src/adapters/rest/index.ts";
import type { Adapter, CallContext, ChatEvent, Member } from "../../src/core/contract/adapter.ts";
import { isRetryable } from "../../src/core/contract/errors.ts";
import { keptToken } from "../adapters/tokens.ts";
import { audience, siteSecret, siteToken } from "../gateway/server.ts";
import { freePorts } from "../support/free-ports.ts";
import { podpora, stopAll, type Podpora } from "../server/process.ts";
import { installed } from "./installed.ts";
import { roundRobin } from "./round-robin.ts";
import { connectAgent, type XmppAgent } from "./xmpp-agent.ts";
import { KEY } from "./xmpp-desk.ts";

const CONVERSATIONS = 200;
const root = new URL("../../", import.meta.url);
const ready = inject("desks").includes("ejabberd-cluster") && inject("desks").includes("redis");
const ending: (() => Promise<void> | void)[] = [];

afterAll(async () => {
  for (const end of ending.toReversed()) await end();
  await stopAll();
  // The node that the test killed, for the tests that come after.
  if (ready) execFileSync(fileURLToPath(new URL("test/desks/ejabberd-cluster.sh", root)), { stdio: "ignore" });
}, 120_000);

const sleep = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

/** What the widget's core does: sends until it is acknowledged, listens again from the last cursor. */
interface Caller {
  readonly member: Member;
  readonly id: string;
  readonly acknowledged: string[];
  readonly texts: () => readonly string[];
  send(text: string): Promise<void>;
  stop(): Promise<void>;
}

async function until<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- again only after it failed
      return await call();
    } catch (error) {
      if (!isRetryable(error) || attempt > 200) throw error;
      // oxlint-disable-next-line no-await-in-loop -- see above
      await sleep(300);
    }
  }
}

async function caller(adapter: Adapter, member: Member): Promise<Caller> {
  const { chat } = adapter;
  if (!chat) throw new Error("no chat");
  const over = new AbortController();
  const ctx = (): CallContext => ({ signal: AbortSignal.timeout(20_000), locale: "en" });
  const request = {
    clientId: crypto.randomUUID(),
    name: "x",
    email: "x@example.org",
    question: `question of ${member.id}`,
  };
  const { id } = await until(async () => await chat.open(request, ctx()));
  const seen = new Map<string, string>();
  const twice: string[] = [];
  const acknowledged = [request.question];
  let cursor: string | undefined;

  function take(event: ChatEvent): void {
    if (event.cursor !== undefined) cursor = event.cursor;
    if (event.type !== "message") return;
    if (seen.has(event.message.id)) twice.push(event.message.text);
    seen.set(event.message.id, event.message.text);
  }

  async function listen(): Promise<void> {
    while (!over.signal.aborted) {
      try {
        for await (const event of chat?.events(id, cursor, { signal: over.signal, locale: "en" }) ?? []) take(event);
      } catch (error) {
        if (!over.signal.aborted && !isRetryable(error)) throw error;
      }
      await sleep(200);
    }
  }
  const listening = listen();
  return {
    member,
    id,
    acknowledged,
    texts: () => [...seen.values(), ...twice.map((text) => `twice: ${text}`)],
    async send(text) {
      const draft = { clientId: crypto.randomUUID(), text };
      await until(async () => await chat.send(id, draft, ctx()));
      acknowledged.push(text);
    },
    async stop() {
      over.abort();
      await listening;
    },
  };
}

/** A few at a time. */
async function inLanes<T, R>(
  items: readonly T[],
  run: (item: T, index: number) => Promise<R>,
  width = 20,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < items.length) {
        const index = next;
        next += 1;
        const item = items[index];
        // oxlint-disable-next-line no-await-in-loop -- one after the other, in each of the lanes
        if (item !== undefined) results[index] = await run(item, index);
      }
    }),
  );
  return results;
}

describe.skipIf(!ready)("two copies of the gateway, a cluster of two nodes, and Redis", () => {
  test(`${CONVERSATIONS} chats go on when a copy of the gateway is killed, and then a node: nothing acknowledged is missing, nothing is twice`, async () => {
    const env = installed("ejabberd-cluster") ?? {};
    const {
      COMPONENT_ONE = "",
      COMPONENT_TWO = "",
      DOMAIN = "",
      PID_TWO = "",
      WEBSOCKET_ONE = "",
      WEBSOCKET_TWO = "",
    } = env;
    const lobby = `cluster-${Date.now()}`;
    const lobbyRoom = `${lobby}@rooms.${DOMAIN}`;
    const ports = await freePorts(4);
    const copies = [`chat-a.${DOMAIN}`, `chat-b.${DOMAIN}`];

    async function startGateway(index: number, servers: readonly string[]): Promise<Podpora> {
      const [component] = copies.slice(index);
      const options = {
        servers,
        component,
        copies,
        secret: "component-pass",
        rooms: `rooms.${DOMAIN}`,
        agents: [`nina@${DOMAIN}`, `vera@${DOMAIN}`],
        lobby,
        key: KEY,
      };
      const config = `
import { defineConfig, secret } from ${JSON.stringify(new URL("src/server/index.ts", root).href)};
import { xmpp } from ${JSON.stringify(new URL("src/adapters/xmpp/index.ts", root).href)};
export default defineConfig({
  adapter: xmpp(${JSON.stringify(options)}),
  secret: secret("PODPORA_SECRET"),
  identity: { secret: secret("SITE_SECRET"), audience: ${JSON.stringify(audience)} },
  redis: ${JSON.stringify(installed("redis")?.["URL"])},
  assets: async () => undefined,
  port: ${ports[index]},
  management: { port: ${ports[index + 2]} },
});`;
      const process = await podpora(["serve"], config, { PODPORA_SECRET: KEY, SITE_SECRET: siteSecret });
      await expect.poll(() => process.out() + process.err(), { timeout: 15_000 }).toContain('"msg":"started"');
      return process;
    }

    const first = await startGateway(0, [COMPONENT_ONE, COMPONENT_TWO]);
    await startGateway(1, [COMPONENT_TWO, COMPONENT_ONE]);
    const proxy = await roundRobin(ports.slice(0, 2));
    ending.push(async () => await proxy.close());

    const agent = async (who: string, nick: string, websocket: string): Promise<XmppAgent> =>
      await connectAgent({
        websocket,
        jid: `${who}@${DOMAIN}/${crypto.randomUUID()}`,
        password: `${who}-pass`,
        nick,
        lobby: lobbyRoom,
      });
    const connected = async (member: Member) =>
      await connectRest(
        { endpoint: proxy.origin, token: keptToken(await siteToken(member)) },
        { signal: AbortSignal.timeout(20_000), locale: "en" },
      );

    const members = Array.from({ length: CONVERSATIONS }, (_, index) => ({
      id: `m${index}-${lobby}`,
      name: `Member ${index}`,
    }));
    const callers = await inLanes(members, async (member) => await caller(await connected(member), member));
    ending.push(async () => void (await Promise.all(callers.map(async (who) => await who.stop()))));
    expect(new Set(callers.map(({ id }) => id)).size).toBe(CONVERSATIONS);

    const nina = await agent("nina", "Nina", WEBSOCKET_ONE);
    let vera = await agent("vera", "Vera", WEBSOCKET_TWO);
    ending.push(
      async () => await nina.close(),
      async () => await vera.close(),
    );
    const half = CONVERSATIONS / 2;
    await Promise.all(
      [nina, vera].map(async (who) => {
        for (let taken = 0; taken < half; taken += 1) await who.say(lobbyRoom, "!take");
      }),
    );
    await expect
      .poll(() => [nina.invitations().length, vera.invitations().length], { timeout: 30_000 })
      .toEqual([half, half]);
    const roomsOf = { nina: [...nina.invitations()], vera: [...vera.invitations()] };
    expect(new Set([...roomsOf.nina, ...roomsOf.vera]).size).toBe(CONVERSATIONS);
    const said = new Map<string, string[]>();
    async function answer(who: XmppAgent, room: string, text: string): Promise<void> {
      await expect.poll(() => who.occupants(room), { timeout: 15_000 }).toContain(who.nick);
      await who.say(room, text);
      said.set(room, [...(said.get(room) ?? []), text]);
    }
    const answers = async (text: string) => {
      await inLanes(roomsOf.nina, async (room) => await answer(nina, room, text), 10);
      await inLanes(roomsOf.vera, async (room) => await answer(vera, room, text), 10);
    };
    const words = async (text: string) => await inLanes(callers, async (who) => await who.send(text));

    await Promise.all([words("before"), answers("hello")]);
    expect(Math.min(...proxy.answered)).toBeGreaterThan(CONVERSATIONS / 4);

    const during = words("while a gateway dies");
    await sleep(100);
    first.child.kill("SIGKILL");
    await Promise.all([during, answers("with one gateway")]);

    const after = words("while a node dies");
    await sleep(100);
    process.kill(-Number(PID_TWO), "SIGKILL");
    // What a client does by itself: it connects to the node that is left, and comes back into its rooms (XEP-0410).
    vera = await agent("vera", "Vera", WEBSOCKET_ONE);
    await nina.join(lobbyRoom);
    await inLanes(roomsOf.vera, async (room) => await vera.join(room), 10);
    await inLanes(roomsOf.nina, async (room) => await nina.join(room), 10);
    await after;
    await answers("with one node");
    await words("the end");

    const expected = callers.map(({ acknowledged, id }) =>
      [...acknowledged, ...(said.get(`${id}@rooms.${DOMAIN}`) ?? [])].toSorted(),
    );
    await expect.poll(() => callers.map((who) => [...who.texts()].toSorted()), { timeout: 30_000 }).toEqual(expected);
    // The desk's own record, read by an agent's client: the same, once, in the same order.
    await inLanes(callers, async (who) => {
      const archive = await nina.archive(`${who.id}@rooms.${DOMAIN}`);
      const spoken = archive.filter(({ record, text }) => text !== "" && isSaid(record)).map(({ text }) => text);
      expect(spoken).toEqual(who.texts());
    });
  }, 240_000);
});

/** A person's words: an agent's, or a member's that the gateway wrote down. */
function isSaid(record: unknown): boolean {
  return (
    record === undefined || (typeof record === "object" && record !== null && Reflect.get(record, "type") === "said")
  );
}
