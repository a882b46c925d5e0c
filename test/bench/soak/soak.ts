import { install } from "@sinonjs/fake-timers";
import { memory } from "../../../src/adapters/memory/index.ts";
import { createGateway, memoryStore, type Gateway } from "../../../src/gateway/index.ts";
import { unlimited } from "../../support/unlimited.ts";

export interface SoakPlan {
  readonly chats: number;
  /** Each chat's stream stays open for so long. */
  readonly streamMinutes: number;
  /** Chats begin, evenly, for so long. */
  readonly minutes: number;
  /** How often a row is told, in simulated minutes. */
  readonly everyMinutes: number;
}

export interface SoakRow {
  readonly minute: number;
  readonly begun: number;
  readonly streams: number;
  /** Words that streams have told. */
  readonly told: number;
  /** After a collection, in bytes. */
  readonly heap: number;
  readonly resident: number;
}

interface Chat {
  readonly member: { readonly id: string };
  readonly id: string;
  readonly endsAt: number;
  end(): Promise<void>;
}

const MINUTE_MS = 60_000;

/**
 * A gateway over the memory desk, in this process, on a clock of its own. Guests begin chats, write three words, get two
 * answers, and leave their streams open for a while; then the chat is ended, and the desk forgets it: what is left is the
 * gateway's.
 */
export async function soak(plan: SoakPlan, tell: (row: SoakRow) => void): Promise<void> {
  // Nothing but the chat: files would want a directory.
  const { uploads: _, ...desk } = memory();
  const clock = install({ toFake: ["Date", "setTimeout", "setInterval", "clearTimeout", "clearInterval"] });
  const gateway = createGateway({ adapter: desk, secret: "s".repeat(32), store: memoryStore(), limits: unlimited });
  const started = Date.now();
  const open: Chat[] = [];
  const told = { words: 0 };
  let begun = 0;
  const last = plan.minutes + plan.streamMinutes;
  try {
    for (let second = 1; second <= last * 60; second += 1) {
      const due = Math.min(plan.chats, Math.floor((second / 60 / plan.minutes) * plan.chats));
      const endsAt = Date.now() + plan.streamMinutes * MINUTE_MS;
      // oxlint-disable-next-line no-await-in-loop -- one second after the other
      open.push(
        ...(await Promise.all(
          Array.from({ length: due - begun }, async () => await begin(gateway, endsAt, told, desk.agent)),
        )),
      );
      begun = due;
      while ((open[0]?.endsAt ?? Infinity) <= Date.now()) {
        const chat = open.shift();
        // oxlint-disable-next-line no-await-in-loop -- see above
        await chat?.end();
        const how = { remove: true, signal: new AbortController().signal };
        // oxlint-disable-next-line no-await-in-loop -- see above
        for await (const { outcome } of (chat && desk.erase?.(chat.member, how)) ?? []) {
          if (outcome === "kept") throw new Error("the desk keeps something: the heap says nothing of the gateway");
        }
      }
      // oxlint-disable-next-line no-await-in-loop -- see above
      await clock.tickAsync(1000);
      if (second % (plan.everyMinutes * 60) !== 0) continue;
      globalThis.gc?.();
      const { heapUsed: heap, rss: resident } = process.memoryUsage();
      tell({
        minute: Math.round((Date.now() - started) / MINUTE_MS),
        begun,
        streams: open.length,
        told: told.words,
        heap,
        resident,
      });
    }
  } finally {
    await gateway.dispose();
    clock.uninstall();
  }
}

async function begin(
  gateway: Gateway,
  endsAt: number,
  told: { words: number },
  agent: ReturnType<typeof memory>["agent"],
): Promise<Chat> {
  let token = "";
  async function call(path: string, body?: { readonly clientId?: string; readonly text?: string }): Promise<Response> {
    const key = body?.clientId ?? crypto.randomUUID();
    const headers = new Headers({ "Content-Type": "application/json", "Idempotency-Key": key });
    if (token !== "") headers.set("Authorization", `Bearer ${token}`);
    const what = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await gateway.fetch(new Request(`http://gateway${path}`, { ...what, headers }));
    if (!response.ok) throw new Error(`${path} was answered with ${response.status}`);
    return response;
  }
  const guest = (await (await call("/session/guest", {})).json()) as { token: string; member: { id: string } };
  ({ token } = guest);
  const clientId = crypto.randomUUID();
  const request = { clientId, name: "Ana", email: "ana@example.org", question: "Where is my order?" };
  const { id } = (await (await call("/chat/conversations", request)).json()) as { id: string };
  const reader = (await call(`/chat/conversations/${id}/events`)).body?.getReader();
  const reading = read(reader, told);
  for (const text of ["It is late.", "Number BR-204816.", "Thank you."]) {
    // oxlint-disable-next-line no-await-in-loop -- in their order
    await call(`/chat/conversations/${id}/messages`, { clientId: crypto.randomUUID(), text });
  }
  await agent.takeConversation(id);
  await agent.say(id, "I look for it.");
  await agent.say(id, "It arrives tomorrow.");
  return {
    member: guest.member,
    id,
    endsAt,
    async end() {
      await agent.endConversation(id);
      await reader?.cancel();
      await reading;
    },
  };
}

/** Until it is cancelled. */
async function read(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
  told: { words: number },
): Promise<void> {
  const decoder = new TextDecoder();
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one piece after the other
    const piece = await reader?.read();
    if (piece?.value === undefined) return;
    told.words += decoder.decode(piece.value, { stream: true }).split("event: message").length - 1;
  }
}
