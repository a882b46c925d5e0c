import { expect, test } from "vitest";
import { memory } from "../../src/adapters/memory/index.ts";
import { connectRest } from "../../src/adapters/rest/index.ts";
import type { Member } from "../../src/core/contract/adapter.ts";
import { describeAdapter } from "../../src/testing/index.ts";
import { guestToken } from "../gateway/calls.ts";
import { serve, siteToken } from "../gateway/server.ts";
import { article, articles } from "./articles.ts";
import { answers, form } from "./form.ts";
import { ana, anasCredentials, boris } from "./members.ts";
import { keptToken } from "./tokens.ts";

const ctx = () => ({ signal: new AbortController().signal, locale: "sl" });

describeAdapter({
  name: "rest",
  async create() {
    const desk = memory({ accounts: [{ ...anasCredentials, member: ana }], fields: form, articles });
    const running = await serve({ basePath: "/podpora", access: { tickets: "guests", chat: "guests" } }, desk);
    // The gateway creates guests itself: each of the contract's is one of them.
    const guests = new Map<string, string>();
    async function tokenOf(member: Member): Promise<string> {
      if (!member.guest) return await siteToken(member);
      const token = guests.get(member.id) ?? (await guestToken(running));
      guests.set(member.id, token);
      return token;
    }
    const adapterFor = async (member: Member) =>
      await connectRest({ endpoint: running.url, token: keptToken(await tokenOf(member)) }, ctx());
    return {
      adapterFor,
      async merge(guest, member) {
        const { session } = await adapterFor(member);
        await session?.merge?.(await tokenOf(guest), ctx());
      },
      backend: running.desk.agent,
      members: [ana, boris],
      credentials: anasCredentials,
      answers,
      article,
      dispose: running.stop,
    };
  },
});

test("the rest adapter has every part and method that the desk behind the gateway has", async () => {
  const running = await serve();
  const adapter = await connectRest({ endpoint: running.url, token: keptToken() }, ctx());
  for (const part of ["tickets", "chat", "uploads", "accounts"] as const) {
    // A call from one desk to another is not a call of a widget.
    const wanted = Object.keys(running.desk[part] ?? {}).filter((method) => method !== "linkTicket");
    expect(Object.keys(adapter[part] ?? {}).toSorted()).toEqual(wanted.toSorted());
  }
  expect(Object.keys(adapter.session ?? {}).toSorted()).toEqual(["answer", "chatPage", "current", "merge", "signOut"]);
  await running.stop();
});
