import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { Adapter } from "../../../src/core/contract/adapter.ts";
import { AdapterError } from "../../../src/core/contract/errors.ts";
import { ChatModel } from "../../../src/core/chat/chat.ts";
import { memoryStorage } from "../../../src/core/delivery/storage.ts";
import { anasChat, withChat } from "../../support/chats.ts";
import { anasDesk, bench, context, picture } from "../../support/scope.ts";

const nothing = () => undefined;
const hooks = {
  onQueued: nothing,
  onPosition: nothing,
  onAgentJoined: nothing,
  onMessage: nothing,
  onEnded: nothing,
};
const request = { name: "Ana", email: "ana@example.org", question: "Where is my order?" };

afterEach(() => void vi.useRealTimers());

function open(adapter: Adapter, storage = memoryStorage()) {
  const scope = bench(adapter, storage);
  scope.platform.locale.value = "en";
  const chat = new ChatModel(scope, hooks);
  onTestFinished(() => {
    chat[Symbol.dispose]();
    scope.leave();
  });
  const shown = () => chat.messages.value.map(({ text }) => text);
  const pending = () => chat.pending.value.map(({ item, state }) => [item.text, state.status]);
  return { chat, scope, storage, shown, pending };
}

/** A desk where Ana's chat runs already. */
async function running(change: (desk: ReturnType<typeof anasDesk>) => Adapter = (desk) => desk) {
  const desk = anasDesk();
  const { id } = await anasChat(desk);
  await desk.agent.takeConversation(id);
  const opened = open(change(desk));
  await opened.chat.load();
  expect(opened.chat.conversation.value?.status).toBe("active");
  return { desk, id, ...opened };
}

const noRoute = () => Promise.reject(new AdapterError("network", "no route"));

describe("a message", () => {
  test("is shown as sent while no stream gets through, and stays where it is when the stream is back", async () => {
    let isDown = true;
    const { chat, shown, pending, desk, id } = await running((own) => {
      // A desk without a history: everything else comes by the stream.
      const { history: _, ...api } = own.chat!;
      async function* events(...args: Parameters<typeof api.events>) {
        if (isDown) throw new AdapterError("network", "the stream was cut");
        yield* api.events(...args);
      }
      return { ...own, chat: { ...api, events } };
    });
    chat.write("hello five");
    await chat.send();
    await expect.poll(() => [shown(), pending()]).toEqual([["hello five"], []]);
    isDown = false;
    await desk.agent.say(id, "I see it");
    await expect.poll(shown, { timeout: 5_000 }).toEqual([request.question, "hello five", "I see it"]);
  });

  test("is on the screen once when the stream is faster than the answer, and also when that answer is lost", async () => {
    let isLost = true;
    const { chat, shown, pending, desk, id } = await running((own) =>
      withChat(own, {
        async send(...args) {
          const message = await own.chat!.send(...args);
          if (isLost) throw new AdapterError("network", "the answer was lost", { retryAfterMs: 600_000 });
          return message;
        },
      }),
    );
    chat.write("only once");
    await chat.send();
    await expect.poll(shown).toEqual([request.question, "only once"]);
    expect(pending()).toEqual([]);
    isLost = false;
    chat.retry();
    await expect.poll(async () => (await desk.agent.conversation(id))?.messages.length).toBe(2);
    expect([shown(), pending()]).toEqual([[request.question, "only once"], []]);
  });

  test("that came too late for its conversation goes back into the composer, and nothing of it holds up the next", async () => {
    const { chat, pending, desk, id } = await running();
    chat.write("are you there?");
    chat.files.add([picture()]);
    await desk.agent.endConversation(id);
    await chat.send();
    await expect.poll(() => [chat.conversation.value?.status, chat.text.value]).toEqual(["ended", "are you there?"]);
    expect([pending(), chat.files.files.value.length]).toEqual([[], 1]);
    chat.startOver();
    chat.fill({ ...request, question: "two" });
    await chat.startAnyway();
    const second = chat.conversation.value!.id;
    expect(second).not.toBe(id);
    expect(pending()).toEqual([]);
    await desk.agent.takeConversation(second);
    chat.write(`${chat.text.value} hello again`);
    await chat.send();
    await expect
      .poll(async () => (await desk.agent.conversation(second))?.messages.map(({ text }) => text))
      .toEqual(["two", "are you there? hello again"]);
  });

  test("that is refused does not make later ones wait", async () => {
    const { chat, pending, shown } = await running((own) =>
      withChat(own, {
        async send(id, draft, ctx) {
          if (draft.text === "poison") throw new AdapterError("unknown", "status 500");
          return await own.chat!.send(id, draft, ctx);
        },
      }),
    );
    vi.useFakeTimers();
    chat.write("poison");
    await chat.send();
    chat.write("later one");
    await chat.send();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(pending()).toEqual([["poison", "refused"]]);
    expect(shown()).toContain("later one");
  });
});

describe("leaving the queue without a network", () => {
  async function waiting() {
    const desk = anasDesk();
    const { id } = await anasChat(desk);
    const link = { isDown: true };
    const opened = open(
      withChat(desk, {
        close: async (...args) => {
          if (link.isDown) throw new AdapterError("network", "no route", { retryAfterMs: 600_000 });
          await desk.chat?.close?.(...args);
        },
      }),
    );
    await opened.chat.load();
    opened.chat.end();
    await expect.poll(() => opened.chat.leaving.value).toBe("retrying");
    const status = async () => (await desk.agent.conversation(id))?.status;
    return { ...opened, link, status };
  }

  test("says that the desk does not know yet, and keeps the place on the screen until it does", async () => {
    const { chat, link, status, scope } = await waiting();
    expect([chat.conversation.value?.status, await status()]).toEqual(["queued", "queued"]);
    link.isDown = false;
    scope.platform.online.value = false;
    scope.platform.online.value = true;
    await expect.poll(status).toBe("ended");
    await expect.poll(() => chat.conversation.value).toBeUndefined();
    expect([chat.leaving.value, chat.last.value]).toEqual([undefined, undefined]);
  });

  test("can be taken back: the member keeps the place", async () => {
    const { chat, link, status, scope } = await waiting();
    chat.stay();
    expect(chat.leaving.value).toBeUndefined();
    link.isDown = false;
    scope.platform.online.value = false;
    scope.platform.online.value = true;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([chat.conversation.value?.status, await status()]).toEqual(["queued", "queued"]);
  });

  test("is told to the desk by the next page, when this one goes", async () => {
    const { chat, link, status, storage, scope } = await waiting();
    chat[Symbol.dispose]();
    scope.leave();
    link.isDown = false;
    const next = open(scope.adapter, storage);
    await next.chat.load();
    await expect.poll(status).toBe("ended");
    await expect.poll(() => next.chat.conversation.value).toBeUndefined();
  });
});

test("the chat that runs is found again after a call that failed, as soon as the network is back", async () => {
  const desk = anasDesk();
  const { id } = await anasChat(desk);
  let isDown = true;
  const { chat, scope } = open(
    withChat(desk, { current: async (ctx) => (isDown ? await noRoute() : await desk.chat?.current?.(ctx)) }),
  );
  void chat.load();
  await expect.poll(() => [chat.loading.value, chat.failure.value]).toEqual([false, "network"]);
  isDown = false;
  scope.platform.online.value = false;
  scope.platform.online.value = true;
  await expect.poll(() => chat.conversation.value?.id).toBe(id);
  expect(chat.failure.value).toBeUndefined();
});

test("the chat that runs is found again by time alone", async () => {
  vi.useFakeTimers();
  const desk = anasDesk();
  const { id } = await anasChat(desk);
  let asked = 0;
  const { chat } = open(
    withChat(desk, { current: async (ctx) => ((asked += 1) < 4 ? await noRoute() : await desk.chat?.current?.(ctx)) }),
  );
  void chat.load();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(chat.conversation.value?.id).toBe(id);
});

test("an error of one conversation is not shown over the next", async () => {
  const { chat, desk, id } = await running((own) => withChat(own, { rate: noRoute }));
  await desk.agent.endConversation(id);
  await expect.poll(() => chat.conversation.value?.status).toBe("ended");
  await chat.rate({ score: 5 });
  expect(chat.failure.value).toBe("network");
  chat.startOver();
  expect(chat.failure.value).toBeUndefined();
  chat.fill(request);
  await chat.startAnyway();
  expect([chat.conversation.value?.status, chat.failure.value]).toEqual(["queued", undefined]);
});

test("a start that can't get through says so, keeps what was written on the screen, and joins the queue once", async () => {
  vi.useFakeTimers();
  const desk = anasDesk();
  let isDown = true;
  const { chat } = open(
    withChat(desk, { open: async (...args) => (isDown ? await noRoute() : await desk.chat!.open(...args)) }),
  );
  await chat.load();
  chat.fill(request);
  const starting = chat.startAnyway();
  await vi.advanceTimersByTimeAsync(100);
  await starting;
  expect([chat.starting.value, chat.startTrouble.value, chat.form.value.question]).toEqual([
    true,
    "network",
    request.question,
  ]);
  await chat.startAnyway();
  isDown = false;
  await vi.advanceTimersByTimeAsync(30_000);
  expect([chat.starting.value, chat.conversation.value?.status]).toEqual([false, "queued"]);
  expect((await desk.chat?.current?.(context()))?.position).toBe(1);
});
