import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { Storage } from "../../../src/core/delivery/storage.ts";
import { memoryTabs } from "../../../src/core/delivery/storage.ts";
import { IdentityModel } from "../../../src/core/identity/identity.ts";
import { wipe } from "../../../src/core/identity/wipe.ts";
import type { SiteIdentity } from "../../../src/core/identity/site-identity.ts";
import { fakeGateway, tokenFor } from "../../support/fake-gateway.ts";
import { ana, anasDesk, bench } from "../../support/scope.ts";

afterEach(() => void vi.useRealTimers());

const login = { username: "ana", password: "correct horse" };
const withAccount = () => fakeGateway(anasDesk({ accounts: [{ ...login, member: ana }] }));

/** One tab of a browser at this gateway. */
function open(gateway: ReturnType<typeof fakeGateway>, storage: Storage = memoryTabs()(), site?: SiteIdentity) {
  const warnings: string[] = [];
  const scope = bench(gateway.desk, storage);
  const platform = {
    ...scope.platform,
    connect: gateway.connect,
    now: () => Date.now(),
    warn: (message: string, cause: unknown) => void warnings.push(`${message}: ${String(cause)}`),
  };
  const identity = new IdentityModel(platform, site);
  onTestFinished(() => identity[Symbol.dispose]());
  /** Who the screen says it is. */
  const who = () => {
    const { status } = identity.state.value;
    return status === "ready" ? (identity.session.value?.member?.id ?? "nobody") : status;
  };
  return { identity, who, warnings, platform, storage };
}

const token = (sub: string, serial = 1): SiteIdentity => ({ token: tokenFor(sub, { serial }) });

/** What the storage holds of anybody: that a guest was here, and how often somebody signed out, tells nothing. */
async function left(storage: Storage): Promise<readonly string[]> {
  const { guest: _, ...members } = ((await storage.get("people")) ?? {}) as Readonly<Record<string, number>>;
  return [
    ...(await storage.keys("")).filter((key) => key !== "people" && key !== "sign-outs"),
    ...Object.keys(members),
  ];
}

/** Answers come when the test lets them: one by one, by whom they are about. */
function held(gateway: ReturnType<typeof fakeGateway>) {
  const waiting: { readonly about: string | undefined; readonly answer: () => void }[] = [];
  gateway.hold = (asked) => new Promise((resolve) => waiting.push({ about: asked, answer: resolve }));
  const isAsked = (about: string | undefined) => waiting.some((each) => each.about === about);
  return {
    asked: async (about: string | undefined) => await expect.poll(() => isAsked(about)).toBe(true),
    /** All questions so far about this one are answered. */
    answer(about: string | undefined) {
      for (const each of waiting.splice(0)) {
        if (each.about === about) each.answer();
        else waiting.push(each);
      }
    },
    release() {
      gateway.hold = undefined;
      for (const each of waiting.splice(0)) each.answer();
    },
  };
}
const turns = () => new Promise((resolve) => setTimeout(resolve, 20));

describe("the last one who was named counts", () => {
  test("when the answer about the one before comes last", async () => {
    const gateway = fakeGateway();
    const answers = held(gateway);
    const { identity, who } = open(gateway);
    const both = [identity.identify(token("A"))];
    await answers.asked(tokenFor("A"));
    both.push(identity.identify(token("B")));
    await answers.asked(tokenFor("B"));
    answers.answer(tokenFor("B"));
    await turns();
    answers.answer(tokenFor("B"));
    await expect.poll(who).toBe("B");
    answers.release();
    await Promise.all(both);
    await turns();
    expect(who()).toBe("B");
    const { session } = identity.person.value!.scope.adapter;
    expect((await session?.current(contextOf()))?.member?.id).toBe("B");
  });

  test("and a sign-out while the first question is under way leaves nobody", async () => {
    const gateway = fakeGateway();
    const answers = held(gateway);
    const { identity, who } = open(gateway, undefined, token("ana"));
    void identity.connect();
    await answers.asked(tokenFor("ana"));
    const out = identity.signOut();
    await turns();
    answers.release();
    await out;
    await turns();
    expect(who()).toBe("nobody");
  });

  test("and never one person's screen over another's token", async () => {
    const gateway = fakeGateway();
    const { identity, who } = open(gateway, undefined, token("A"));
    await identity.connect();
    const before = identity.person.value!;
    const answers = held(gateway);
    const changing = identity.identify(token("B"));
    await answers.asked(tokenFor("B"));
    expect([who(), before.scope.left.aborted]).toEqual(["connecting", true]);
    answers.release();
    await changing;
    expect(who()).toBe("B");
    expect(identity.person.value).not.toBe(before);
  });

  test("while a new token of the same member disturbs nothing", async () => {
    const gateway = fakeGateway();
    const { identity } = open(gateway, undefined, token("ana"));
    await identity.connect();
    const before = identity.person.value;
    await identity.identify(token("ana", 2));
    expect(identity.person.value).toBe(before);
    expect(identity.person.value?.credentials.token()).toBe(tokenFor("ana", { serial: 2 }));
  });
});

function contextOf() {
  return { signal: new AbortController().signal, locale: "en" };
}

const chat = { clientId: "1", name: "G", email: "g@example.org", question: "Where?" };
const begin = async (identity: ReturnType<typeof open>["identity"]) =>
  await identity.person.value?.scope.adapter.chat?.open({ ...chat, clientId: crypto.randomUUID() }, contextOf());

describe("a guest", () => {
  test("is one, though two tabs that were open before anybody was known begin something at once", async () => {
    const gateway = fakeGateway();
    const openTab = memoryTabs();
    const tabs = [open(gateway, openTab()), open(gateway, openTab())];
    await Promise.all(tabs.map(({ identity }) => identity.connect()));
    await Promise.all(tabs.map(({ identity }) => begin(identity)));
    expect(gateway.guests).toHaveLength(1);
    const used = tabs.map(({ identity }) => identity.person.value?.credentials.token());
    expect(used).toEqual([gateway.guests[0], gateway.guests[0]]);
  });

  test("of a tab that was open before a sign-in in another one is nobody new: the member stays signed in", async () => {
    const gateway = withAccount();
    const openTab = memoryTabs();
    const [one, other] = [open(gateway, openTab()), open(gateway, openTab())];
    await Promise.all([one.identity.connect(), other.identity.connect()]);
    await one.identity.signIn(login);
    await begin(other.identity).catch(() => undefined);
    await expect.poll(() => [one.who(), other.who()]).toEqual(["ana", "ana"]);
    expect(gateway.guests).toEqual([]);
    expect(await one.storage.get("token")).toMatchObject({ guest: false });
  });
});

describe("a sign-in in one tab", () => {
  test("is one in every tab that is open", async () => {
    const gateway = withAccount();
    const openTab = memoryTabs();
    const [one, other] = [open(gateway, openTab()), open(gateway, openTab())];
    await Promise.all([one.identity.connect(), other.identity.connect()]);
    await begin(other.identity);
    await one.identity.signIn(login);
    await expect.poll(() => [one.who(), other.who()]).toEqual(["ana", "ana"]);
  });

  test("and a sign-out there signs out everywhere", async () => {
    const gateway = withAccount();
    const openTab = memoryTabs();
    const [one, other] = [open(gateway, openTab()), open(gateway, openTab())];
    await Promise.all([one.identity.connect(), other.identity.connect()]);
    await begin(other.identity);
    await one.identity.signIn(login);
    await expect.poll(() => other.who()).toBe("ana");
    const there = other.identity.person.value!;
    await one.identity.signOut();
    await expect.poll(() => [one.who(), other.who()]).toEqual(["nobody", "nobody"]);
    expect(there.scope.left.aborted).toBe(true);
    expect(await left(one.storage)).toEqual([]);
  });
});

describe("a sign-out", () => {
  test("by a page whose widget never ran ends it in the tabs where it runs", async () => {
    const openTab = memoryTabs();
    const { identity, who, storage } = open(fakeGateway(), openTab(), token("ana"));
    await identity.connect();
    const there = identity.person.value!;
    await there.scope.storage.set("ticket-draft", { title: "my secret" });
    await wipe(openTab());
    await expect.poll(who).toBe("nobody");
    await expect(there.scope.storage.set("ticket-draft", { title: "again" })).rejects.toBeDefined();
    expect(await left(storage)).toEqual([]);
  });

  test("without a network wipes at once, and is told to the gateway when there is one", async () => {
    const gateway = withAccount();
    const { identity, who, storage } = open(gateway);
    await identity.connect();
    await identity.signIn(login);
    await identity.person.value?.scope.storage.set("ticket-draft", { title: "my secret" });
    vi.useFakeTimers();
    gateway.isDown = true;
    const out = identity.signOut();
    await vi.advanceTimersByTimeAsync(0);
    expect(await left(storage)).toEqual([]);
    await vi.advanceTimersByTimeAsync(4_000);
    await out;
    expect(who()).not.toBe("ana");
    gateway.isDown = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect([who(), gateway.signedOut]).toEqual(["nobody", ["ana"]]);
  });

  test("stores nothing afterwards of what was under way", async () => {
    const gateway = fakeGateway();
    const { identity, storage } = open(gateway, undefined, token("ana"));
    await identity.connect();
    const scope = identity.person.value!.scope;
    let goOn: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (goOn = resolve));
    const late = slow.then(async () => {
      await scope.storage.set("ticket-files", ["passport.png"]);
    });
    await identity.signOut();
    goOn();
    await expect(late).rejects.toBeDefined();
    expect(await left(storage)).toEqual([]);
  });

  test("tells the gateway of the token that was in use", async () => {
    const gateway = withAccount();
    const { identity } = open(gateway);
    await identity.connect();
    await identity.signIn(login);
    const used = identity.person.value!.credentials.token()!;
    await identity.signOut();
    expect([gateway.signedOut, gateway.revoked.has(used)]).toEqual([["ana"], true]);
  });
});

describe("a token that the gateway no longer takes", () => {
  test("is renewed by the site, and the member notices nothing", async () => {
    const gateway = fakeGateway();
    let serial = 0;
    const site = { getToken: () => tokenFor("ana", { serial: (serial += 1) }) };
    const { identity, who } = open(gateway, undefined, site);
    await identity.connect();
    const before = identity.person.value!;
    gateway.revoked.add(before.credentials.token()!);
    await begin(identity);
    expect([who(), serial]).toEqual(["ana", 2]);
    expect(identity.person.value).toBe(before);
  });

  test("leaves the sign-in form when the site gives no other, and what was written is kept under the member's name", async () => {
    const gateway = withAccount();
    const { identity, who, storage } = open(gateway);
    await identity.connect();
    await identity.signIn(login);
    await identity.person.value?.scope.storage.set("ticket-draft", { title: "kept" });
    gateway.revoked.add(identity.person.value!.credentials.token()!);
    await expect(begin(identity)).rejects.toMatchObject({ code: "unauthorized" });
    await expect.poll(() => [who(), identity.expired.value]).toEqual(["nobody", true]);
    expect(await storage.get("member:ana/ticket-draft")).toEqual({ title: "kept" });
    gateway.revoked.clear();
    await identity.signIn(login);
    expect([who(), identity.expired.value]).toEqual(["ana", false]);
  });

  test("and is renewed as somebody else's makes another person of it, not another token of this one", async () => {
    const gateway = fakeGateway();
    let now = "A";
    const { identity, who } = open(gateway, undefined, { getToken: () => tokenFor(now) });
    await identity.connect();
    const before = identity.person.value!;
    now = "B";
    gateway.revoked.add(tokenFor("A"));
    await begin(identity).catch(() => undefined);
    await expect.poll(who).toBe("B");
    expect(before.scope.left.aborted).toBe(true);
    expect(before.credentials.token()).toBe(tokenFor("A"));
  });
});

describe("a site whose token can't be had", () => {
  test("for a moment is asked again, and one failed renewal does not end the widget", async () => {
    vi.useFakeTimers();
    const gateway = fakeGateway();
    let fails = false;
    let serial = 0;
    const getToken = async () => {
      if (fails) throw new Error("500");
      return tokenFor("ana", { serial: (serial += 1) });
    };
    const { identity, who, warnings } = open(gateway, undefined, { getToken });
    const connecting = identity.connect();
    await vi.advanceTimersByTimeAsync(100);
    await connecting;
    fails = true;
    gateway.revoked.add(identity.person.value!.credentials.token()!);
    const call = begin(identity).catch(() => "failed");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await call).toBe("failed");
    expect(who()).toBe("nobody");
    expect(warnings[0]).toContain("the site gave no new token");
    fails = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(who()).toBe("ana");
    await begin(identity);
  });

  test.each([
    ["answers 500", async () => Promise.reject(new Error('"tokenUrl" answered 500; let it answer 200 with the token'))],
    ["answers with a login page", async () => "<html><body>Sign in</body></html>"],
    ["never answers", () => new Promise<never>(() => undefined)],
  ])("because it %s says so in the console, and the member gets the sign-in form", async (_how, getToken) => {
    vi.useFakeTimers();
    const gateway = withAccount();
    const { identity, who, warnings } = open(gateway, undefined, { getToken });
    void identity.connect();
    await vi.advanceTimersByTimeAsync(12_000);
    expect(who()).toBe("nobody");
    expect(identity.person.value?.scope.adapter.accounts).toBeDefined();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("the site gave no token");
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect([who(), warnings.length]).toEqual(["nobody", 1]);
  });

  test("that the gateway does not take is said in the console, once, with what to compare", async () => {
    vi.useFakeTimers();
    const gateway = withAccount();
    gateway.revoked.add(tokenFor("ana"));
    const { identity, who, warnings } = open(gateway, undefined, { getToken: () => tokenFor("ana") });
    void identity.connect();
    await vi.advanceTimersByTimeAsync(20_000);
    await identity.retry();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(who()).toBe("nobody");
    expect(warnings).toEqual([expect.stringContaining("the gateway refuses the site's token")]);
  });

  test("signs the member in by itself once the site gives one", async () => {
    vi.useFakeTimers();
    let fails = true;
    const getToken = async () => (fails ? await Promise.reject(new Error("500")) : tokenFor("ana"));
    const { identity, who } = open(fakeGateway(), undefined, { getToken });
    void identity.connect();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(who()).toBe("nobody");
    fails = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(who()).toBe("ana");
  });
});

describe("what a guest began, and the desk can't take over just now", () => {
  /** Ana, signed in, with a guest's chat still to be taken over. */
  async function signedIn() {
    vi.useFakeTimers();
    const gateway = fakeGateway();
    const tab = open(gateway);
    await tab.identity.connect();
    await begin(tab.identity);
    gateway.mergeFails = true;
    await tab.identity.identify(token("ana"));
    expect(tab.who()).toBe("ana");
    return { ...tab, gateway, person: tab.identity.person.value };
  }

  test("is tried again while the member goes on as they are, until it can", async () => {
    const { gateway, identity, person, who } = await signedIn();
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect(identity.person.value).toBe(person);
    gateway.mergeFails = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(gateway.merged).toEqual(["guest-1 into ana"]);
    // The models begin anew, with what has come.
    expect([who(), identity.person.value === person]).toEqual(["ana", false]);
  });

  test("is nobody's concern after a sign-out", async () => {
    const { identity, who } = await signedIn();
    const signingOut = identity.signOut();
    await vi.advanceTimersByTimeAsync(10_000);
    await signingOut;
    expect(who()).toBe("nobody");
    const guest = identity.person.value;
    await identity.retry();
    expect(identity.person.value).toBe(guest);
  });
});

test("a gateway that can't be reached is asked again until it can, and says so meanwhile", async () => {
  vi.useFakeTimers();
  const gateway = fakeGateway();
  gateway.isDown = true;
  const { identity, who } = open(gateway, undefined, token("ana"));
  void identity.connect();
  await vi.advanceTimersByTimeAsync(100);
  expect(identity.state.value).toEqual({ status: "failed", code: "network" });
  gateway.isDown = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(who()).toBe("ana");
});

test("a member whom the site names while there is no network is signed in when there is one", async () => {
  vi.useFakeTimers();
  const gateway = fakeGateway();
  const { identity, who } = open(gateway);
  await identity.connect();
  expect(who()).toBe("nobody");
  gateway.isDown = true;
  await identity.identify(token("ana"));
  expect(who()).toBe("nobody");
  gateway.isDown = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(who()).toBe("ana");
});

test("a gateway that never answers leaves no skeleton, also while it is asked again", async () => {
  vi.useFakeTimers();
  const gateway = fakeGateway();
  gateway.hold = () => new Promise(() => undefined);
  const { identity } = open(gateway, undefined, token("ana"));
  void identity.connect();
  await vi.advanceTimersByTimeAsync(21_000);
  expect(identity.state.value).toEqual({ status: "failed", code: "timeout" });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(identity.state.value).toEqual({ status: "failed", code: "timeout" });
});
