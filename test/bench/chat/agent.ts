import { setTimeout as pause } from "node:timers/promises";
import * as v from "valibot";
import { stampText } from "./stamp.ts";

/** An agent whose page is open, and who answers many. */
export interface Agent {
  /** One message after the other to these conversations in turn, on the beat of the rate however long an answer takes. */
  talk(conversations: readonly string[], rate: { readonly perSecond: number; readonly ms: number }): Promise<void>;
  /** How many were sent to each. */
  sent(): ReadonlyMap<string, number>;
  leave(): void;
}

export async function signIn(
  origin: string,
  credentials: { readonly username: string; readonly password: string },
): Promise<Agent> {
  const json = { "Content-Type": "application/json" };
  const answer = await post("sign-in", credentials, json);
  const { token } = v.parse(v.object({ token: v.string() }), await answer.json());
  const headers = { Authorization: `Bearer ${token}` };
  const left = new AbortController();
  const page = await fetch(`${origin}/agent/api/events`, { headers, signal: left.signal });
  const sent = new Map<string, number>();
  const saying = new Map<string, Promise<void>>();
  void listen(page).catch((error: unknown) => {
    if (!left.signal.aborted) throw error;
  });

  async function post(path: string, body: object, more: Record<string, string>): Promise<Response> {
    const url = `${origin}/agent/api/${path}`;
    const response = await fetch(url, { method: "POST", headers: { ...json, ...more }, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  /** In one conversation one after the other; the time that a message waits for the one before counts as its own. */
  function say(conversationId: string): Promise<void> {
    const number = (sent.get(conversationId) ?? 0) + 1;
    sent.set(conversationId, number);
    const draft = { clientId: crypto.randomUUID(), text: stampText(number) };
    const said = (saying.get(conversationId) ?? Promise.resolve()).then(async () => {
      await (await post(`conversations/${conversationId}/messages`, draft, headers)).json();
    });
    saying.set(conversationId, said);
    return said;
  }

  return {
    async talk(conversations, { ms, perSecond }) {
      const began = performance.now();
      const all: Promise<void>[] = [];
      for (let count = 0; count < (ms / 1000) * perSecond; count += 1) {
        await pause(Math.max(0, began + (count * 1000) / perSecond - performance.now()));
        const id = conversations[count % conversations.length];
        if (id !== undefined) all.push(say(id));
      }
      await Promise.all(all);
    },
    sent: () => sent,
    leave: () => left.abort(),
  };
}

/** As the page does: without it the agent counts as gone. */
async function listen(page: Response): Promise<void> {
  await page.body?.pipeTo(new WritableStream());
  throw new Error("the agent's own stream has ended");
}
