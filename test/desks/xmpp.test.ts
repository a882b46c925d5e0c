import { createServer, connect, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, inject, test, vi } from "vitest";
import { xmpp, type XmppAdapter, type XmppOptions } from "../../src/adapters/xmpp/index.ts";
import type { CallContext, ChatEvent, Conversation, Member } from "../../src/core/contract/adapter.ts";
import { isAdapterError } from "../../src/core/contract/errors.ts";
import type { XmppAgent } from "./xmpp-agent.ts";
import { xmppServer } from "./xmpp-desk.ts";

const never = new AbortController().signal;
const by = (member: Member, signal = never): CallContext => ({ signal, locale: "en", member });
const uuid = () => crypto.randomUUID();
let made = 0;
const newMember = (name = "Ana Novak"): Member => {
  made += 1;
  return { id: `m${made}-${uuid()}`, name, email: "ana@example.org" };
};
const request = (question = "Where is my order?") => ({
  clientId: uuid(),
  name: "Ana",
  email: "a@example.org",
  question,
});

const ending: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
});

function start(options: XmppOptions): XmppAdapter {
  const adapter = xmpp(options);
  ending.push(async () => await adapter.dispose?.());
  return adapter;
}

/** Reads events into a list until the test ends. */
function listen(adapter: XmppAdapter, id: string, member: Member, cursor?: string) {
  const abort = new AbortController();
  const seen: ChatEvent[] = [];
  const reading = (async () => {
    for await (const event of adapter.chat.events(id, cursor, by(member, abort.signal))) seen.push(event);
  })().catch(() => undefined);
  const stop = async () => {
    abort.abort();
    await reading;
  };
  ending.push(stop);
  return { seen, stop, texts: () => seen.flatMap((event) => (event.type === "message" ? [event.message.text] : [])) };
}

/** A link to the server that can be cut. */
async function flakyLink(to: number): Promise<{ readonly url: string; cut(): void; refuse(on: boolean): void }> {
  const sockets = new Set<Socket>();
  let refusing = false;
  const server: Server = createServer((near) => {
    if (refusing) {
      near.destroy();
      return;
    }
    const far = connect(to, "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  ending.push(() => {
    cut();
    server.close();
  });
  return {
    url: `tcp://127.0.0.1:${address.port}`,
    cut,
    refuse(on) {
      refusing = on;
    },
  };
}

async function failure(call: Promise<unknown>) {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isAdapterError(error)) throw new Error(`no AdapterError: ${String(error)}`);
  return error;
}

describe.each(["prosody", "ejabberd"] as const)("chat over %s", (name) => {
  describe.skipIf(!inject("desks").includes(name))("is running", () => {
    const server = xmppServer(name);

    async function stage(over: Partial<XmppOptions> = {}) {
      const lobby = `t-${uuid()}`;
      const adapter = start(server.options(lobby, over));
      await adapter.chat.availability(by(newMember()));
      const agent = async (who = "nina", nick = "Nina", follows = true): Promise<XmppAgent> => {
        const connected = await server.agent(who, nick, lobby, follows);
        ending.push(async () => await connected.close());
        return connected;
      };
      const lobbyRoom = `${lobby}@${server.rooms}`;
      const room = (id: string) => `${id}@${server.rooms}`;
      return { adapter, agent, lobby, lobbyRoom, room };
    }

    /** A chat that Nina has taken. */
    async function taken(over: Partial<XmppOptions> = {}, question?: string) {
      const { adapter, agent, lobbyRoom, room } = await stage(over);
      const nina = await agent();
      const ana = newMember();
      const { id } = await adapter.chat.open(request(question), by(ana));
      await nina.say(lobbyRoom, "!take");
      await untilIn(nina, room(id));
      return { adapter, ana, id, nina, room };
    }

    async function untilIn(agent: XmppAgent, room: string): Promise<void> {
      await expect.poll(() => agent.occupants(room), { timeout: 5000 }).toContain(agent.nick);
    }

    test("corrections and retractions also apply at a copy that starts later", async () => {
      const { adapter, agent, lobby, lobbyRoom, room } = await stage();
      const [nina, ana] = [await agent(), newMember()];
      const { id } = await adapter.chat.open(request(), by(ana));
      await nina.say(lobbyRoom, "!take");
      await untilIn(nina, room(id));
      const names = { replace: "urn:xmpp:message-correct:0", retract: "urn:xmpp:message-retract:1" };
      const change = async (what: keyof typeof names, of: string, text: string) =>
        await nina.say(room(id), text, (stanza) => void stanza.c(what, { xmlns: names[what], id: of }).up());
      await nina.say(room(id), "Restrat it");
      const first = nina.heard(room(id)).find(({ text }) => text === "Restrat it");
      await nina.say(room(id), "the password");
      const second = nina.heard(room(id)).find(({ text }) => text === "the password");
      await change("replace", first?.sentId ?? "", "Restart it");
      await change("retract", second?.id ?? "", "This person attempted to retract a message.");
      await nina.say(room(id), "the end");
      const words = async (of: XmppAdapter) =>
        (await of.chat.history(id, undefined, by(ana))).items.map(({ text }) => text);
      const expected = ["Where is my order?", "Restart it", "the end"];
      await expect.poll(async () => await words(adapter)).toEqual(expected);
      await adapter.dispose?.();
      expect(await words(start(server.options(lobby)))).toEqual(expected);
    });

    test("the chat is open while an agent is in the lobby and available", async () => {
      const { adapter, agent, lobbyRoom } = await stage();
      const open = async () => (await adapter.chat.availability(by(newMember()))).open;
      expect(await open()).toBe(false);
      const nina = await agent();
      await expect.poll(open).toBe(true);
      nina.away(lobbyRoom, true);
      await expect.poll(open).toBe(false);
      nina.away(lobbyRoom, false);
      await expect.poll(open).toBe(true);
      nina.leave(lobbyRoom);
      await expect.poll(open).toBe(false);
    });

    test("waiting members are listed in the lobby, and the first agent who takes one gets the chat", async () => {
      const { adapter, agent, lobbyRoom, room } = await stage();
      const [nina, vera] = [await agent("nina", "Nina"), await agent("vera", "Vera")];
      const ana = newMember();
      const { id } = await adapter.chat.open(request("Naročila ni mogoče oddati.\nVidim napako."), by(ana));
      await expect
        .poll(() => vera.heard(lobbyRoom).map(({ text }) => text))
        .toContainEqual(expect.stringMatching(/^Ana Novak waits – “Naročila ni mogoče oddati\.” – !take \w{5}$/));
      const code = /!take (\w+)/.exec(vera.heard(lobbyRoom)[0]?.text ?? "")?.[1] ?? "";
      await nina.say(lobbyRoom, `!take ${code}`);
      await vera.say(lobbyRoom, `!take ${code}`);
      await untilIn(nina, room(id));
      await expect.poll(() => vera.whispers()).toContain(`Nina has #${code}.`);
      expect(vera.invitations()).toEqual([]);
      expect(await adapter.chat.current(by(ana))).toMatchObject({ status: "active", agent: { name: "Nina" } });
    });

    test("!take without a code takes the longest waiting member, !queue lists who waits, !help explains the commands", async () => {
      const { adapter, agent, lobbyRoom, room } = await stage();
      const nina = await agent();
      const [first, second] = [newMember("Prva"), newMember("Druga")];
      const one = await adapter.chat.open(request(), by(first));
      await adapter.chat.open(request(), by(second));
      await nina.say(lobbyRoom, "!queue");
      await expect.poll(() => nina.whispers().join("\n")).toMatch(/#\w+ Prva, since .*\n#\w+ Druga, since /);
      await nina.say(lobbyRoom, "!take");
      await untilIn(nina, room(one.id));
      await nina.say(lobbyRoom, "!help");
      await expect.poll(() => nina.whispers().join("\n")).toContain("!take CODE");
      await nina.say(lobbyRoom, "!take zzzzz");
      await expect.poll(() => nina.whispers().join("\n")).toContain("There is no #zzzzz.");
    });

    test("in the chat, commands are executed and never shown to the member; other text with ! is a message", async () => {
      const { adapter, agent, lobbyRoom, room } = await stage();
      const [nina, vera] = [await agent("nina", "Nina"), await agent("vera", "Vera")];
      const ana = newMember();
      const { id } = await adapter.chat.open(request("Živjo"), by(ana));
      const live = listen(adapter, id, ana);
      await nina.say(lobbyRoom, "!take");
      await untilIn(nina, room(id));
      await expect
        .poll(async () => (await nina.archive(room(id))).map(({ text }) => text).join("\n"))
        .toContain("!end – end the chat");
      await nina.say(room(id), "!to Nobody");
      await expect.poll(() => nina.whispers().join("\n")).toMatch(/There is no "Nobody" in the lobby\. There: .*Vera/);
      await nina.say(room(id), "!important: please wait");
      await nina.say(room(id), "!to vera");
      await untilIn(vera, room(id));
      await expect.poll(async () => (await adapter.chat.current(by(ana)))?.agent?.name).toBe("Vera");
      await vera.say(room(id), "!ticket");
      await expect.poll(() => live.seen.map(({ type }) => type)).toContain("ticket-requested");
      await vera.say(room(id), "!end");
      await expect.poll(() => live.seen.at(-1)).toMatchObject({ conversation: { status: "ended" } });
      expect(live.texts()).toEqual(["Živjo", "!important: please wait"]);
    });

    test("the agent is told who the member is, and what is only claimed", async () => {
      const { adapter, agent, room } = await stage();
      const nina = await agent();
      const claims = { ...request(), memberId: "10482", page: "https://www.example.org/kosarica", ticketId: "77" };
      const guest = { id: `guest-${uuid()}`, guest: true };
      const ana = { ...newMember(), rank: "Silver" };
      const [one, other] = [await adapter.chat.open(claims, by(guest)), await adapter.chat.open(claims, by(ana))];
      const intro = async (id: string) => (await nina.archive(room(id))).map(({ text }) => text).join("\n");
      expect(await intro(one.id)).toContain(
        [
          "Name: claimed: Ana",
          "E-mail: claimed: a@example.org",
          "Member: claimed: 10482",
          "Ticket: claimed: 77",
          "Page: claimed: https://www.example.org/kosarica",
        ].join("\n"),
      );
      expect(await intro(other.id)).toContain(
        ["Name: Ana Novak", "E-mail: ana@example.org", "Rank: Silver", `Member: ${ana.id}`, "Ticket: claimed: 77"].join(
          "\n",
        ),
      );
      expect(await intro(other.id)).not.toContain("10482");
    });

    test("a listener who joins while the agent types gets the typing indicator", async () => {
      const { ana, id, nina, adapter, room } = await taken();
      nina.typing(room(id), true);
      await nina.settle(room(id));
      const late = listen(adapter, id, ana);
      await expect
        .poll(() => late.seen.at(-1))
        .toMatchObject({ type: "typing", typing: true, author: { name: "Nina" } });
      await nina.say(room(id), "Here it is.");
      await expect.poll(() => late.texts()).toContain("Here it is.");
      const later = listen(adapter, id, ana);
      await expect.poll(() => later.texts()).toContain("Here it is.");
      expect(later.seen.map(({ type }) => type)).not.toContain("typing");
    });

    test("an agent's upload is a file with its size for the member; any other address stays a link", async () => {
      const { ana, id, nina, adapter, room } = await taken();
      const url = await nina.uploads(
        `upload.${server.domain}`,
        new File(["what I see"], "seen.txt", { type: "text/plain" }),
      );
      await nina.say(room(id), url, (stanza) => stanza.c("x", { xmlns: "jabber:x:oob" }).c("url").t(url));
      await nina.say(room(id), "http://127.0.0.1:9/elsewhere.png");
      await expect.poll(async () => (await adapter.chat.history(id, undefined, by(ana))).items.length).toBe(3);
      const { items } = await adapter.chat.history(id, undefined, by(ana));
      expect(items.slice(1)).toMatchObject([
        { text: "", attachments: [{ name: "seen.txt", bytes: 10, type: "text/plain" }] },
        { text: "http://127.0.0.1:9/elsewhere.png" },
      ]);
      expect(items[2]?.attachments).toBeUndefined();
      const file = items[1]?.attachments?.[0]?.id ?? "";
      expect(await (await adapter.uploads?.download?.(file, by(ana)))?.text()).toBe("what I see");
      expect((await failure(adapter.uploads?.download?.(file, by(newMember())) ?? Promise.resolve())).code).toBe(
        "not-found",
      );
    });

    test("a member's file reaches the agent in the form that clients show", async () => {
      const { ana, id, nina, adapter, room } = await taken();
      const file = new File(["the picture"], "posnetek čšž.txt", { type: "text/plain" });
      const uploaded = await adapter.uploads?.upload(file, by(ana));
      await adapter.chat.send(id, { clientId: uuid(), text: "Look", attachments: [uploaded?.id ?? ""] }, by(ana));
      await expect.poll(() => nina.heard(room(id)).some((heard) => heard.file !== undefined)).toBe(true);
      const url = nina.heard(room(id)).find((heard) => heard.file !== undefined)?.file ?? "";
      expect(await (await fetch(url)).text()).toBe("the picture");
      const foreign = adapter.chat.send(
        id,
        { clientId: uuid(), text: "x", attachments: [`${uploaded?.id}x`] },
        by(ana),
      );
      expect((await failure(foreign)).code).toBe("invalid");
    });

    test("names in any script, and two members with one name, are shown correctly to the agent and in the chat", async () => {
      const { adapter, agent, lobbyRoom, room } = await stage();
      const nina = await agent();
      for (const who of ["李小龍", "فاطمة الزهراء", "Zoë 👩🏽‍🚀", "a\u202Eb\u0000c", "Ana Novak", "Ana Novak"]) {
        const member = newMember(who);
        const { id } = await adapter.chat.open(request(`from ${who}`), by(member));
        await nina.say(lobbyRoom, "!take");
        await untilIn(nina, room(id));
        await nina.say(room(id), "Zdravo 李 ف 👋");
        await expect
          .poll(async () => (await adapter.chat.history(id, undefined, by(member))).items.map(({ text }) => text))
          .toEqual([`from ${who}`, "Zdravo 李 ف 👋"]);
        await nina.say(room(id), "!end");
        await expect.poll(async () => await adapter.chat.current(by(member))).toBeUndefined();
      }
    });

    test("a restarted gateway has every chat with its messages, marks and files", async () => {
      const { adapter, agent, lobby, lobbyRoom, room } = await stage();
      const nina = await agent();
      const [ana, boris] = [newMember(), newMember("Boris")];
      const { id } = await adapter.chat.open(request("Remember me"), by(ana));
      await nina.say(lobbyRoom, "!take");
      await untilIn(nina, room(id));
      const sent = await adapter.chat.send(id, { clientId: uuid(), text: "Ste tam?" }, by(ana));
      await nina.say(room(id), "Da.");
      nina.mark(room(id), "displayed", sent.id);
      const { id: waiting } = await adapter.chat.open(request("And me"), by(boris));
      const before = listen(adapter, id, ana);
      await expect.poll(() => before.seen.map(({ type }) => type)).toContain("read");
      await before.stop();
      await adapter.dispose?.();

      const again = start(server.options(lobby));
      expect(await again.chat.current(by(ana))).toMatchObject({ id, status: "active", agent: { name: "Nina" } });
      expect(await again.chat.current(by(boris))).toMatchObject({ id: waiting, status: "queued", position: 1 });
      const page = await again.chat.history(id, undefined, by(ana));
      expect(page.items.map(({ text }) => text)).toEqual(["Remember me", "Ste tam?", "Da."]);
      expect(page.read).toBe(sent.id);
      const after = listen(again, id, ana, before.seen[1]?.cursor);
      await expect
        .poll(() => after.seen.map(({ cursor }) => cursor))
        .toEqual(before.seen.slice(2).map(({ cursor }) => cursor));
      const repeated = await again.chat.send(id, { clientId: sent.clientId ?? "", text: "Ste tam?" }, by(ana));
      expect(repeated.id).toBe(sent.id);
    });

    test("after a lost connection, messages from meanwhile arrive, and sent ones are there once", async () => {
      const env = server.options("x");
      const link = await flakyLink(Number(new URL(env.servers[0] ?? "").port));
      const { ana, id, nina, adapter, room } = await taken({ servers: [link.url] }, "0");
      const live = listen(adapter, id, ana);
      await expect.poll(() => live.texts()).toEqual(["0"]);

      link.refuse(true);
      link.cut();
      await nina.say(room(id), "1");
      const draft = { clientId: uuid(), text: "2" };
      const lost = adapter.chat.send(id, draft, by(ana)).catch((error: unknown) => error);
      setTimeout(() => link.refuse(false), 300);
      await lost;
      const kept = await vi.waitFor(async () => await adapter.chat.send(id, draft, by(ana)), {
        timeout: 15_000,
        interval: 200,
      });
      expect(kept.text).toBe("2");
      await expect.poll(() => live.texts(), { timeout: 10_000 }).toEqual(["0", "1", "2"]);
      expect((await nina.archive(room(id))).filter(({ text }) => text === "2")).toHaveLength(1);
    });

    test("a member who is away longer than the grace period loses their place; an agent's chat is given back", async () => {
      const { adapter, agent, lobbyRoom, room } = await stage({ graceMs: 300, agentGraceMs: 300 });
      const nina = await agent();
      const [gone, stays] = [newMember("Gone"), newMember("Stays")];
      await adapter.chat.open(request(), by(gone));
      const { id } = await adapter.chat.open(request(), by(stays));
      listen(adapter, id, stays);
      await expect.poll(async () => await adapter.chat.current(by(gone)), { timeout: 20_000 }).toBeUndefined();
      expect(await adapter.chat.current(by(stays))).toMatchObject({ status: "queued", position: 1 });
      await nina.say(lobbyRoom, "!take");
      await untilIn(nina, room(id));
      await nina.close();
      await expect
        .poll(async () => (await adapter.chat.current(by(stays)))?.status, { timeout: 20_000 })
        .toBe("queued");
    });

    test("a wrong password and an unreachable server are unavailable, with what to check", async () => {
      const wrong = start(server.options(`t-${uuid()}`, { secret: "wrong" }));
      const refused = await failure(wrong.chat.current(by(newMember())));
      expect(refused).toMatchObject({ code: "unavailable" });
      expect(refused.message).toMatch(/not-authorized/);
      const nowhere = start(server.options(`t-${uuid()}`, { servers: ["tcp://127.0.0.1:9"] }));
      const away = await failure(nowhere.chat.current(by(newMember())));
      expect(away).toMatchObject({ code: "unavailable" });
      expect(away.message).toContain("127.0.0.1:9");
    });

    test("if one of several servers is unreachable, the next one is used", async () => {
      const [right = ""] = server.options("x").servers;
      const { adapter } = await stage({ servers: ["tcp://127.0.0.1:9", right] });
      expect(await adapter.chat.current(by(newMember()))).toBeUndefined();
    });

    test("a file over the gateway's or the server's limit is refused", async () => {
      const { adapter } = await stage({
        files: {
          service: `upload.${server.domain}`,
          origin: server.options("x").files?.origin ?? "",
          maxBytes: 20 * 1024 * 1024,
        },
      });
      const ana = newMember();
      const big = new File([new Uint8Array(11 * 1024 * 1024)], "big.bin", { type: "application/octet-stream" });
      expect((await failure(adapter.uploads?.upload(big, by(ana)) ?? Promise.resolve())).code).toBe("too-large");
      const bigger = new File([new Uint8Array(21 * 1024 * 1024)], "big.bin", { type: "application/octet-stream" });
      expect((await failure(adapter.uploads?.upload(bigger, by(ana)) ?? Promise.resolve())).code).toBe("too-large");
    });

    async function findings(over: Partial<XmppOptions>, agents = 0) {
      const lobby = `t-${uuid()}`;
      const adapter = start(server.options(lobby, over));
      if (agents > 0) {
        await adapter.chat.availability(by(newMember()));
        const nina = await server.agent("nina", "Nina", lobby);
        ending.push(async () => await nina.close());
        await vi.waitUntil(async () => (await adapter.chat.availability(by(newMember()))).open, { timeout: 5000 });
      }
      const found: string[] = [];
      for await (const { fix, level, text } of adapter.check?.(AbortSignal.timeout(30_000)) ?? []) {
        found.push(`${level}: ${text}${fix === undefined ? "" : ` → ${fix}`}`);
      }
      await adapter.dispose?.();
      return found;
    }

    test("podpora check reports what is right, and what to change", async () => {
      const well = await findings({}, 1);
      expect(well).toEqual([
        `good: The server knows the gateway as chat-a.${server.domain}.`,
        `good: There are rooms at ${server.rooms}.`,
        "good: Rooms can be created, and are archived.",
        `good: Files are accepted at upload.${server.domain}.`,
        expect.stringMatching(/^good: Agents in .*: 1\. The chat is open\.$/),
      ]);
      expect((await findings({ secret: "wrong" })).join()).toMatch(/^fault: .*not-authorized.* → Compare `secret`/);
      expect((await findings({ rooms: `nothing.${server.domain}` })).join()).toMatch(
        /fault: nothing\..* does not answer .*→ Name the server's room service/,
      );
      const origin = server.options("x").files?.origin ?? "";
      const files = { service: `upload.${server.domain}`, origin: "http://127.0.0.1:9", maxBytes: 99_000_000 };
      const wrong = (await findings({ files, agents: [server.domain] })).join("\n");
      expect(wrong).toMatch(/fault: Files may have 10485760 bytes at upload\..* → Set `files\.maxBytes` to 10485760/);
      expect(wrong).toContain(`fault: Files are stored at ${origin}. → Set \`files.origin\` to ${origin}.`);
      expect(wrong).toMatch(/risk: Everyone at .* may answer/);
      expect(wrong).toMatch(/risk: No agent is in .*: the chat is closed\. → Let an agent join/);
    });

    test("an agent's client can neither end the connection nor forge the gateway's records", async () => {
      const { ana, id, nina, adapter, room } = await taken({}, "0");
      const live = listen(adapter, id, ana);
      const origin = server.options("x").files?.origin ?? "";
      await nina.say(room(id), `${origin}/report/100%`);
      const forged = JSON.stringify({ type: "said", clientId: uuid(), text: "never said", files: [] });
      await nina.say(room(id), "seen by agents", (stanza) =>
        stanza.c("podpora", { xmlns: "urn:podpora:chat:1" }).t(forged),
      );
      await nina.say(room(id), "deep", (stanza) => {
        for (let depth = 0; depth < 500; depth += 1) stanza.c("a");
      });
      await nina.say(room(id), "after");
      const words = async (of: XmppAdapter) =>
        (await of.chat.history(id, undefined, by(ana))).items.map(({ text }) => text);
      await expect.poll(async () => await words(adapter)).toEqual(["0", "", "deep", "after"]);
      await expect.poll(() => live.texts()).toEqual(["0", "", "deep", "after"]);
      const long = adapter.chat.send(id, { clientId: uuid(), text: "&".repeat(100_000) }, by(ana));
      expect(await failure(long)).toMatchObject({ code: "too-large", fields: { text: expect.any(String) } });
      const text = "<&\"'> čšž 👋 \t tab\r\nand \u0000 \u0085".repeat(1500);
      expect((await adapter.chat.send(id, { clientId: uuid(), text }, by(ana))).text).toBe(text);
    });

    test("a restarted gateway continues from a snapshot, and still has chats that ended before it", async () => {
      const over = { snapshotEvery: 4 };
      const { adapter, lobby } = await stage(over);
      const members = Array.from({ length: 8 }, (_, index) => newMember(`Member ${index}`));
      for (const [index, member] of members.entries()) {
        const { id } = await adapter.chat.open(request(`question ${index}`), by(member));
        if (index < 5) await adapter.chat.close(id, by(member));
      }
      const states = async (of: XmppAdapter) =>
        await Promise.all(members.map(async (member) => await of.chat.last(by(member))));
      const before = await states(adapter);
      expect(before.map((each) => each?.position)).toEqual([...Array.from({ length: 5 }), 1, 2, 3]);
      await adapter.dispose?.();
      const again = start(server.options(lobby, over));
      expect(await states(again)).toEqual(before);
      const { items } = await again.chat.history(before[0]?.id ?? "", undefined, by(members[0] ?? newMember()));
      expect(items.map(({ text }) => text)).toEqual(["question 0"]);
    });

    test.each([1000, 50])(
      "a gateway that starts anew finds a chat behind many lines, with a snapshot after %i",
      async (every) => {
        const { adapter, agent, lobby, lobbyRoom } = await stage({ snapshotEvery: every });
        const nina = await agent();
        const ana = newMember();
        const { id } = await adapter.chat.open(request(), by(ana));
        for (let index = 0; index < 130; index += 1) await nina.say(lobbyRoom, `line ${index}`);
        await adapter.dispose?.();
        const again = start(server.options(lobby, { snapshotEvery: every }));
        expect(await again.chat.current(by(ana))).toMatchObject({ id, status: "queued", position: 1 });
      },
    );

    test("a guest with an agent's name does not lock the agent out", async () => {
      const { adapter, agent, lobbyRoom, room } = await stage();
      const nina = await agent();
      const guest: Member = { id: `guest-${uuid()}`, guest: true };
      const { id } = await adapter.chat.open({ ...request(), name: "Nina" }, by(guest));
      await nina.say(lobbyRoom, "!take");
      await untilIn(nina, room(id));
      expect(nina.occupants(room(id)).filter(Boolean).toSorted()).toEqual(["Nina", "Nina · guest"]);
    });

    test("a copy that is added later enters the lobby and running chats", async () => {
      const lobby = `t-${uuid()}`;
      const [a, b] = [`chat-a.${server.domain}`, `chat-b.${server.domain}`];
      const alone = start(server.options(lobby, { component: a, copies: [a] }));
      const [ana, boris] = [newMember(), newMember("Boris")];
      const { id } = await alone.chat.open(request("before"), by(ana));
      const asking = start(server.options(lobby, { component: b, copies: [a, b] }));
      expect((await asking.chat.current(by(ana)))?.id).toBe(id);
      const sent = await asking.chat.send(id, { clientId: uuid(), text: "by the new one" }, by(ana));
      expect(sent.text).toBe("by the new one");
      await asking.dispose?.();
      const { id: other } = await alone.chat.open(request("before"), by(boris));
      await alone.dispose?.();
      const both = start(server.options(lobby, { component: a, copies: [a, b] }));
      expect((await both.chat.current(by(boris)))?.id).toBe(other);
      await both.dispose?.();
    });

    test("two copies of the gateway act as one: each sees what the other does, and nothing is done twice", async () => {
      const lobby = `t-${uuid()}`;
      const copies = [`chat-a.${server.domain}`, `chat-b.${server.domain}`];
      const [a, b] = copies.map((component) => start(server.options(lobby, { component, copies })));
      if (!a || !b) throw new Error("two copies");
      await a.chat.availability(by(newMember()));
      await b.chat.availability(by(newMember()));
      const nina = await server.agent("nina", "Nina", lobby);
      ending.push(async () => await nina.close());
      const lobbyRoom = `${lobby}@${server.rooms}`;
      const members = Array.from({ length: 6 }, (_, index) => newMember(`Member ${index}`));
      const opened: Conversation[] = [];
      for (const [index, member] of members.entries()) {
        const asked = request(`question ${index}`);
        const [first, second] = await Promise.all([a, b].map(async ({ chat }) => await chat.open(asked, by(member))));
        expect(second?.id).toBe(first?.id);
        if (first) opened.push(first);
      }
      const lives = opened.map(({ id }, index) => listen(index % 2 === 0 ? a : b, id, members[index] ?? newMember()));
      for (let index = 0; index < members.length; index += 1) await nina.say(lobbyRoom, "!take");
      await expect.poll(() => new Set(nina.invitations()).size, { timeout: 20_000 }).toBe(members.length);
      for (const [index, { id }] of opened.entries()) {
        const room = `${id}@${server.rooms}`;
        await untilIn(nina, room);
        const member = by(members[index] ?? newMember());
        await nina.say(room, "hello");
        await a.chat.send(id, { clientId: uuid(), text: "by a" }, member);
        const draft = { clientId: uuid(), text: "by b" };
        const twice = await Promise.all([b.chat.send(id, draft, member), a.chat.send(id, draft, member)]);
        expect(twice[0]?.text).toBe("by b");
        await expect.poll(() => lives[index]?.texts()).toEqual([`question ${index}`, "hello", "by a", "by b"]);
      }
      expect(new Set(nina.invitations()).size).toBe(members.length);
    });
  });
});

test.each([
  [{ servers: [] }, "servers"],
  [{ servers: ["xmpp.example.org"] }, "servers"],
  [{ component: "chat" }, "component"],
  [{ rooms: "" }, "rooms"],
  [{ secret: "" }, "secret"],
  [{ key: "short" }, "key"],
  [{ agents: [] }, "agents"],
  [{ key: ["k".repeat(32), "short"] }, "key"],
  [{ pingMs: 0 }, "pingMs"],
  [{ keepMs: Number.NaN }, "keepMs"],
  [{ graceMs: -1 }, "graceMs"],
  [{ copies: ["other.example.org"] }, "copies"],
  [{ files: { service: "upload.example.org", origin: "upload" } }, "files.origin"],
])("%j is refused at once, by the option's name", (over, option) => {
  const options = {
    servers: ["tcp://127.0.0.1:9"],
    component: "chat.example.org",
    secret: "secret",
    rooms: "rooms.example.org",
    agents: ["nina@example.org"],
    key: "k".repeat(32),
    ...over,
  };
  expect(() => xmpp(options)).toThrow(new RegExp(`^xmpp: the option "${option.replace(".", "\\.")}" `));
});
