import { SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { memory, type MemoryAdapter } from "../../src/adapters/memory/index.ts";
import { connectRest, recallRest } from "../../src/adapters/rest/index.ts";
import { ChatModel } from "../../src/core/chat/chat.ts";
import type { Member } from "../../src/core/contract/adapter.ts";
import type { TokenSource } from "../../src/core/contract/token-source.ts";
import { memoryTabs, type Storage } from "../../src/core/delivery/storage.ts";
import type { SiteIdentity } from "../../src/core/identity/site-identity.ts";
import { WidgetModel } from "../../src/core/widget.ts";
import { ana, anasCredentials, boris } from "../adapters/members.ts";
import { type Running, secret, serve, siteToken } from "../gateway/server.ts";
import { bench, context } from "../support/scope.ts";

const day = 24 * 3_600_000;
let desk: MemoryAdapter;
let running: Running;
let storage: Storage;
/** Answers are on their way, and don't come. */
let isSilent: boolean;

beforeEach(async () => {
  desk = memory({ accounts: [{ ...anasCredentials, member: ana }] });
  running = await serve({ access: { tickets: "members" } }, desk);
  storage = memoryTabs()();
  isSilent = false;
  const { fetch } = globalThis;
  vi.stubGlobal("fetch", async (input: Request, init?: RequestInit) => {
    if (isSilent) await vi.waitUntil(() => !isSilent || input.signal.aborted, { timeout: 10_000 });
    return await fetch(input, init);
  });
});
afterEach(async () => {
  isSilent = false;
  vi.unstubAllGlobals();
  await running.stop();
});

/** A page of the site on which the panel was opened. */
function open(identity?: SiteIdentity, now = Date.now) {
  const scope = bench(desk, storage);
  const rest = (token: TokenSource) => ({ endpoint: running.url, token });
  const widget = new WidgetModel({
    platform: {
      ...scope.platform,
      now,
      connect: async (ctx, token) => await connectRest(rest(token), ctx),
      recall: (answer, token) => recallRest(rest(token), answer),
    },
    route: { tab: "tickets", view: "list" },
    identity,
    emit: () => undefined,
    loadChat: async () => ChatModel,
  });
  onTestFinished(() => widget[Symbol.dispose]());
  widget.show();
  return {
    widget,
    who: () => widget.session.session.value?.member?.name,
    titles: () => widget.tickets.value?.list.items.value.map(({ title }) => title) ?? [],
    leave: () => widget[Symbol.dispose](),
  };
}
type Page = ReturnType<typeof open>;

const ticketOf = async (member: Member, title: string) =>
  await desk.tickets!.create({ clientId: crypto.randomUUID(), title, text: "…" }, context(member));
const as = async (member: Member, expires?: string): Promise<SiteIdentity> => ({
  token: await siteToken(member, expires),
});

/** The panel has drawn the overview, and what it knows is stored. */
async function look(page: Page, name = "ana") {
  await expect.poll(() => page.widget.tickets.value).toBeDefined();
  page.widget.tickets.value?.watch();
  await expect.poll(() => page.widget.tickets.value?.list.status.value).toBe("ready");
  await expect.poll(async () => await storage.keys(`member:${name}/kept/`)).toHaveLength(2);
}
const turns = async () => await new Promise((resolve) => setTimeout(resolve, 50));

describe("on the next page, while the gateway is silent, the panel shows", () => {
  test("who is signed in and their issues, marked as being of before; then what is true now", async () => {
    await ticketOf(ana, "Printer");
    const before = open(await as(ana));
    await look(before);
    before.leave();
    await ticketOf(ana, "Monitor");
    isSilent = true;
    const page = open(await as(ana));
    await expect.poll(page.titles).toEqual(["Printer"]);
    page.widget.tickets.value?.watch();
    expect([page.who(), page.widget.session.isRecalled.value]).toEqual([ana.name, true]);
    expect(page.widget.tickets.value?.list.isRecalled.value).toBe(true);
    isSilent = false;
    await expect.poll(page.titles).toEqual(["Monitor", "Printer"]);
    await expect.poll(() => page.widget.session.isRecalled.value).toBe(false);
    expect(page.widget.tickets.value?.list.isRecalled.value).toBe(false);
  });

  test("a form in which the member writes; what they wrote stays in it when the answer comes", async () => {
    const before = open(await as(ana));
    await look(before);
    before.leave();
    isSilent = true;
    const page = open(await as(ana));
    await expect.poll(() => page.widget.tickets.value).toBeDefined();
    page.widget.tickets.value?.form.write({ title: "It smokes" });
    isSilent = false;
    await expect.poll(() => page.widget.session.isRecalled.value).toBe(false);
    expect(page.widget.tickets.value?.form.words.value.title).toBe("It smokes");
  });

  test("a guest the tabs that they had", async () => {
    const before = open();
    await expect.poll(() => storage.get("guest/kept/session")).toBeDefined();
    before.leave();
    isSilent = true;
    const page = open();
    await expect.poll(() => page.widget.session.state.value.status).toBe("ready");
    expect([page.widget.offers("chat"), page.who()]).toEqual([true, undefined]);
  });

  test("the member who has signed in in the panel", async () => {
    await ticketOf(ana, "Printer");
    const before = open();
    await expect.poll(() => before.widget.session.state.value.status).toBe("ready");
    await before.widget.session.signIn(anasCredentials);
    await look(before);
    before.leave();
    isSilent = true;
    const page = open();
    await expect.poll(page.titles).toEqual(["Printer"]);
    expect(page.who()).toBe(ana.name);
  });
});

describe("nothing of an earlier page is shown", () => {
  /** Ana was here, and the gateway is silent from now on. */
  async function afterAna(leave: (page: Page) => unknown = (page) => page.leave()) {
    await ticketOf(ana, "Printer");
    const before = open(await as(ana));
    await look(before);
    await leave(before);
    before.leave();
    isSilent = true;
  }
  async function seesNothing(page: Page) {
    await turns();
    expect([page.widget.session.state.value.status, page.who(), page.titles()]).toEqual(["connecting", undefined, []]);
  }

  test("to another member", async () => {
    await afterAna();
    await seesNothing(open(await as(boris)));
  });

  test("to a guest who comes after the member", async () => {
    await afterAna();
    await seesNothing(open());
  });

  test("after a sign-out", async () => {
    await afterAna(async (page) => await page.widget.signOut());
    expect(await storage.keys("member:")).toEqual([]);
    await seesNothing(open(await as(ana)));
  });

  test("after a week", async () => {
    await afterAna();
    const token = await as(ana, "30d");
    await seesNothing(open(token, () => Date.now() + 8 * day));
  });

  test("with a token that has run out", async () => {
    await afterAna();
    await seesNothing(open(await as(ana, "-1m")));
  });

  test("to a member with the same number at another site", async () => {
    await afterAna();
    const token = new SignJWT({}).setProtectedHeader({ alg: "HS256" }).setSubject("ana").setIssuer("elsewhere");
    await seesNothing(open({ token: await token.sign(new TextEncoder().encode(secret)) }));
  });
});

test("what a guest wrote before they signed in goes over to the member first", async () => {
  const asAna = open(await as(ana));
  await look(asAna);
  asAna.leave();
  const guest = open();
  await expect.poll(() => guest.widget.tickets.value).toBeDefined();
  guest.widget.tickets.value?.form.write({ title: "As a guest" });
  await expect.poll(() => storage.get("guest/ticket-draft")).toBeDefined();
  guest.leave();
  const page = open(await as(ana));
  await expect.poll(() => page.widget.tickets.value?.form.words.value.title).toBe("As a guest");
  expect(page.widget.session.isRecalled.value).toBe(false);
});

test("a token that the gateway no longer takes ends what was shown", async () => {
  await ticketOf(ana, "Printer");
  const before = open();
  await expect.poll(() => before.widget.session.state.value.status).toBe("ready");
  await before.widget.session.signIn(anasCredentials);
  await look(before);
  before.leave();
  await running.stop();
  running = await serve({ secret: "another secret, since the last one was stolen" }, desk);
  const page = open();
  await expect.poll(() => page.widget.session.state.value.status).toBe("ready");
  await expect.poll(page.who).toBeUndefined();
  expect(page.titles()).toEqual([]);
});

test("a part that the desk offers only since then is there after the answer", async () => {
  const whole = desk;
  const { chat: _, ...ticketsAlone } = desk;
  await running.stop();
  running = await serve({}, ticketsAlone);
  const before = open(await as(ana));
  await look(before);
  before.leave();
  await running.stop();
  running = await serve({}, whole);
  isSilent = true;
  const page = open(await as(ana));
  await expect.poll(page.who).toBe(ana.name);
  expect(page.widget.offers("chat")).toBe(false);
  isSilent = false;
  await expect.poll(() => page.widget.offers("chat")).toBe(true);
});
