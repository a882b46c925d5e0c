import { expect, test } from "vitest";
import {
  ana,
  by,
  failure,
  listen,
  LOBBY,
  NINA,
  openServer,
  request,
  ROOMS,
  startCopy,
  takenChat,
} from "./xmpp-stage.ts";

const named = (letter: string) => `chat-${letter}.example.org`;
const [A, B] = [named("a"), named("b")];
const draft = (text: string) => ({ clientId: crypto.randomUUID(), text });

test("a copy that is added later joins the lobby and existing chats, even if no other one is running", async () => {
  const { adapter, id, member, server, room } = await takenChat({ component: A, copies: [A] });
  await adapter.dispose?.();
  const first = startCopy(server, { component: A, copies: [A, B] }).adapter;
  expect((await first.chat.current(by(member)))?.id).toBe(id);
  await expect.poll(() => server.affiliation(room, `podpora@${B}`)).toBe("owner");
  expect(server.affiliation(LOBBY, `podpora@${B}`)).toBe("owner");
  await first.dispose?.();
  const second = startCopy(server, { component: B, copies: [A, B] }).adapter;
  expect((await second.chat.current(by(member)))?.id).toBe(id);
  expect((await second.chat.send(id, draft("by the new copy"), by(member))).text).toBe("by the new copy");
});

test("a copy that is not admitted asks one that is, even one that does not know it", async () => {
  const { adapter, id, member, server } = await takenChat({ component: A, copies: [A] });
  const second = startCopy(server, { component: B, copies: [A, B] }).adapter;
  expect((await second.chat.current(by(member)))?.id).toBe(id);
  const seen = listen(adapter, id, member);
  await second.chat.send(id, draft("by the new copy"), by(member));
  await expect.poll(() => JSON.stringify(seen)).toContain("by the new copy");
  server.say(LOBBY, "Nina", "<body>!queue</body>");
  server.say(`${id}@${ROOMS}`, "Nina", "<body>!end</body>");
  await expect.poll(async () => await second.chat.current(by(member))).toBeUndefined();
  // Exactly one of the two manages it.
  expect(server.bodies(LOBBY).filter((line) => line.startsWith("Nina ended the chat"))).toHaveLength(1);
});

test("a copy with another key, or that asks for another address, is not admitted", async () => {
  const { server } = await takenChat({ component: A, copies: [A] });
  const { adapter: stranger, reported } = startCopy(server, { component: B, copies: [A, B], key: "x".repeat(32) });
  expect((await failure(stranger.chat.current(by(ana)))).code).toBe("unavailable");
  expect(server.affiliation(LOBBY, `podpora@${B}`)).toBeUndefined();
  const at = new Date().toISOString();
  server.send(
    A,
    `<iq type="set" id="1" from="nina@example.org/x" to="podpora@${A}/gateway"><admit xmlns="urn:podpora:chat:1" room="${LOBBY}" at="${at}" mac="AAAA"/></iq>`,
  );
  server.send(
    A,
    `<iq type="set" id="2" from="podpora@${B}/gateway" to="podpora@${A}/gateway"><admit xmlns="urn:podpora:chat:1"/></iq>`,
  );
  // The operator reads why.
  await expect.poll(() => reported.join()).toMatch(/entering the lobby was skipped \(.*registration-required\)/);
  await stranger.dispose?.();
  expect(server.affiliation(LOBBY, "nina@example.org")).toBe("member");
});

test("twelve copies are in one chat at once, each with its own name", async () => {
  const letters = "abcdefghijkl".split("");
  const copies = letters.map(named);
  const server = await openServer();
  const adapters = letters.map((letter) => startCopy(server, { component: named(letter), copies }).adapter);
  const [first] = adapters;
  await first?.chat.availability(by(ana));
  const id = (await first?.chat.open(request(), by(ana)))?.id ?? "";
  for (const [index, each] of adapters.entries()) {
    expect((await each.chat.send(id, draft(`by copy ${index}`), by(ana))).text).toBe(`by copy ${index}`);
  }
  const occupants = server.occupants(`${id}@${ROOMS}`);
  expect(occupants).toHaveLength(12);
  expect(occupants.filter((nick) => /^Ana Novak · member(?: · chat-[a-l])?$/.test(nick))).toHaveLength(12);
  expect(server.join(`${id}@${ROOMS}`, "Ana Novak", NINA)).toBe(true);
}, 20_000);

test("an agent who is added later joins the chat that they take, although its room was created before", async () => {
  const server = await openServer();
  const { adapter } = startCopy(server);
  const { id } = await adapter.chat.open(request(), by(ana));
  await adapter.dispose?.();
  const again = startCopy(server, { agents: ["nina@example.org", "olga@example.org"] }).adapter;
  await again.chat.availability(by(ana));
  await expect.poll(() => server.affiliation(LOBBY, "olga@example.org")).toBe("member");
  server.join(LOBBY, "Olga", "olga@example.org/x");
  server.say(LOBBY, "Olga", "<body>!take</body>");
  await expect.poll(() => server.sent.join()).toContain(`${id}@${ROOMS}?join`);
  expect(server.join(`${id}@${ROOMS}`, "Olga", "olga@example.org/x")).toBe(true);
});
