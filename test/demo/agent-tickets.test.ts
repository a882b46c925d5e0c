import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createAgentApi } from "../../demo/desk/agent-api.ts";
import { limits } from "../../demo/desk/file-limits.ts";
import { openDesk } from "../../demo/desk/desk.ts";
import { ana, boris, by, draft, nina, picture, request, seededDesk, ticketDraft, uuid } from "./desk.ts";

const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

/** The agent API as a function, with Nina signed in. */
async function asNina() {
  const stage = await seededDesk();
  const app = createAgentApi(stage.desk.agents);
  const { token } = await stage.desk.agents.signIn("nina", "nina-demo");
  const headers = { Authorization: `Bearer ${token}` };
  return {
    ...stage,
    send: async (method: string, path: string, body?: unknown) =>
      await app.request(path, {
        method,
        headers: { ...headers, "Content-Type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    async upload(file: File, clientId = uuid()) {
      const body = new FormData();
      body.set("clientId", clientId);
      body.set("file", file);
      return await app.request("/files", { method: "POST", headers, body });
    },
  };
}

describe("an agent's file", () => {
  test("reaches the member with the reply, under a cleaned name, and no one else", async () => {
    await using desk = await asNina();
    const { id } = await desk.tickets.create(ticketDraft(), by(ana));
    const clientId = uuid();
    const uploaded = await desk.upload(picture(png, "../navodila\u202E.png"), clientId);
    expect(uploaded.status).toBe(201);
    const attachment = await uploaded.json();
    expect(attachment).toMatchObject({ name: "navodila.png", bytes: png.length, type: "image/png" });
    expect(await (await desk.upload(picture(png), clientId)).json()).toEqual(attachment);

    // Before it is sent, only its agent can use it.
    await expect(desk.uploads.download(attachment.id, by(ana))).rejects.toMatchObject({ code: "not-found" });
    const foreign = { ...draft(), attachments: [attachment.id] };
    await expect(desk.tickets.reply(id, foreign, by(ana))).rejects.toMatchObject({ code: "invalid" });
    const message = { clientId: uuid(), kind: "reply", text: "", attachments: [attachment.id] };
    expect((await desk.send("POST", `/tickets/${id}/messages`, message)).status).toBe(200);

    const { items } = await desk.tickets.thread(id, undefined, by(ana));
    expect(items.at(-1)).toMatchObject({ author: { role: "agent" }, attachments: [{ id: attachment.id }] });
    const bytes = await (await desk.uploads.download(attachment.id, by(ana))).arrayBuffer();
    expect(new Uint8Array(bytes)).toEqual(png);
    await expect(desk.uploads.download(attachment.id, by(boris))).rejects.toMatchObject({ code: "not-found" });
  });

  test("in an internal note can't be read by the member", async () => {
    await using desk = await asNina();
    const { id } = await desk.tickets.create(ticketDraft(), by(ana));
    const attachment = await (await desk.upload(picture(png))).json();
    desk.desk.agents.tickets.write(nina, id, { ...draft("Odd."), attachments: [attachment.id] }, "note");
    await expect(desk.uploads.download(attachment.id, by(ana))).rejects.toMatchObject({ code: "not-found" });
  });

  test.each([
    ["empty", new File([], "a.png", { type: "image/png" }), 422],
    ["a page that says it is a picture", new File(["<!doctype html>"], "a.png", { type: "image/png" }), 422],
    ["of a type that is not accepted", new File(["MZ"], "a.exe", { type: "application/x-msdownload" }), 422],
    ["a drawing that may contain scripts", new File(["<svg/>"], "a.svg", { type: "image/svg+xml" }), 422],
    ["too large", new File([new Uint8Array(limits.maxBytes + 1)], "a.txt", { type: "text/plain" }), 413],
  ])("that is %s is refused", async (_name, file, status) => {
    await using desk = await asNina();
    expect((await desk.upload(file)).status).toBe(status);
  });
});

describe("HTML that an agent copies from an e-mail", () => {
  test("becomes message markup, including the message's pictures", async () => {
    await using desk = await asNina();
    const { id } = await desk.tickets.create(ticketDraft(), by(ana));
    const attachment = await (await desk.upload(picture(png))).json();
    const html = `<p>Press <b>OK</b>.</p><img alt="OK" src="attachment:${attachment.id}"><script>alert(1)</script>`;
    const message = { clientId: uuid(), kind: "reply", html, attachments: [attachment.id] };
    expect((await desk.send("POST", `/tickets/${id}/messages`, message)).status).toBe(200);
    const { items } = await desk.tickets.thread(id, undefined, by(ana));
    expect(items.at(-1)?.text).toBe(`Press **OK**.\n\n![OK](attachment:${attachment.id})`);
    const converted = await desk.send("POST", "/markup", { html: "<ul><li>a<li>b</ul>" });
    expect(await converted.json()).toEqual({ text: "- a\n- b" });
    const empty = { clientId: uuid(), kind: "reply", html: "<p> </p><script>x</script>" };
    expect((await desk.send("POST", `/tickets/${id}/messages`, empty)).status).toBe(422);
  });
});

describe("a ticket that an agent deletes", () => {
  test("is removed with its files, except those also in a chat", async () => {
    await using desk = await asNina();
    const { chat, directory, tickets, uploads } = desk;
    const conversation = await chat.open(request("Glejte"), by(ana));
    const shared = await uploads.upload(picture(png), by(ana));
    await chat.send(conversation.id, { ...draft(), attachments: [shared.id] }, by(ana));
    const own = await uploads.upload(picture(png), by(ana));
    const made = { ...ticketDraft(), conversationId: conversation.id, attachments: [own.id] };
    const ticket = await tickets.create(made, by(ana));
    const agents = await (await desk.upload(picture(png))).json();
    desk.desk.agents.tickets.write(nina, ticket.id, { ...draft(), attachments: [agents.id] }, "reply");
    await chat.close(conversation.id, by(ana));
    const about = await chat.open({ ...request("In zdaj?"), ticketId: ticket.id }, by(ana));
    expect(desk.desk.agents.chat.transcript(about.id).conversation.about).toMatchObject({ number: ticket.number });

    expect((await desk.send("DELETE", `/tickets/${ticket.id}`)).status).toBe(204);
    expect((await desk.send("DELETE", `/tickets/${ticket.id}`)).status).toBe(404);
    const stored = (id: string) => existsSync(join(directory, "files", id));
    expect([stored(own.id), stored(agents.id), stored(shared.id)]).toEqual([false, false, true]);
    for (const gone of [own.id, agents.id]) {
      await expect(uploads.download(gone, by(ana))).rejects.toMatchObject({ code: "not-found" });
    }
    expect((await uploads.download(shared.id, by(ana))).size).toBe(png.length);
    expect(desk.desk.agents.chat.transcript(about.id).conversation.about).toBeUndefined();
    // Its number is not reused.
    expect((await tickets.create(ticketDraft(), by(ana))).number).toBe(String(Number(ticket.number) + 1));
  });

  test("leaves nothing in later events", async () => {
    await using desk = await asNina();
    const { tickets } = desk;
    const { id } = await tickets.create(ticketDraft("Slovenščina - Papagaj"), by(ana));
    await desk.send("DELETE", `/tickets/${id}`);
    const seen: string[] = [];
    for await (const event of tickets.events("0", by(ana))) {
      seen.push(JSON.stringify(event));
      if (event.type === "removed") break;
    }
    expect(seen.join()).not.toContain("Papagaj");
    expect(seen.at(-1)).toContain(id);
  });
});

test("agents see context, rating and the member's other tickets; reopening adds a line to the thread", async () => {
  await using desk = await asNina();
  const context = { page: "https://example.org/kosarica", errors: ["TypeError"] };
  const { id } = await desk.tickets.create({ ...ticketDraft(), context }, by(ana));
  await desk.tickets.setStatus(id, "resolved", by(ana));
  await desk.tickets.rate(id, { score: 3, comment: "Počasi" }, by(ana));
  const thread = await (await desk.send("GET", `/tickets/${id}`)).json();
  expect(thread).toMatchObject({ context, ticket: { rating: { score: 3, comment: "Počasi" } } });
  expect(thread.others.map(({ number }: { number: string }) => number)).toEqual(["1004", "1003", "1002", "1001"]);
  expect(await (await desk.send("PUT", `/tickets/${id}/status`, { status: "open" })).json()).toMatchObject({
    status: "open",
    updatedBy: "agent",
  });
  expect(desk.desk.agents.tickets.thread(id).messages.at(-1)).toMatchObject({
    author: { id: "nina", role: "agent" },
    change: { status: "open" },
  });
  expect((await desk.send("PUT", `/tickets/${id}/status`, { status: "awaiting" })).status).toBe(422);
});

test("the form's answers of every kind are shown to agents as text", async () => {
  await using stage = await seededDesk();
  const options = [
    { value: "a", label: "Phone" },
    { value: "b", label: "Tablet" },
  ];
  const desk = await openDesk({
    directory: stage.directory,
    fields: [
      { key: "devices", label: "Devices", kind: "multi-select", options },
      { key: "urgent", label: "Urgent", kind: "checkbox" },
      { key: "seats", label: "Seats", kind: "number" },
    ],
  });
  const fields = { devices: ["a", "b"], urgent: true, seats: 12 };
  const { id } = await desk.adapter.tickets.create({ ...ticketDraft(), fields }, by(ana));
  expect(desk.agents.tickets.thread(id).fields).toEqual({ Devices: "Phone, Tablet", Urgent: "Yes", Seats: "12" });
  desk.close();
});
