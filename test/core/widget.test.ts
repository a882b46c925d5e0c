import { describe, expect, onTestFinished, test, vi } from "vitest";
import { ChatModel } from "../../src/core/chat/chat.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { memoryTabs, type Storage } from "../../src/core/delivery/storage.ts";
import type { SiteIdentity } from "../../src/core/identity/site-identity.ts";
import { WidgetModel } from "../../src/core/widget.ts";
import { fromGold, open as allowed } from "../support/behind-gateway.ts";
import { fakeGateway, tokenFor } from "../support/fake-gateway.ts";
import { ana, anasDesk, bench, picture } from "../support/scope.ts";

const login = { username: "ana", password: "correct horse" };
const withAccount = () => fakeGateway(anasDesk({ accounts: [{ ...login, member: ana }] }));

interface Opening {
  readonly gateway?: ReturnType<typeof fakeGateway>;
  readonly storage?: Storage;
  readonly identity?: SiteIdentity;
  readonly clean?: (file: File) => Promise<File>;
  readonly route?: ConstructorParameters<typeof WidgetModel>[0]["route"];
}

/** The widget in one tab, with its panel still closed. */
function load({ gateway = withAccount(), storage = memoryTabs()(), identity, clean, route }: Opening = {}) {
  const scope = bench(gateway.desk, storage);
  const loadChat = vi.fn<() => Promise<typeof ChatModel>>(async () => ChatModel);
  const platform = { ...scope.platform, connect: gateway.connect, now: () => Date.now(), ...(clean && { clean }) };
  platform.locale.value = "en";
  const widget = new WidgetModel({
    platform,
    route: route ?? { tab: "tickets", view: "list" },
    identity,
    emit: () => undefined,
    loadChat,
  });
  onTestFinished(() => widget[Symbol.dispose]());
  return { widget, gateway, storage, loadChat };
}

async function open(opening: Opening = {}) {
  const loaded = load(opening);
  loaded.widget.show();
  await expect.poll(() => loaded.widget.session.state.value.status).toBe("ready");
  return loaded;
}
const asAna: SiteIdentity = { token: tokenFor("ana") };
const words = { name: "Gost", email: "gost@example.org", question: "Where is my order?" };

describe("signing out", () => {
  test("stores nothing of a file that is being cleaned", async () => {
    let cleaned: (file: File) => void = () => undefined;
    const { widget, storage } = await open({
      identity: asAna,
      clean: () => new Promise((resolve) => (cleaned = resolve)),
    });
    widget.tickets.value?.form.files.add([picture("passport.png")]);
    await expect.poll(() => storage.keys("member:ana/file/")).toHaveLength(1);
    await widget.signOut();
    expect(await storage.keys("member:ana/")).toEqual([]);
    cleaned(picture("passport.png"));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await storage.keys("member:ana/")).toEqual([]);
  });

  test("lets the next person begin at home, not at the ticket of the one before", async () => {
    const { widget } = await open({ identity: asAna, route: { tab: "tickets", view: "ticket", id: "55" } });
    widget.navigate({ tab: "tickets", view: "new" });
    await widget.signOut();
    expect(widget.route.value).toEqual({ tab: "tickets", view: "list" });
  });

  test("keeps nothing that the site had filled in for the member before", async () => {
    const { widget } = load({ identity: asAna });
    widget.prefill({ title: "Order 17" });
    widget.show();
    await expect.poll(() => widget.tickets.value?.form.words.value.title).toBe("Order 17");
    await widget.signOut();
    await expect.poll(() => widget.tickets.value?.form.words.value.title).toBe("");
  });
});

test("a member who rises to the rank gets the chat without a reload", async () => {
  const gateway = withAccount();
  gateway.access = () => ({ tickets: allowed, chat: fromGold });
  const { widget } = await open({ gateway, identity: asAna, route: { tab: "chat", view: "chat" } });
  expect(widget.chat.value).toBeUndefined();
  gateway.access = () => ({ tickets: allowed, chat: allowed });
  await widget.session.connect();
  await expect.poll(() => widget.chat.value?.loading.value).toBe(false);
});

describe("what the site fills in", () => {
  test("takes the place of nothing that the member wrote and kept", async () => {
    const before = await open({ identity: asAna });
    before.widget.tickets.value?.form.write({ title: "My own words" });
    await expect.poll(() => before.storage.get("member:ana/ticket-draft")).toBeDefined();
    before.widget[Symbol.dispose]();
    const { widget } = load({ identity: asAna, storage: before.storage });
    widget.prefill({ title: "Checkout", text: "From the page" });
    widget.show();
    await expect.poll(() => widget.tickets.value?.form.words.value.text).toBe("From the page");
    expect(widget.tickets.value?.form.words.value.title).toBe("My own words");
  });

  test("starts nothing: no question to the gateway, no file of the chat", async () => {
    const { widget, loadChat, storage } = load({ identity: asAna });
    const get = vi.spyOn(storage, "get");
    widget.prefill({ title: "Checkout", question: "Why?" });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect([loadChat.mock.calls.length, get.mock.calls.length]).toEqual([0, 0]);
    expect(widget.session.state.value.status).toBe("connecting");
  });
});

describe("a guest who signs in", () => {
  test("keeps what they wrote, to the last keystroke, and what they chose", async () => {
    const { widget, storage } = await open();
    widget.tickets.value?.form.write({ title: "Order" });
    widget.tickets.value?.form.files.add([picture("a.png")]);
    await expect.poll(() => widget.chat.value !== undefined).toBe(true);
    widget.chat.value?.fill({ question: "Where is m" });
    const signingIn = widget.session.signIn(login);
    widget.chat.value?.fill({ question: "Where is my order?" });
    widget.tickets.value?.form.write({ text: "to the last letter" });
    await signingIn;
    expect(widget.session.session.value?.member?.id).toBe("ana");
    await expect
      .poll(() => widget.tickets.value?.form.words.value)
      .toMatchObject({ title: "Order", text: "to the last letter" });
    await expect
      .poll(() => widget.tickets.value?.form.files.files.value.map(({ file }) => file.name))
      .toEqual(["a.png"]);
    await expect.poll(() => widget.chat.value?.form.value.question).toBe("Where is my order?");
    expect(await storage.keys("guest/")).toEqual([]);
  });

  test("is in the same chat, at the desk and on the screen", async () => {
    const { widget, gateway } = await open();
    await expect.poll(() => widget.chat.value?.loading.value).toBe(false);
    widget.chat.value?.fill(words);
    await widget.chat.value?.startAnyway();
    const id = widget.chat.value?.conversation.value?.id;
    expect(id).toBeDefined();
    await widget.session.signIn(login);
    await expect.poll(() => widget.chat.value?.conversation.value?.id).toBe(id);
    expect([gateway.merged, widget.session.leftBehind.value]).toEqual([["guest-1 into ana"], false]);
    await gateway.desk.agent.takeConversation(id!);
    await gateway.desk.agent.say(id!, "Hello, Ana");
    await expect.poll(() => widget.chat.value?.messages.value.at(-1)?.text).toBe("Hello, Ana");
  });

  test("is told when the desk can't take the chat over; no agent waits in it", async () => {
    const gateway = withAccount();
    gateway.canMerge = false;
    const { widget } = await open({ gateway });
    await expect.poll(() => widget.chat.value?.loading.value).toBe(false);
    widget.chat.value?.fill(words);
    await widget.chat.value?.startAnyway();
    const id = widget.chat.value!.conversation.value!.id;
    await widget.session.signIn(login);
    expect(widget.session.leftBehind.value).toBe(true);
    expect((await gateway.desk.agent.conversation(id))?.status).toBe("ended");
    await expect.poll(() => widget.chat.value?.loading.value).toBe(false);
    expect(widget.chat.value?.conversation.value).toBeUndefined();
    widget.session.dismissLeftBehind();
    expect(widget.session.leftBehind.value).toBe(false);
  });

  test("sends what they had written while there was no network, once and as a member", async () => {
    const { widget, gateway } = await open();
    await expect.poll(() => widget.chat.value?.loading.value).toBe(false);
    widget.chat.value?.fill(words);
    await widget.chat.value?.startAnyway();
    const id = widget.chat.value!.conversation.value!.id;
    await gateway.desk.agent.takeConversation(id);
    const { chat } = gateway.desk;
    const send = vi
      .spyOn(chat!, "send")
      .mockRejectedValueOnce(new AdapterError("network", "no route", { retryAfterMs: 600_000 }));
    widget.chat.value?.write("are you there?");
    await widget.chat.value?.send();
    await expect.poll(() => widget.chat.value?.pending.value[0]?.state.status).toBe("retrying");
    await widget.session.signIn(login);
    await expect
      .poll(async () => (await gateway.desk.agent.conversation(id))?.messages.map(({ text }) => text))
      .toEqual([words.question, "are you there?"]);
    expect(send.mock.calls.map(([, , ctx]) => ctx.member?.id)).toEqual(["guest-1", "ana"]);
  });
});
