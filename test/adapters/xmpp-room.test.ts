import { expect, test } from "vitest";
import { createFaults } from "../../src/adapters/xmpp/faults.ts";
import type { Entry } from "../../src/adapters/xmpp/entry.ts";
import type { Link } from "../../src/adapters/xmpp/link.ts";
import { createRoom, type RoomContext } from "../../src/adapters/xmpp/room.ts";
import { createSignatures } from "../../src/adapters/xmpp/signature.ts";
import type { Xml } from "../../src/adapters/xmpp/xml.ts";
import { parsed } from "./xmpp-server.ts";

const jid = "c1@rooms.example.org";
const entry = (id: string): Entry => ({
  id,
  sentId: `m-${id}`,
  nick: "Nina",
  at: "2026-11-30T10:00:00Z",
  body: id,
  record: undefined,
});
const live = (id: string) =>
  parsed(
    `<message xmlns="jabber:component:accept" type="groupchat" from="${jid}/Nina" id="m-${id}"><body>${id}</body><stanza-id xmlns="urn:xmpp:sid:0" by="${jid}" id="${id}"/></message>`,
  );
const inside = (nick: string) =>
  parsed(
    `<presence xmlns="jabber:component:accept" from="${jid}/${nick}"><x xmlns="http://jabber.org/protocol/muc#user"><item jid="podpora@chat.example.org" affiliation="owner"/><status code="110"/></x></presence>`,
  );

/** A room whose server and archive the test controls. */
function stage(inTurn: RoomContext["inTurn"] = async (run) => await run()) {
  let joins = 0;
  const entering: string[] = [];
  const archived: Entry[] = [];
  const told: string[] = [];
  let isAnswering = true;
  function letIn(): void {
    for (const nick of entering.splice(0)) room.take(inside(nick));
  }
  const link: Link = {
    jid: "podpora@chat.example.org/1",
    standing: true,
    answers: true,
    ready: async () => undefined,
    ask: async () => await Promise.reject(new Error("nobody is asked here")),
    send(stanza: Xml) {
      const to = stanza.attributes["to"]?.split("/")[1];
      if (stanza.name !== "presence" || to === undefined || stanza.attributes["type"] !== undefined) return;
      joins += 1;
      entering.push(to);
      if (isAnswering) queueMicrotask(letIn);
    },
    close: () => undefined,
  };
  const room = createRoom(
    {
      link,
      archive: {
        async *read(_room, after) {
          yield archived.slice(archived.findIndex(({ id }) => id === after) + 1);
        },
        async *readBack() {
          yield archived;
        },
        take: () => false,
      },
      admission: { ask: async () => false, answer: () => undefined },
      inTurn,
      faults: createFaults(() => undefined),
      signatures: createSignatures(["k".repeat(32)]),
      maxStanzaBytes: 10_000,
    },
    { jid, nick: "Podpora", plainNick: "Podpora", title: "t", owners: [], members: [] },
    { entry: ({ id }) => void told.push(id) },
  );
  return { archived, joins: () => joins, letIn, room, told, answer: (on: boolean) => (isAnswering = on) };
}

test("messages from before the room admitted us are reported, even if newer ones arrive first", async () => {
  const { archived, room, told } = stage();
  archived.push(entry("a1"));
  await room.enter();
  expect(told).toEqual(["a1"]);
  // The server was slow: the join timed out here, but succeeded there.
  room.lost();
  archived.push(entry("a2"), entry("a3"));
  room.take(live("a3"));
  await room.enter();
  expect(told).toEqual(["a1", "a2", "a3"]);
  room.take(live("a4"));
  expect(told).toEqual(["a1", "a2", "a3", "a4"]);
  room.leave();
});

test("a room that was lost while it waited for its turn is joined once", async () => {
  const turns: (() => void)[] = [];
  const { archived, joins, room, told } = stage(async (run) => {
    await new Promise<void>((resolve) => turns.push(resolve));
    return await run();
  });
  archived.push(entry("a1"));
  const first = room.enter();
  room.lost();
  const second = room.enter();
  for (const turn of turns.splice(0)) turn();
  await expect(first).rejects.toMatchObject({ code: "unavailable" });
  await second;
  expect([joins(), told, room.entered]).toEqual([1, ["a1"], true]);
  room.leave();
});

test("a room that is lost and rejoined at the same moment does not wait forever", async () => {
  const { answer, archived, letIn, room, told } = stage();
  archived.push(entry("a1"));
  answer(false);
  const first = room.enter();
  room.lost();
  const second = room.enter();
  await expect(first).rejects.toMatchObject({ code: "unavailable" });
  letIn();
  await second;
  expect([told, room.entered]).toEqual([["a1"], true]);
  room.leave();
});
