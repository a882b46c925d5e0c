import { connectRest } from "../../src/adapters/rest/index.ts";
import type { Adapter, CallContext, Member } from "../../src/core/contract/adapter.ts";
import { isRetryable } from "../../src/core/contract/errors.ts";
import { keptToken } from "../adapters/tokens.ts";
import { siteToken } from "../gateway/server.ts";

/** A member who writes until it is over, as the widget does it. */
export interface Person {
  readonly member: Member;
  readonly adapter: Adapter;
  /** What was acknowledged, in its order. */
  readonly words: string[];
  /** When each attempt failed, and by what. */
  readonly trouble: string[];
  /** When what is under way began; undefined: nothing is. */
  since: number | undefined;
  /** When the last word was acknowledged. */
  heardAt: number;
}

export const sleep = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));
export const ctx = (): CallContext => ({ signal: AbortSignal.timeout(20_000), locale: "en" });

/** Again under the same `clientId`, until there is an answer. */
export async function until<T>(call: () => Promise<T>, onFailure: (error: unknown) => void = () => undefined) {
  for (;;) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- again only after it failed
      return await call();
    } catch (error) {
      onFailure(error);
      // What the gateway has refused for its own reasons is a failure of this test.
      if (!isRetryable(error)) throw error;
      // oxlint-disable-next-line no-await-in-loop -- see above
      await sleep(500);
    }
  }
}

export async function beginPerson(endpoint: string, id: string): Promise<Person> {
  const member = { id, name: id, email: `${id}@example.org` };
  const token = keptToken(await siteToken(member, "1h"));
  const adapter = await until(async () => await connectRest({ endpoint, token }, ctx()));
  return { member, adapter, words: [], trouble: [], since: undefined, heardAt: Date.now() };
}

/** Writes something, and keeps it as acknowledged. */
export async function write(person: Person, words: string, send: () => Promise<unknown>): Promise<void> {
  person.since = Date.now();
  await until(send, (error) => {
    person.trouble.push(`${new Date().toISOString().slice(14, 23)} ${String(error)}`);
  });
  person.words.push(words);
  person.heardAt = Date.now();
  person.since = undefined;
}

/** The member's own words as a stream tells them, in their order, until `signal` aborts. */
export async function overhear({ adapter }: Person, chatId: string, signal: AbortSignal): Promise<readonly string[]> {
  const heard = new Map<string, string>();
  let cursor: string | undefined;
  while (!signal.aborted) {
    try {
      const events = adapter.chat?.events(chatId, cursor, { signal, locale: "en" });
      // oxlint-disable-next-line no-await-in-loop -- one connection after the other
      for await (const event of events ?? []) {
        cursor = event.cursor ?? cursor;
        if (event.type !== "message" || event.message.author.role !== "member") continue;
        if (heard.has(event.message.id)) throw new Error(`told twice: ${event.message.text}`);
        heard.set(event.message.id, event.message.text);
      }
    } catch (error) {
      if (!signal.aborted && !isRetryable(error)) throw error;
    }
    // oxlint-disable-next-line no-await-in-loop -- see above
    if (!signal.aborted) await sleep(500);
  }
  return [...heard.values()];
}

/** Everything that the desk's archive has of a chat, read anew. */
export async function story({ adapter }: Person, id: string): Promise<readonly string[]> {
  const texts: string[] = [];
  let before: string | undefined;
  do {
    const cursor = before;
    // oxlint-disable-next-line no-await-in-loop -- each page leads to the next
    const page = await until(async () => await adapter.chat!.history!(id, cursor, ctx()));
    texts.unshift(...page.items.filter(({ author }) => author.role === "member").map(({ text }) => text));
    before = page.next;
  } while (before !== undefined);
  return texts;
}
