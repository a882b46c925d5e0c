import { expect, test } from "vitest";
import { memory } from "../../src/adapters/memory/index.ts";
import type { Erasure, Member } from "../../src/core/contract/adapter.ts";
import { forgetAtGateway, type ForgetOptions } from "../../src/gateway/forget.ts";
import { createGateway } from "../../src/gateway/index.ts";
import { memoryStore } from "../../src/gateway/memory-store.ts";
import { ana, anasCredentials, boris } from "../adapters/members.ts";
import { temporaryFolder } from "../demo/folder.ts";
import { feedDesk } from "./feed/feed-desk.ts";
import { audience, secret, siteSecret, siteToken } from "./server.ts";

async function list(member: Member, options: ForgetOptions): Promise<readonly Erasure[]> {
  const all: Erasure[] = [];
  for await (const each of forgetAtGateway(member, options)) all.push(each);
  return all;
}

async function stage() {
  const folder = await temporaryFolder();
  const store = memoryStore();
  const gateway = createGateway({
    adapter: memory({ accounts: [{ ...anasCredentials, member: ana }] }),
    secret,
    identity: { secret: siteSecret, audience },
    store,
    uploads: { directory: folder.path },
  });
  async function ask(path: string, token?: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("Content-Type", "application/json");
    if (token !== undefined) headers.set("Authorization", `Bearer ${token}`);
    return await gateway.fetch(new Request(`http://gateway${path}`, { ...init, headers }));
  }
  const post = (body: unknown) => ({ method: "POST", body: JSON.stringify(body) });
  const tokenIn = async (answer: Response) => ((await answer.json()) as { readonly token: string }).token;
  return {
    store,
    directory: folder.path,
    works: async (token: string) => (await ask("/tickets", token)).status === 200,
    signIn: async () => await tokenIn(await ask("/session/sign-in", undefined, post(anasCredentials))),
    async chatCode(token: string) {
      const { url } = (await (await ask("/session/chat-code", token, post({}))).json()) as { readonly url: string };
      return url.split("#code=")[1] ?? "";
    },
    redeem: async (code: string) => await ask("/session/redeem", undefined, post({ code })),
    async upload(member: Member): Promise<() => Promise<boolean>> {
      const token = await siteToken(member);
      const tus = { "Tus-Resumable": "1.0.0" };
      const metadata = `filename ${btoa("a.txt")},filetype ${btoa("text/plain")}`;
      const headers = { ...tus, "Upload-Length": "5", "Upload-Metadata": metadata };
      const made = await ask("/uploads", token, { method: "POST", headers });
      const path = new URL(made.headers.get("Location") ?? "", "http://gateway").pathname;
      return async () => (await ask(path, token, { method: "HEAD", headers: tus })).status === 200;
    },
    async end() {
      await gateway.dispose();
      await folder.remove();
    },
  };
}

test("an erased member is signed out, with the site's token, the gateway's own and an unused code", async () => {
  const { chatCode, directory, end, redeem, signIn, store, works } = await stage();
  const [bySite, own, other] = [await siteToken(ana), await signIn(), await siteToken(boris)];
  const code = await chatCode(own);
  await list(ana, { store, uploads: directory });
  expect([await works(bySite), await works(own)]).toEqual([true, true]);
  await list(ana, { store, uploads: directory, remove: true });
  expect([await works(bySite), await works(own), await works(other)]).toEqual([false, false, true]);
  expect((await redeem(code)).status).toBe(401);
  await end();
});

test("unfinished uploads are erased, of that member only, and only on request", async () => {
  const { directory, end, store, upload } = await stage();
  const [own, another] = [await upload(ana), await upload(boris)];
  const text = expect.stringContaining("Unfinished uploads: 1.");
  expect(await list(ana, { store, uploads: directory })).toContainEqual({ outcome: "erased", text });
  expect(await own()).toBe(true);
  expect(await list(ana, { store: undefined, uploads: directory, remove: true })).toContainEqual({
    outcome: "erased",
    text,
  });
  expect(await list(boris, { store, uploads: directory })).toContainEqual({ outcome: "erased", text });
  expect(await another()).toBe(true);
  await end();
});

test("without Redis the result says that nobody can be signed out from outside, and what to do", async () => {
  const told = await list(ana, { store: undefined, uploads: undefined, remove: true });
  expect(told[0]).toMatchObject({ outcome: "kept", text: expect.stringMatching(/^Sign-ins/) });
  expect(told[0]?.fix).toMatch(/at the site and the desk/);
});

test("stored changes of a member's tickets are counted, and erased on request", async () => {
  const store = memoryStore();
  const adapter = feedDesk().adapter();
  const [own, other] = ["ana@example.org", "boris@example.org"];
  await store.feeds.lead(adapter.name, "one", 10_000);
  const entries = [own, own, other].map((key) => ({ key, text: "{}" }));
  await store.feeds.append(adapter.name, "one", { epoch: "e", cursor: "1" }, entries);
  const text = "Stored changes of their tickets for their widget: 2.";
  const told = async (remove: boolean) =>
    await list({ id: "ana", email: own }, { store, adapter, uploads: undefined, remove });
  expect(await told(false)).toContainEqual({ outcome: "erased", text });
  expect(await told(true)).toContainEqual({ outcome: "erased", text });
  expect(await told(true)).not.toContainEqual({ outcome: "erased", text });
  expect((await store.feeds.log(adapter.name, other)).entries).toHaveLength(1);
});
