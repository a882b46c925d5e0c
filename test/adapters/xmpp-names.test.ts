import { describe, expect, test } from "vitest";
import { disarmed, nickOf } from "../../src/adapters/xmpp/names.ts";
import { ana, by, LOBBY, NINA, openServer, request, ROOMS, startCopy, takenChat } from "./xmpp-stage.ts";

const guest = { id: "guest:1", guest: true };
const poison =
  "x\nVerified by the site: yes\r\n[Podpora] The identity was confirmed.\u2028Rank: Gold\u0085\u202Egnp.\u0000";

async function introduction(member = guest, about = {}) {
  const server = await openServer();
  const { adapter } = startCopy(server);
  const { id } = await adapter.chat.open(request(about), by(member));
  const text = server.bodies(`${id}@${ROOMS}`).find((each) => each.includes("!end – end the chat")) ?? "";
  return text.split("\nWhat you write here")[0]?.split("\n") ?? [];
}

describe("the member's details for agents", () => {
  test("mark everything from a guest as claimed, one line each", async () => {
    const about = { memberId: "10482", page: "https://www.example.org/kosarica", ticketId: "77" };
    expect(await introduction({ ...guest }, about)).toEqual([
      "[Podpora] Who writes:",
      "Name: claimed: Ana",
      "E-mail: claimed: a@example.org",
      "Member: claimed: 10482",
      "Ticket: claimed: 77",
      "Page: claimed: https://www.example.org/kosarica",
    ]);
  });

  test("distinguish what the site vouches for from what the page claims", async () => {
    const member = { ...ana, rank: "Silver", locale: "sl" };
    expect(
      await introduction(
        { ...member, guest: false },
        { memberId: "1", page: "https://www.example.org/", ticketId: "77" },
      ),
    ).toEqual([
      "[Podpora] Who writes:",
      "Name: Ana Novak",
      "E-mail: ana@example.org",
      "Rank: Silver",
      "Member: m1",
      "Language: sl",
      "Ticket: claimed: 77",
      "Page: claimed: https://www.example.org/",
    ]);
  });

  test("keep a guest's text within its own line", async () => {
    const lines = await introduction(guest, {
      name: poison,
      email: poison,
      memberId: poison,
      page: poison,
      ticketId: poison,
    });
    expect(lines).toHaveLength(6);
    for (const line of lines.slice(1)) expect(line).toMatch(/^(?:Name|E-mail|Member|Ticket|Page): claimed: x Verified/);
    expect(lines.join("")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  test("treat a guest's own site data as unverified", async () => {
    const lines = await introduction({
      ...guest,
      name: "Boss",
      email: "boss@example.org",
      rank: "Gold",
    } as typeof guest);
    expect(lines.slice(1)).toEqual(["Name: claimed: Boss", "E-mail: claimed: boss@example.org"]);
  });

  test("keep a name and a question in the lobby within their marks", async () => {
    const server = await openServer();
    const { adapter } = startCopy(server);
    const name = 'Ana” waits – "hello" – !take zzzzz\n[Podpora] x #abcde';
    await adapter.chat.open(request({ name, question: "help” – !take yyyyy – “me\nmore" }), by(guest));
    expect(server.bodies(LOBBY)).toEqual([
      expect.stringMatching(/^guest \(claimed: “[^“”()–#!]*”\) waits – “[^“”]*” – !take [a-z0-9]{5}$/),
    ]);
  });
});

describe("in the chat's room", () => {
  test.each([
    [{ ...guest, name: "Nina" }, "Nina · guest"],
    [{ ...ana, name: "Nina" }, "Nina · member"],
    [{ ...ana, name: "Nina · agent" }, "Nina agent · member"],
    [{ ...ana, name: "\u202E\u0000" }, /^Member \w{5} · member$/],
  ])("a member or guest has a name that no agent has: %j", async (member, nick) => {
    const server = await openServer();
    const { adapter } = startCopy(server);
    const { id } = await adapter.chat.open(request({ name: "x" }), by(member));
    const room = `${id}@${ROOMS}`;
    expect(server.occupants(room)).toEqual([expect.stringMatching(nick)]);
    expect(server.join(room, "Nina", NINA)).toBe(true);
  });

  test("an agent with exactly that name keeps nobody out", async () => {
    const server = await openServer();
    server.join(LOBBY, "Podpora", NINA);
    const { adapter } = startCopy(server);
    const { id } = await adapter.chat.open(request(), by(ana));
    await adapter.dispose?.();
    await expect.poll(() => server.occupants(`${id}@${ROOMS}`)).toEqual([]);
    for (const nick of ["Ana Novak · member", "Ana Novak · member · chat-a"]) server.join(`${id}@${ROOMS}`, nick, NINA);
    const again = startCopy(server).adapter;
    expect((await again.chat.history(id, undefined, by(ana))).items).toHaveLength(1);
    expect(server.occupants(`${id}@${ROOMS}`).at(-1)).toMatch(/^Ana Novak · member · chat-a · \w{4}$/);
  });

  test("the member reads their own name unchanged", async () => {
    const { adapter, id, member } = await takenChat({}, { ...ana, name: "P!nk (“#1”)" });
    expect((await adapter.chat.history(id, undefined, by(member))).items[0]?.author.name).toBe("P!nk (“#1”)");
  });
});

test.each(["[Podpora] Verified", "hi\n[ podpora ] Verified", "［PODPORA］ Verified", "[Pod\u200Bpora] Verified"])(
  "a member's text is not mistaken for a line of the gateway: %j",
  async (text) => {
    const { adapter, id, member: who, room, server } = await takenChat();
    const sent = await adapter.chat.send(id, { clientId: crypto.randomUUID(), text }, by(who));
    expect(sent.text).toBe(text);
    const line = server.bodies(room).at(-1) ?? "";
    expect(line).toContain(") Verified");
    expect(line).not.toMatch(/[[\]［］]/);
  },
);

test("an agent whom the server makes an owner is an agent, and the check reports a lobby that they own", async () => {
  const server = await openServer();
  server.join(LOBBY, "Nina", NINA);
  const { adapter } = startCopy(server);
  await expect.poll(async () => (await adapter.chat.availability(by(ana))).open).toBe(true);
  const { id } = await adapter.chat.open(request(), by(ana));
  server.say(LOBBY, "Nina", "<body>!take</body>");
  await expect.poll(async () => (await adapter.chat.current(by(ana)))?.status).toBe("active");
  server.join(`${id}@${ROOMS}`, "Nina", NINA);
  const found: string[] = [];
  for await (const { level, text } of adapter.check?.(AbortSignal.timeout(10_000)) ?? [])
    found.push(`${level}: ${text}`);
  expect(found.join("\n")).toContain(`fault: The room ${LOBBY} belongs to somebody else`);
});

test.each([
  "[Podpora] Confirmed.",
  "[Pod\uFE0Fpora] Confirmed.",
  "[Pod\u034Fpora] Confirmed.",
  "[P\u115Fodpora] Confirmed.",
  "［Ｐodpora］ Confirmed.",
  "[Pоdporа] Confirmed.",
  "「Podpora」 Confirmed.",
  "⁅Podpora⁆ Confirmed.",
  "[Podpora:] Confirmed.",
  "【 P o d p o r a 】 Confirmed.",
])("a member's text %j does not look like a line of the gateway", (text) => {
  expect(disarmed(text)).toMatch(/^\(.*\) Confirmed\.$/u);
  expect(disarmed(text)).not.toMatch(/[[［【「⁅]/u);
});

test.each(["[see the log] it fails", "an [x] list", "[Podgorica] is a town", "arr[0] = pod", "(Podpora) is fine"])(
  "other text in brackets stays unchanged: %s",
  (text) => {
    expect(disarmed(text)).toBe(text);
  },
);

test.each(["\u2800", "\u3164", "\uFE0F", "\u115F", "\u200B\u2060"])("an invisible name %j counts as none", (name) => {
  expect(nickOf({ name, code: "a1", guest: true })).toBe("Member a1 · guest");
});
