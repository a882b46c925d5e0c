import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createCare } from "../../src/adapters/xmpp/care.ts";
import type { Chat } from "../../src/adapters/xmpp/queue.ts";
import type { LobbyRecord } from "../../src/adapters/xmpp/records.ts";
import type { Session } from "../../src/adapters/xmpp/session.ts";

const SECOND = 1000;
const nina = { name: "Nina", jid: "nina@example.org" };

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

/** A chat that this copy manages, whose member and agent are both gone. */
function stage(over: Partial<Chat>) {
  const chat = { id: "c1", code: "k1", memberId: "m1", name: "Ana", records: new Set(), ...over } as unknown as Chat;
  const written: LobbyRecord["type"][] = [];
  const { agent, status } = chat;
  const session = {
    chat,
    log: { listeners: () => 0, state: () => ({ type: "state", status, ...(agent === undefined ? {} : { agent }) }) },
    room: { entered: true, occupants: new Map(), presence: () => undefined },
  } as unknown as Session;
  const care = createCare({
    lobby: { write: async ({ type }: LobbyRecord) => void written.push(type) },
    settings: { copies: ["chat.example.org"], graceMs: 60 * SECOND, agentGraceMs: 60 * SECOND },
  } as unknown as Parameters<typeof createCare>[0]);
  return {
    written,
    /** Once a second, as the desk does. */
    watchFor(seconds: number) {
      for (let second = 0; second < seconds; second += 1) {
        care.watch(session);
        vi.advanceTimersByTime(SECOND);
      }
    },
  };
}

test.each([
  ["a member's place", { status: "queued" }, "ended"],
  ["an agent's chat", { status: "active", agent: nina }, "back"],
] as const)("%s is only released by a copy that has observed the whole absence", (_what, chat, given) => {
  const { watchFor, written } = stage(chat);
  watchFor(1);
  // Another copy manages the chat meanwhile, and has seen them return.
  vi.advanceTimersByTime(3600 * SECOND);
  watchFor(30);
  expect(written).toEqual([]);
  watchFor(40);
  expect(written).toEqual([given]);
});
