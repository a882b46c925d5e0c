import { createServer, type RequestListener } from "node:http";
import { afterEach, expect } from "vitest";
import { xmpp, type XmppAdapter, type XmppOptions } from "../../src/adapters/xmpp/index.ts";
import type { CallContext, ChatEvent, ChatRequest, Member } from "../../src/core/contract/adapter.ts";
import { isAdapterError } from "../../src/core/contract/errors.ts";
import { attributeOf, textOf } from "../../src/adapters/xmpp/xml.ts";
import { fakeServer, parsed, type FakeServer } from "./xmpp-server.ts";

export const ROOMS = "rooms.example.org";
export const LOBBY = `help@${ROOMS}`;
export const NINA = "nina@example.org/phone";
const UPLOADS = "https://upload.example.org";

const ending: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
});
export const atTheEnd = (end: () => Promise<void> | void) => void ending.push(end);

export async function openServer(): Promise<FakeServer> {
  const server = await fakeServer();
  atTheEnd(async () => await server.close());
  return server;
}

/** A copy of the gateway's adapter, and its reports. */
export function startCopy(server: FakeServer, over: Partial<XmppOptions> = {}) {
  const reported: string[] = [];
  const adapter: XmppAdapter = xmpp({
    servers: [server.url],
    component: "chat-a.example.org",
    secret: "secret",
    rooms: ROOMS,
    agents: ["nina@example.org", "vera@example.org"],
    key: "k".repeat(32),
    files: { service: "upload.example.org", origin: UPLOADS },
    onError: (error) => reported.push(error instanceof Error ? error.message : String(error)),
    ...over,
  });
  atTheEnd(async () => await adapter.dispose?.());
  return { adapter, reported };
}

export const ana: Member = { id: "m1", name: "Ana Novak", email: "ana@example.org" };
export const by = (member: Member, signal = new AbortController().signal): CallContext => ({
  signal,
  locale: "en",
  member,
});
export const request = (over: Partial<ChatRequest> = {}): ChatRequest => ({
  clientId: crypto.randomUUID(),
  name: "Ana",
  email: "a@example.org",
  question: "Where is my order?",
  ...over,
});

/** A chat that Nina has taken. */
export async function takenChat(
  over: Partial<XmppOptions> = {},
  member: Member = ana,
  about: Partial<ChatRequest> = {},
) {
  const server = await openServer();
  const { adapter, reported } = startCopy(server, over);
  await adapter.chat.availability(by(member));
  server.join(LOBBY, "Nina", NINA);
  const { id } = await adapter.chat.open(request(about), by(member));
  const room = `${id}@${ROOMS}`;
  server.say(LOBBY, "Nina", "<body>!take</body>");
  server.join(room, "Nina", NINA);
  await expect.poll(async () => (await adapter.chat.current(by(member)))?.status).toBe("active");
  const shown = async () => (await adapter.chat.history(id, undefined, by(member))).items.map(({ text }) => text);
  return { adapter, id, member, reported, room, server, shown };
}

/** Reads events into a list until the test ends. */
export function listen(adapter: XmppAdapter, id: string, member: Member, cursor?: string): ChatEvent[] {
  const abort = new AbortController();
  const seen: ChatEvent[] = [];
  const reading = (async () => {
    for await (const event of adapter.chat.events(id, cursor, by(member, abort.signal))) seen.push(event);
  })().catch(() => undefined);
  atTheEnd(async () => {
    abort.abort();
    await reading;
  });
  return seen;
}

export async function failure(call: Promise<unknown>) {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isAdapterError(error)) throw new Error(`no AdapterError: ${String(error)}`);
  return error;
}

/** The record of a message in the archive, as XML, and the message's id. */
export function signedIn(xml: string | undefined): { readonly id: string; readonly inner: string } {
  const message = parsed(xml ?? "<message/>");
  const inner = /<body.*<\/body>/s.exec(xml ?? "")?.[0] ?? "";
  return { id: attributeOf(message, "id") ?? "", inner: inner + (/<podpora.*<\/podpora>/s.exec(xml ?? "")?.[0] ?? "") };
}
export const hasType = (type: string) => (each: { readonly xml: string }) =>
  textOf(parsed(each.xml), "podpora", "urn:podpora:chat:1")?.includes(`"type":"${type}"`) === true;

/** A web server. Returns its origin. */
export async function listening(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  atTheEnd(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return typeof address === "object" && address ? `http://127.0.0.1:${address.port}` : "";
}
