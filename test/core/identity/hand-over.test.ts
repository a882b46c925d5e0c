import { expect, onTestFinished, test } from "vitest";
import { createDraft } from "../../../src/core/delivery/drafts.ts";
import { memoryTabs, type Storage } from "../../../src/core/delivery/storage.ts";
import { IdentityModel } from "../../../src/core/identity/identity.ts";
import type { SiteIdentity } from "../../../src/core/identity/site-identity.ts";
import { fakeGateway, tokenFor } from "../../support/fake-gateway.ts";
import { bench } from "../../support/scope.ts";

const token = (sub: string, serial = 1): SiteIdentity => ({ token: tokenFor(sub, { serial }) });
const turns = (ms = 20) => new Promise((resolve) => setTimeout(resolve, ms));

function open(gateway: ReturnType<typeof fakeGateway>, storage: Storage = memoryTabs()(), connect = gateway.connect) {
  const scope = bench(gateway.desk, storage);
  const platform = { ...scope.platform, connect, now: () => Date.now(), warn: () => undefined };
  const identity = new IdentityModel(platform, undefined);
  onTestFinished(() => identity[Symbol.dispose]());
  return { identity, storage, platform };
}
/** Writes of drafts wait for the test. */
function slow(storage: Storage) {
  const waiting: (() => void)[] = [];
  let isSlow = false;
  return {
    storage: {
      ...storage,
      update: async (key: string, change: (stored: unknown) => unknown) => {
        if (isSlow && key === "guest/chat-draft") await new Promise<void>((r) => waiting.push(r));
        await storage.update(key, change);
      },
    },
    hold: () => {
      isSlow = true;
    },
    go: async () => {
      isSlow = false;
      for (const each of waiting.splice(0)) each();
      await turns();
    },
  };
}

/** A guest who types while the storage is slow. */
async function typing(prepare?: (storage: Storage) => Promise<void>) {
  const files = slow(memoryTabs()());
  await prepare?.(files.storage);
  const { identity, storage } = open(fakeGateway(), files.storage);
  await identity.connect();
  const draft = createDraft(identity.person.value!.scope.storage, "chat-draft", { text: "" }, ["text"]);
  await draft.loaded;
  files.hold();
  draft.set({ text: "my order" });
  await turns();
  async function stored() {
    await turns();
    const keys = (await storage.keys("")).filter((key) => key.endsWith("chat-draft"));
    return await Promise.all(keys.map(async (key) => [key, await storage.get(key)]));
  }
  return { identity, go: files.go, stored };
}
const anas = [["member:ana/chat-draft", { text: "my order" }]];

test("the last keystrokes of a guest are the member's, though the site names them twice", async () => {
  const { identity, go, stored } = await typing();
  const first = identity.identify(token("ana"));
  await turns();
  const second = identity.identify(token("ana", 2));
  await turns();
  await go();
  await Promise.all([first, second]);
  expect(await stored()).toMatchObject(anas);
});

test("the last keystrokes of a guest who has a name already are the member's", async () => {
  const named = { token: tokenFor("guest-1", { guest: true }), guest: true };
  const { identity, go, stored } = await typing(async (storage) => await storage.set("token", named));
  const naming = identity.identify(token("ana"));
  await turns(50);
  await go();
  await naming;
  expect(await stored()).toMatchObject(anas);
});

test("a merge that ends after the sign-out stores nothing", async () => {
  const gateway = fakeGateway();
  const storage = memoryTabs()();
  await storage.set("token", { token: tokenFor("guest-1", { guest: true }), guest: true });
  let go = () => undefined as void;
  const { identity } = open(gateway, storage, async (ctx, tokens) => {
    const made = await gateway.connect(ctx, tokens);
    return { ...made, session: { ...made.session!, merge: async () => await new Promise<void>((r) => (go = r)) } };
  });
  await identity.connect();
  const naming = identity.identify(token("ana"));
  await turns();
  await identity.signOut();
  go();
  await naming;
  await turns();
  expect((await storage.keys("")).filter((k) => k !== "sign-outs" && k !== "people")).toEqual([]);
});

test("a sign-in before the gateway has answered says that it did not happen", async () => {
  const gateway = fakeGateway();
  gateway.hold = () => new Promise(() => undefined);
  const { identity } = open(gateway);
  void identity.connect();
  gateway.hold = undefined;
  await expect(identity.signIn({ username: "ana", password: "x" })).rejects.toThrow("not answered yet");
});
