import { EventEmitter, once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { memory } from "../../src/adapters/memory/index.ts";
import { memoryStore } from "../../src/gateway/memory-store.ts";
import type { Adapter } from "../../src/core/contract/adapter.ts";
import { ana, boris } from "../adapters/members.ts";
import { as, create, draft, guestToken, json, request, send } from "./calls.ts";
import { serve, type Running } from "./server.ts";

let running: Running;
beforeEach(async () => {
  running = await serve({ access: { tickets: "guests", chat: "guests" } });
});
afterEach(async () => await running.stop());

const merge = async (token: string | undefined, guest: string) =>
  await send(running, "/session/merge", { token, body: { token: guest } });
const current = async (token: string) => await send(running, "/chat/current", { token });

/** A guest in the queue. */
async function begun() {
  const guest = await guestToken(running);
  const { id } = await json(await create(running, "/chat/conversations", guest, request()));
  return { guest, id };
}

test("a guest's data belongs to the member who sends both tokens, and the guest's token is revoked", async () => {
  const { guest, id } = await begun();
  expect((await merge(await as(ana), guest)).status).toBe(204);
  expect(await json(await current(await as(ana)))).toMatchObject({ conversation: { id } });
  expect((await current(guest)).status).toBe(401);
  expect((await create(running, "/tickets", guest, draft())).status).toBe(401);
});

test("a retry after a lost answer gets the first answer; another member gets nothing", async () => {
  const { guest, id } = await begun();
  const token = await as(ana);
  expect([(await merge(token, guest)).status, (await merge(token, guest)).status]).toEqual([204, 204]);
  expect((await merge(await as(boris), guest)).status).toBe(422);
  expect(await json(await current(token))).toMatchObject({ conversation: { id } });
  expect((await running.desk.agent.conversation(String(id)))?.memberId).toBe("ana");
});

test("a guest can't take over another guest's data", async () => {
  const { guest, id } = await begun();
  expect((await merge(await guestToken(running), guest)).status).toBe(403);
  expect(await json(await current(guest))).toMatchObject({ conversation: { id } });
});

test("a member's token is not accepted as a guest's, from anyone", async () => {
  await create(running, "/chat/conversations", await as(boris), request());
  const answer = await merge(await as(ana), await as(boris));
  expect([answer.status, (await json(answer))["code"]]).toEqual([422, "invalid"]);
  expect((await current(await as(boris))).status).toBe(200);
});

test("nobody can take over without a token, and a caller with a valid one is not told that theirs is invalid", async () => {
  const { guest } = await begun();
  expect((await merge(undefined, guest)).status).toBe(401);
  for (const bad of ["x", `${guest}x`, "a.b.c"]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const answer = await merge(await as(ana), bad);
    expect([answer.status, bad]).toEqual([422, bad]);
  }
  expect((await current(await as(ana))).status).not.toBe(401);
});

test("a guest who has signed out transfers nothing", async () => {
  const { guest, id } = await begun();
  await send(running, "/session/sign-out", { method: "POST", token: guest });
  expect((await merge(await as(ana), guest)).status).toBe(422);
  expect((await running.desk.agent.conversation(String(id)))?.memberId).not.toBe("ana");
});

test("a ticket that the desk is still creating for the guest is transferred too, and is not created again by a retry", async () => {
  await running.stop();
  const desk = memory();
  const { tickets } = desk;
  const events = new EventEmitter();
  const asked = once(events, "asked");
  const go = once(events, "go");
  const slow: Adapter = {
    ...desk,
    tickets: {
      ...tickets,
      async create(ticket, ctx) {
        events.emit("asked");
        await go;
        return await tickets!.create(ticket, ctx);
      },
    },
  };
  running = await serve({ adapter: slow, access: { tickets: "guests", chat: "guests" } }, desk);
  const guest = await guestToken(running);
  const ticket = draft();
  const creating = create(running, "/tickets", guest, ticket);
  await asked;
  const merging = merge(await as(ana), guest);
  // The merge is running once the guest's token is revoked.
  await expect.poll(async () => (await current(guest)).status).toBe(401);
  events.emit("go");
  const made = await json(await creating);
  expect((await merging).status).toBe(204);
  const repeated = await json(await create(running, "/tickets", await as(ana), ticket));
  expect(repeated["id"]).toBe(made["id"]);
});

test("if two members send one guest's token at once, only one gets the guest's data", async () => {
  await running.stop();
  const desk = memory();
  const merged: string[] = [];
  const store = memoryStore();
  const slow = {
    ...store,
    set: async (k: string, v: string, t: number) => {
      if (k.startsWith("merged:")) await new Promise((r) => setTimeout(r, 50));
      await store.set(k, v, t);
    },
  };
  running = await serve(
    {
      store: slow,
      adapter: {
        ...desk,
        merge: async (guest, ctx) => {
          merged.push(String(ctx.member?.id));
          await desk.merge?.(guest, ctx);
        },
      },
      access: { tickets: "guests", chat: "guests" },
    },
    desk,
  );
  const guest = await guestToken(running);
  await json(await create(running, "/chat/conversations", guest, request()));
  const both = [await as(ana), await as(boris)].map((token) =>
    send(running, "/session/merge", { token, body: { token: guest } }),
  );
  const statuses = (await Promise.all(both)).map(({ status }) => status);
  expect([merged.length, statuses.filter((s) => s === 204).length]).toEqual([1, 1]);
});

test("a guest's write at one copy during a merge at another copy is transferred as well", async () => {
  const store = memoryStore();
  const desk = memory();
  const held: (() => void)[] = [];
  const chat = desk.chat && {
    ...desk.chat,
    async open(...call: Parameters<NonNullable<typeof desk.chat>["open"]>) {
      await new Promise<void>((resolve) => held.push(resolve));
      if (!desk.chat) throw new Error("no chat");
      return await desk.chat.open(...call);
    },
  };
  const slow = await serve({ store }, { ...desk, ...(chat && { chat }), dispose: () => undefined });
  const other = await serve({ store }, desk);
  const guest = await guestToken(slow);
  const opening = create(slow, "/chat/conversations", guest, request());
  await expect.poll(() => held.length).toBe(1);
  expect((await send(other, "/session/merge", { token: await as(ana), body: { token: guest } })).status).toBe(204);
  held[0]?.();
  const { id } = await json(await opening);
  const mine = await json(await send(other, "/chat/current", { token: await as(ana) }));
  expect(mine).toMatchObject({ conversation: { id } });
  await Promise.all([slow.stop(), other.stop()]);
});
