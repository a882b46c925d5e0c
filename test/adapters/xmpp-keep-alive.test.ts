import { createServer, type Server } from "node:net";
import { expect, test } from "vitest";
import { ana, atTheEnd, by, LOBBY, NINA, openServer, request, startCopy } from "./xmpp-stage.ts";

const draft = (text: string) => ({ clientId: crypto.randomUUID(), text });

test("a server that stops responding is replaced by the next one, and the chat is closed meanwhile", async () => {
  const [silent, next] = [await openServer(), await openServer()];
  const { adapter } = startCopy(silent, { servers: [silent.url, next.url], pingMs: 1000 });
  await adapter.chat.availability(by(ana));
  const isOpen = async () => (await adapter.chat.availability(by(ana))).open;
  silent.join(LOBBY, "Nina", NINA);
  await expect.poll(isOpen).toBe(true);
  const seen: boolean[] = [];
  silent.hole(true);
  await expect
    .poll(
      async () => {
        seen.push(await isOpen());
        return next.connections();
      },
      { interval: 20 },
    )
    .toBe(1);
  expect(seen).toContain(false);
  await expect.poll(() => next.occupants(LOBBY)).toEqual(["Podpora"]);
  next.join(LOBBY, "Nina", NINA);
  await expect.poll(isOpen).toBe(true);
  expect((await adapter.chat.open(request(), by(ana))).status).toBe("queued");
  expect(silent.connections()).toBe(1);
});

test("if two servers stop responding in turn, neither is kept", async () => {
  const [one, other] = [await openServer(), await openServer()];
  const { adapter } = startCopy(one, { servers: [one.url, other.url], pingMs: 100 });
  await adapter.chat.availability(by(ana));
  one.hole(true);
  await expect.poll(() => other.connections()).toBe(1);
  await adapter.chat.availability(by(ana));
  one.hole(false);
  other.hole(true);
  await expect.poll(() => one.connections()).toBe(2);
  const { id } = await adapter.chat.open(request(), by(ana));
  expect((await adapter.chat.send(id, draft("here"), by(ana))).text).toBe("here");
});

test("a server that accepts the connection and never answers is replaced by the next one", async () => {
  const mute: Server = createServer((socket) => socket.on("error", () => undefined));
  await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
  atTheEnd(() => void mute.close());
  const address = mute.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const next = await openServer();
  const { adapter } = startCopy(next, { servers: [`tcp://127.0.0.1:${port}`, next.url], pingMs: 200 });
  expect(await adapter.chat.current(by(ana))).toBeUndefined();
});

test("a server that refuses pings is reachable, and is kept", async () => {
  const server = await openServer();
  // Long enough for a busy machine to answer.
  const { adapter } = startCopy(server, { pingMs: 400 });
  await adapter.chat.availability(by(ana));
  server.join(LOBBY, "Nina", NINA);
  const pings = () => server.asked.filter((each) => each === "urn:xmpp:ping").length;
  await expect.poll(pings).toBeGreaterThan(3);
  expect((await adapter.chat.availability(by(ana))).open).toBe(true);
  expect(server.connections()).toBe(1);
});
