import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CallContext, Member } from "../../src/core/contract/adapter.ts";
import { ana, boris, by, draft, nina, picture, request, seededDesk, ticketDraft } from "./desk.ts";

/** Every call that takes an id, with Ana's ids; `ctx` is the caller. */
async function withAnasThings() {
  const stage = await seededDesk();
  const { tickets, chat, uploads } = stage;
  const loose = await uploads.upload(picture(), by(ana));
  const used = await uploads.upload(picture(), by(ana));
  const ticket = await tickets.create({ ...ticketDraft(), attachments: [used.id] }, by(ana));
  const conversation = await chat.open(request(), by(ana));
  const said = await chat.send(conversation.id, draft(), by(ana));
  const calls: Readonly<Record<string, (ctx: CallContext, ids: Ids) => Promise<unknown>>> = {
    get: (ctx, ids) => tickets.get(ids.ticket, ctx),
    thread: (ctx, ids) => tickets.thread(ids.ticket, undefined, ctx),
    reply: (ctx, ids) => tickets.reply(ids.ticket, draft(), ctx),
    "reply, sent before": (ctx, ids) => tickets.reply(ids.ticket, { clientId: said.clientId ?? "", text: "x" }, ctx),
    resolve: (ctx, ids) => tickets.setStatus(ids.ticket, "resolved", ctx),
    "rate a ticket": (ctx, ids) => tickets.rate(ids.ticket, { score: 1 }, ctx),
    "chat about a ticket": (ctx, ids) => chat.open({ ...request(), ticketId: ids.ticket }, ctx),
    "ticket from a chat": (ctx, ids) => tickets.create({ ...ticketDraft(), conversationId: ids.conversation }, ctx),
    send: (ctx, ids) => chat.send(ids.conversation, draft(), ctx),
    listen: async (ctx, ids) => await chat.events(ids.conversation, undefined, ctx)[Symbol.asyncIterator]().next(),
    type: (ctx, ids) => chat.setTyping(ids.conversation, true, ctx),
    "mark as read": (ctx, ids) => chat.markRead(ids.conversation, said.id, ctx),
    "read the past": (ctx, ids) => chat.history(ids.conversation, undefined, ctx),
    "mail the transcript": (ctx, ids) => chat.mailTranscript(ids.conversation, ctx),
    leave: (ctx, ids) => chat.close(ids.conversation, ctx),
    rate: (ctx, ids) => chat.rate(ids.conversation, { score: 1 }, ctx),
    "download an upload": (ctx, ids) => uploads.download(ids.loose, ctx),
    "download a ticket's file": (ctx, ids) => uploads.download(ids.used, ctx),
  };
  return {
    stage,
    calls,
    ids: { ticket: ticket.id, conversation: conversation.id, loose: loose.id, used: used.id },
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
}

interface Ids {
  readonly ticket: string;
  readonly conversation: string;
  readonly loose: string;
  readonly used: string;
}

const nobodys: Ids = { ticket: "none", conversation: "none", loose: "none", used: "none" };

async function outcome(call: Promise<unknown>) {
  return await call.then(
    () => "done",
    (error: { readonly code?: string; readonly message?: string }) => `${error.code}: ${error.message}`,
  );
}

describe("another member's data", () => {
  test("is answered like an unknown id by every call", async () => {
    await using anas = await withAnasThings();
    for (const [name, call] of Object.entries(anas.calls)) {
      const foreign = await outcome(call(by(boris), anas.ids));
      expect([name, foreign]).toEqual([name, expect.stringMatching(/^not-found/)]);
      expect([name, foreign]).toEqual([name, await outcome(call(by(boris), nobodys))]);
    }
  });

  test("is not in lists and searches", async () => {
    await using anas = await withAnasThings();
    const { tickets, chat } = anas.stage;
    expect((await tickets.list({ filter: "all" }, by(boris))).items).toEqual([]);
    expect((await tickets.list({ filter: "all", search: "Naročila" }, by(boris))).items).toEqual([]);
    expect(await tickets.counts(by(boris))).toEqual({ open: 0, awaiting: 0, all: 0 });
    expect(await chat.current(by(boris))).toBeUndefined();
    expect(await chat.last(by(boris))).toBeUndefined();
  });

  test("can't be put into one's own ticket", async () => {
    await using anas = await withAnasThings();
    const { tickets } = anas.stage;
    for (const id of [anas.ids.loose, anas.ids.used, "none"]) {
      await expect(tickets.create({ ...ticketDraft(), attachments: [id] }, by(boris))).rejects.toMatchObject({
        code: "invalid",
        fields: { attachments: expect.any(String) },
      });
    }
    expect((await tickets.list({ filter: "all" }, by(boris))).items).toEqual([]);
  });

  test("is unchanged after all attempts", async () => {
    await using anas = await withAnasThings();
    const { tickets, chat } = anas.stage;
    for (const call of Object.values(anas.calls)) await outcome(call(by(boris), anas.ids));
    expect((await tickets.thread(anas.ids.ticket, undefined, by(ana))).items).toHaveLength(1);
    expect(await chat.current(by(ana))).toMatchObject({ id: anas.ids.conversation, status: "queued" });
  });

  test("is accessible to its owner", async () => {
    await using anas = await withAnasThings();
    for (const [name, call] of Object.entries(anas.calls)) {
      if (name === "reply, sent before") continue;
      expect([name, await outcome(call(by(ana), anas.ids))]).toEqual([name, "done"]);
    }
  });
});

test("a call without a member is unauthorized, whatever it requests", async () => {
  await using anas = await withAnasThings();
  const { tickets, chat, uploads } = anas.stage;
  const nobody = by(undefined);
  const calls = Object.values(anas.calls).map((call) => call(nobody, anas.ids));
  calls.push(
    tickets.create(ticketDraft(), nobody),
    tickets.list({ filter: "all" }, nobody),
    tickets.counts(nobody),
    tickets.events(undefined, nobody)[Symbol.asyncIterator]().next(),
    chat.open(request(), nobody),
    chat.current(nobody),
    chat.last(nobody),
    uploads.upload(picture(), nobody),
  );
  for (const call of calls) await expect(call).rejects.toMatchObject({ code: "unauthorized" });
});

test("a guest with a member's id can't write", async () => {
  await using stage = await seededDesk();
  const thief: Member = { id: "ana", name: "Ana", guest: true };
  await expect(stage.tickets.create(ticketDraft(), by(thief))).rejects.toMatchObject({ code: "unauthorized" });
  await expect(stage.chat.open(request(), by(thief))).rejects.toMatchObject({ code: "unauthorized" });
});

test("an upload can be attached once", async () => {
  await using stage = await seededDesk();
  const { id } = await stage.uploads.upload(picture(), by(ana));
  await stage.tickets.create({ ...ticketDraft(), attachments: [id] }, by(ana));
  const again = stage.tickets.create({ ...ticketDraft(), attachments: [id] }, by(ana));
  await expect(again).rejects.toMatchObject({ code: "invalid" });
});

test("an internal note reaches no member by thread, events, search or file", async () => {
  await using stage = await seededDesk();
  const { tickets, desk } = stage;
  const ticket = await tickets.create(ticketDraft(), by(ana));
  desk.agents.tickets.write(nina, ticket.id, draft("papagaj za agente"), "note");
  desk.agents.tickets.write(nina, ticket.id, draft("Odgovor"), "reply");
  expect(JSON.stringify(await tickets.thread(ticket.id, undefined, by(ana)))).not.toContain("papagaj");
  expect((await tickets.list({ filter: "all", search: "papagaj" }, by(ana))).items).toEqual([]);
  const seen: string[] = [];
  for await (const event of tickets.events("0", by(ana))) {
    seen.push(JSON.stringify(event));
    if (event.type === "message" && event.message.text === "Odgovor") break;
  }
  expect(seen.join()).not.toContain("papagaj");
  expect(desk.agents.tickets.thread(ticket.id).messages).toMatchObject([{}, { internal: true }, { text: "Odgovor" }]);
});

test("a stored file's name contains nothing of the member's, and the shown name no invisible characters", async () => {
  await using stage = await seededDesk();
  const tricky = picture(new Uint8Array([1]), "../../etc/\u200B.htaccess\u202Egnp.exe");
  const attachment = await stage.uploads.upload(tricky, by(ana));
  expect(attachment.name).toBe("htaccessgnp.exe");
  expect(readdirSync(join(stage.directory, "files"))).toContain(attachment.id);
  expect(attachment.id).toMatch(/^[\da-f]{40}$/);
});

test("neither passwords nor agents' tokens are in the desk's files", async () => {
  await using stage = await seededDesk();
  const { token } = await stage.desk.agents.signIn("nina", "nina-demo");
  const stored = readdirSync(stage.directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join();
  expect(stored).toContain("ana@example.org");
  for (const secret of ["ana-demo", "boris-demo", "nina-demo", "oto-demo", token]) expect(stored).not.toContain(secret);
});

test("signing in gives the same error for an unknown name and a wrong password", async () => {
  await using stage = await seededDesk();
  expect(await stage.accounts.signIn({ username: "ana", password: "ana-demo" }, by(undefined))).toEqual(ana);
  const wrong = await outcome(stage.accounts.signIn({ username: "ana", password: "x" }, by(undefined)));
  expect(wrong).toMatch(/^unauthorized/);
  expect(await outcome(stage.accounts.signIn({ username: "nobody", password: "x" }, by(undefined)))).toBe(wrong);
  // Agents' accounts are unknown here.
  expect(await outcome(stage.accounts.signIn({ username: "nina", password: "nina-demo" }, by(undefined)))).toBe(wrong);
});
