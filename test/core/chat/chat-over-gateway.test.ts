import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { memory, type MemoryAdapter } from "../../../src/adapters/memory/index.ts";
import { connectRest } from "../../../src/adapters/rest/index.ts";
import { ChatModel } from "../../../src/core/chat/chat.ts";
import type { Adapter } from "../../../src/core/contract/adapter.ts";
import { AdapterError } from "../../../src/core/contract/errors.ts";
import { ana } from "../../adapters/members.ts";
import { keptToken } from "../../adapters/tokens.ts";
import { type Running, serve, siteToken } from "../../gateway/server.ts";
import { withChat } from "../../support/chats.ts";
import { bench, context } from "../../support/scope.ts";

let desk: MemoryAdapter;
let running: Running;
beforeEach(async () => {
  desk = memory();
  running = await serve({}, desk);
});
afterEach(async () => await running.stop());

const nothing = () => undefined;
const hooks = { onQueued: nothing, onPosition: nothing, onAgentJoined: nothing, onMessage: nothing, onEnded: nothing };
const request = { name: "Ana", email: "ana@example.org", question: "Where is my order?" };

/** Ana's chat, with everything that a gateway remembers between her and the desk. */
async function open(change: (adapter: Adapter) => Adapter = (adapter) => adapter, page?: () => string) {
  const adapter = change(
    await connectRest({ endpoint: running.url, token: keptToken(await siteToken(ana)) }, context()),
  );
  const scope = bench(adapter);
  scope.platform.locale.value = "en";
  const platform = { ...scope.platform, ...(page && { context: () => ({ page: page() }) }) };
  const chat = new ChatModel({ ...scope, platform }, hooks);
  onTestFinished(() => {
    chat[Symbol.dispose]();
    scope.leave();
  });
  return { chat, scope };
}

test("a form that the desk has refused can be mended, and sent again", async () => {
  const { chat: api } = desk;
  const own = api!.open.bind(api);
  vi.spyOn(api!, "open").mockImplementation(async (asked, ctx) => {
    if (!asked.email.endsWith("@example.org")) {
      throw new AdapterError("invalid", "an address of example.org, please", { fields: { email: "another" } });
    }
    return await own(asked, ctx);
  });
  const { chat } = await open();
  chat.fill({ ...request, email: "ana@example" });
  await chat.startAnyway();
  await expect.poll(() => [chat.failure.value, chat.form.value.email]).toEqual(["invalid", "ana@example"]);
  chat.fill({ email: "ana@example.org" });
  await chat.startAnyway();
  await expect.poll(() => chat.conversation.value?.status).toBe("queued");
  expect(chat.failure.value).toBeUndefined();
});

test("a form that was refused can be sent again as it is, once the desk takes it", async () => {
  const { chat: api } = desk;
  vi.spyOn(api!, "open").mockRejectedValueOnce(new AdapterError("forbidden", "not now"));
  const { chat } = await open();
  chat.fill(request);
  await chat.startAnyway();
  await expect.poll(() => [chat.failure.value, chat.starting.value]).toEqual(["forbidden", false]);
  await expect.poll(() => chat.form.value.question).toBe(request.question);
  await chat.startAnyway();
  await expect.poll(() => chat.conversation.value?.status).toBe("queued");
});

test("trying a refused message again asks the desk again", async () => {
  const { chat: api } = desk;
  const say = vi.spyOn(api!, "send").mockRejectedValueOnce(new AdapterError("forbidden", "not now"));
  const { chat } = await open();
  chat.fill(request);
  await chat.startAnyway();
  chat.write("hello");
  await chat.send();
  await expect.poll(() => chat.pending.value[0]?.state.status).toBe("refused");
  chat.retry();
  await expect.poll(() => chat.messages.value.map(({ text }) => text)).toContain("hello");
  expect(say).toHaveBeenCalledTimes(2);
  expect(chat.pending.value).toEqual([]);
});

test("a start whose answer was lost is asked for as it was, although the member's page has moved on", async () => {
  let isLost = true;
  let page = "https://shop.example/cart";
  const { chat, scope } = await open(
    (adapter) =>
      withChat(adapter, {
        async open(...args) {
          const conversation = await adapter.chat!.open(...args);
          if (isLost) throw new AdapterError("network", "the answer was lost", { retryAfterMs: 600_000 });
          return conversation;
        },
      }),
    () => page,
  );
  chat.fill(request);
  await chat.startAnyway();
  await expect.poll(() => chat.startTrouble.value).toBe("network");
  isLost = false;
  page = "https://shop.example/help";
  await chat.startAnyway();
  scope.platform.online.value = false;
  scope.platform.online.value = true;
  await expect.poll(() => chat.conversation.value?.status).toBe("queued");
  expect([chat.failure.value, chat.conversation.value?.position]).toEqual([undefined, 1]);
});
