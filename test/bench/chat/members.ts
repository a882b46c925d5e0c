/** All members in one process of their own: what they cost is not the server's. */
import { setTimeout as pause } from "node:timers/promises";
import { SignJWT } from "jose";
import { answerCalls } from "./remote.ts";
import type { Opened } from "./server.ts";
import { openStream, type MemberStream } from "./stream.ts";

export interface Place {
  readonly origin: string;
  readonly siteSecret: string;
}

/** Of all streams together, since they were opened. */
export interface Faults {
  readonly cuts: number;
  readonly again: number;
  readonly skipped: number;
}

const streams = new Map<string, MemberStream>();
const closed = new AbortController();
let tookMs: number[] = [];
/** At once: as many as a browser's visitors would hardly be, but fewer than a listening socket keeps waiting. */
const atOnce = 100;

async function open({ id, memberId }: Opened, { origin, siteSecret }: Place): Promise<void> {
  const token = await new SignJWT({ name: memberId })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(memberId)
    .setAudience("podpora")
    .setIssuedAt()
    .setExpirationTime("2h")
    .sign(new TextEncoder().encode(siteSecret));
  const url = new URL(`/podpora/chat/conversations/${id}/events`, origin);
  const onMessage = (took: number) => void tookMs.push(took);
  streams.set(id, openStream({ url, token, signal: closed.signal, onMessage }));
}

const waiting = () => [...streams.values()].filter((stream) => !stream.isLive()).length;

const calls = {
  /** Answers when all are live. */
  async open({ conversations, place }: { readonly conversations: readonly Opened[]; readonly place: Place }) {
    for (const conversation of conversations) {
      await open(conversation, place);
      while (waiting() >= atOnce) await pause(5);
    }
    while (waiting() > 0) await pause(5);
  },
  waiting,
  /** How long each message took since this was asked last: from the agent's sending to the member's reading, in ms. */
  heard(): readonly number[] {
    const took = tookMs;
    tookMs = [];
    return took;
  },
  faults(): Faults {
    const sum = { cuts: 0, again: 0, skipped: 0 };
    for (const stream of streams.values()) {
      const { again, skipped } = stream.faults();
      sum.cuts += stream.cuts();
      sum.again += again;
      sum.skipped += skipped;
    }
    return sum;
  },
  /** The last number that each conversation has come to. */
  reached: () => Object.fromEntries([...streams].map(([id, stream]) => [id, stream.reached()])),
};

export type MembersCalls = typeof calls;

answerCalls(calls, () => closed.abort());
