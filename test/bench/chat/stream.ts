import { request, type IncomingMessage } from "node:http";
import { signal as state } from "@preact/signals-core";
import * as v from "valibot";
import { createEventReader } from "../../../src/adapters/rest/event-stream.ts";
import type { Platform } from "../../../src/core/platform.ts";
import { waitToRetry } from "../../../src/core/delivery/retry.ts";
import { chatEvent } from "../../../src/protocol/data.ts";
import { readStamp } from "./stamp.ts";

export interface StreamOptions {
  readonly url: URL;
  readonly token: string;
  readonly signal: AbortSignal;
  /** One more message of the agent's, and how long it took. */
  onMessage(tookMs: number): void;
}

/** One member's live events as the widget reads them: it goes on from the last cursor, after the core's own back-off. */
export interface MemberStream {
  isLive(): boolean;
  /** How often it was cut or refused. */
  cuts(): number;
  /** The number of the agent's last message here. */
  reached(): number;
  /** Messages that came after a later one, or twice; and those that a later one came before. */
  faults(): { readonly again: number; readonly skipped: number };
}

/** All that the back-off reads of it. */
const platform = { online: state(true), random: Math.random } as Platform;

export function openStream({ onMessage, signal, token, url }: StreamOptions): MemberStream {
  let live = false;
  let cuts = 0;
  let cursor: string | undefined;
  let reached = 0;
  let again = 0;
  let skipped = 0;

  function take(data: string): void {
    const event = v.parse(chatEvent, JSON.parse(data));
    cursor = event.cursor ?? cursor;
    const stamp = event.type === "message" ? readStamp(event.message.text) : undefined;
    if (stamp === undefined) return;
    onMessage(stamp.agoMs);
    if (stamp.number <= reached) again += 1;
    else skipped += stamp.number - reached - 1;
    reached = Math.max(reached, stamp.number);
  }

  async function read(): Promise<void> {
    const answer = await get(at(url, cursor), token, signal);
    if (answer.statusCode !== 200) {
      answer.resume();
      throw new Error(`status ${answer.statusCode}`);
    }
    live = true;
    const events = createEventReader();
    answer.setEncoding("utf8");
    for await (const chunk of answer) for (const { data } of events(String(chunk))) take(data);
  }

  async function keep(): Promise<void> {
    let tries = 0;
    while (!signal.aborted) {
      let failure: unknown;
      try {
        await read();
      } catch (error) {
        failure = error;
      }
      if (signal.aborted) return;
      tries = live ? 1 : tries + 1;
      live = false;
      cuts += 1;
      await waitToRetry(platform, tries, failure, signal);
    }
  }

  void keep().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return { isLive: () => live, cuts: () => cuts, reached: () => reached, faults: () => ({ again, skipped }) };
}

function at(url: URL, cursor: string | undefined): URL {
  const whole = new URL(url);
  if (cursor !== undefined) whole.searchParams.set("cursor", cursor);
  return whole;
}

function get(url: URL, token: string, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // A connection each: a stream holds it for as long as it lasts.
    request(url, { agent: false, headers: { Authorization: `Bearer ${token}` }, signal })
      .once("response", resolve)
      .once("error", reject)
      .end();
  });
}
