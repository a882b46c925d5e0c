import { expect, test } from "vitest";
import { ana, boris, by, draft, nina, present, request, seededDesk } from "./desk.ts";

const invalid = expect.objectContaining({ code: "invalid" });
const forbidden = (message: string) => expect.objectContaining({ code: "forbidden", message });

test("if two agents take a chat, the first gets it, and the other is told who did", async () => {
  await using stage = await seededDesk();
  const { chat, desk } = stage;
  const [first, second] = [await present(stage, "nina"), await present(stage, "oto")];
  const { id } = await chat.open(request(), by(ana));
  desk.agents.chat.take(first.agent, id);
  expect(() => desk.agents.chat.take(second.agent, id)).toThrow(forbidden("Nina took this conversation."));
  desk.agents.chat.end(first.agent, id);
  expect(() => desk.agents.chat.take(second.agent, id)).toThrow(forbidden("The conversation has ended."));
});

test("an agent can transfer a chat only to a colleague who is present", async () => {
  await using stage = await seededDesk();
  const { chat, desk } = stage;
  await present(stage, "nina");
  const { id } = await chat.open(request(), by(ana));
  desk.agents.chat.take(nina, id);
  expect(desk.agents.chat.colleagues(nina)).toEqual([]);
  for (const to of ["oto", "nina", "nobody"]) {
    expect(() => desk.agents.chat.transfer(nina, id, to)).toThrow(invalid);
  }
  const oto = await present(stage, "oto");
  expect(desk.agents.chat.colleagues(nina)).toMatchObject([{ id: "oto", name: "Oto" }]);
  desk.agents.chat.transfer(nina, id, "oto");
  expect(() => desk.agents.chat.say(nina, id, draft())).toThrow(expect.objectContaining({ code: "forbidden" }));
  expect(() => desk.agents.chat.transfer(nina, id, undefined)).toThrow(expect.objectContaining({ code: "forbidden" }));
  expect(desk.agents.chat.list(oto.agent).mine).toMatchObject([{ id, unread: 1 }]);

  const told: unknown[] = [];
  for await (const event of chat.events(id, undefined, by(ana))) {
    if (event.type === "conversation") told.push(event.conversation.agent?.name);
    if (event.type === "message") told.push(event.message.text);
    if (told.length === 5) break;
  }
  expect(told).toEqual([undefined, "Where is my order?", "Nina", "Klepet prevzema Oto, prej Nina.", "Oto"]);
});

test("a returned chat is next in the queue, and is taken with all its messages", async () => {
  await using stage = await seededDesk();
  const { chat, desk } = stage;
  const { id } = await chat.open(request("Prvo"), by(ana));
  desk.agents.chat.take(nina, id);
  await chat.open(request(), by(boris));
  desk.agents.chat.transfer(nina, id, undefined);
  const [next] = desk.agents.chat.list(nina).queue;
  expect(next).toMatchObject({ id, position: 1, question: "Prvo" });
  expect(next?.agent).toBeUndefined();
  expect(await chat.current(by(boris))).toMatchObject({ position: 2 });
  desk.agents.chat.take({ id: "oto", name: "Oto", languages: ["en"] }, id);
  expect(await chat.current(by(ana))).toMatchObject({ status: "active", agent: { id: "oto" } });
});

test("an agent's picture is available to members in their chats, and to agents", async () => {
  await using stage = await seededDesk();
  const { chat, desk, uploads } = stage;
  const { id } = await chat.open(request(), by(ana));
  desk.agents.chat.take(nina, id);
  const picture = (await chat.current(by(ana)))?.agent?.picture ?? "";
  const blob = await uploads.download(picture, by(ana));
  expect(blob.type).toBe("image/png");
  expect(Buffer.from(await blob.slice(1, 4).arrayBuffer()).toString()).toBe("PNG");
  await expect(uploads.download(picture, by(boris))).rejects.toMatchObject({ code: "not-found" });
  expect((await desk.agents.files.read(picture)).blob.size).toBe(blob.size);

  // Her messages keep her name and picture after the transfer.
  const said = desk.agents.chat.say(nina, id, draft("Hello"));
  expect(said.author.picture).toBe(picture);
  const oto = await present(stage, "oto");
  desk.agents.chat.transfer(nina, id, "oto");
  expect((await uploads.download(picture, by(ana))).size).toBe(blob.size);
  expect(oto.agent.picture).not.toBe(picture);
});

test("the member sees what an agent has received and read, in order and once", async () => {
  await using stage = await seededDesk();
  const { chat, desk } = stage;
  const { id } = await chat.open(request(), by(ana));
  desk.agents.chat.take(nina, id);
  const sent = await chat.send(id, draft("Ste tam?"), by(ana));
  expect(desk.agents.chat.list(nina).mine).toMatchObject([{ undelivered: sent.id, unread: 2 }]);
  desk.agents.chat.markDelivered(nina, id, sent.id);
  expect(desk.agents.chat.list(nina).mine[0]?.undelivered).toBeUndefined();
  desk.agents.chat.markDelivered(nina, id, sent.id);
  desk.agents.chat.markRead(nina, id, sent.id);
  const answer = desk.agents.chat.say(nina, id, draft("Sem."));
  const told: string[] = [];
  for await (const event of chat.events(id, undefined, by(ana))) {
    if (event.type === "delivered" || event.type === "read") told.push(event.type);
    if (event.type === "message" && event.message.id === answer.id) break;
  }
  expect(told).toEqual(["delivered", "read"]);
  expect(desk.agents.chat.transcript(id).memberRead).toBeUndefined();
  await chat.markRead(id, answer.id, by(ana));
  expect(desk.agents.chat.transcript(id).memberRead).toBe(answer.id);
});
