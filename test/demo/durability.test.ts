import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { describe, expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../../demo/desk/database.ts";
import { deskOn, openDesk, type DemoDesk } from "../../demo/desk/desk.ts";
import { storageError } from "../../demo/desk/storage-error.ts";
import { ana, by, draft, picture, request, ticketDraft } from "./desk.ts";
import { temporaryFolder } from "./folder.ts";

const acknowledgement = v.variant("kind", [
  v.object({ kind: v.literal("ticket"), id: v.string(), text: v.string() }),
  v.object({ kind: v.literal("reply"), id: v.string(), ticketId: v.string(), text: v.string() }),
  v.object({ kind: v.literal("file"), id: v.string(), sha256: v.string() }),
  v.object({ kind: v.literal("chat"), id: v.string(), conversationId: v.string(), text: v.string() }),
]);
type Acknowledgement = v.InferOutput<typeof acknowledgement>;

async function newFolder(): Promise<string> {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  return folder.path;
}

describe("a desk that is killed", () => {
  test("keeps everything that it acknowledged, over ten kills", { timeout: 60_000 }, async () => {
    const directory = await newFolder();
    const acknowledged: Acknowledgement[] = [];
    for (let round = 0; round < 10; round += 1) {
      const acks = await killedAfter(directory, round, 2 + round * 3);
      expect(acks.length).toBeGreaterThan(round * 3);
      acknowledged.push(...acks);
      const desk = await openDesk({ directory });
      for (const ack of acks) expect(await nowAt(desk, ack)).toEqual(ack);
      desk.close();
    }
    const desk = await openDesk({ directory });
    for (const ack of acknowledged) expect(await nowAt(desk, ack)).toEqual(ack);
    desk.close();
    const database = openDatabase(directory);
    expect(database.one<{ integrity_check: string }>("PRAGMA integrity_check")?.integrity_check).toBe("ok");
    expect(database.all("PRAGMA foreign_key_check")).toEqual([]);
    database.close();
  });

  test("stores a message once that is sent again after the restart", async () => {
    const directory = await newFolder();
    const sent = { ticket: ticketDraft(), reply: draft("Še nekaj"), chat: request(), said: draft("Ste tam?") };
    const fileId = crypto.randomUUID();
    async function send(desk: DemoDesk) {
      const { tickets, chat, uploads } = desk.adapter;
      const ticket = await tickets.create(sent.ticket, by(ana));
      const reply = await tickets.reply(ticket.id, sent.reply, by(ana));
      const conversation = await chat.open(sent.chat, by(ana));
      const said = await chat.send(conversation.id, sent.said, by(ana));
      const file = await uploads.upload(picture(), { ...by(ana), clientId: fileId });
      return [ticket.id, reply.id, conversation.id, said.id, file.id];
    }
    const first = await openDesk({ directory });
    const ids = await send(first);
    first.close();
    const second = await openDesk({ directory });
    expect(await send(second)).toEqual(ids);
    const { items } = await second.adapter.tickets.list({ filter: "all" }, by(ana));
    expect(items).toHaveLength(1);
    expect((await second.adapter.tickets.thread(items[0]!.id, undefined, by(ana))).items).toHaveLength(2);
    expect(readdirSync(join(directory, "files"))).toEqual([ids[4]]);
    second.close();
  });
});

describe("a full disk", () => {
  test("refuses with unavailable, keeps its data, and continues when there is space again", async () => {
    const directory = await newFolder();
    const database = openDatabase(directory);
    onTestFinished(() => database.close());
    const { tickets, chat, uploads } = (await deskOn(database, { directory })).adapter;
    const kept = await tickets.create(ticketDraft("Prvi"), by(ana));
    const conversation = await chat.open(request(), by(ana));
    const pages = Number(database.one<{ page_count: number }>("PRAGMA page_count")?.page_count);
    database.run(`PRAGMA max_page_count = ${pages}`);

    const long = "ž".repeat(90_000);
    const failing = { ticket: ticketDraft("Drugi", long), reply: draft(long), said: draft(long) };
    const unavailable = { name: "AdapterError", code: "unavailable" };
    await expect(tickets.create(failing.ticket, by(ana))).rejects.toMatchObject(unavailable);
    await expect(tickets.reply(kept.id, failing.reply, by(ana))).rejects.toMatchObject(unavailable);
    await expect(chat.send(conversation.id, failing.said, by(ana))).rejects.toMatchObject(unavailable);

    expect((await tickets.list({ filter: "all" }, by(ana))).items.map(({ id }) => id)).toEqual([kept.id]);
    expect((await tickets.thread(kept.id, undefined, by(ana))).items).toHaveLength(1);
    expect(database.all("SELECT 1 FROM events WHERE message_id IS NOT NULL")).toHaveLength(2);

    // A few small rows fit into existing pages; this many do not.
    await expect(
      (async () => {
        for (let count = 0; count < 2000; count += 1) {
          await uploads.upload(picture(new Uint8Array([count]), `${"x".repeat(190)}.png`), by(ana));
        }
      })(),
    ).rejects.toMatchObject(unavailable);
    const rows = database.all<{ id: string }>("SELECT id FROM attachments ORDER BY id");
    expect(readdirSync(join(directory, "files")).toSorted()).toEqual(rows.map(({ id }) => id));

    database.run(`PRAGMA max_page_count = ${pages + 1000}`);
    const [ticket, reply] = [
      await tickets.create(failing.ticket, by(ana)),
      await tickets.reply(kept.id, failing.reply, by(ana)),
    ];
    expect([ticket.title, reply.text.length]).toEqual(["Drugi", 90_000]);
  });

  test("in the file system is unavailable too", () => {
    let refused: unknown;
    try {
      writeFileSync("/dev/full", "x");
    } catch (error) {
      refused = error;
    }
    expect(storageError(refused)).toMatchObject({ code: "unavailable", cause: refused });
  });

  test("is not confused with other errors", () => {
    const error = new TypeError("a bug");
    expect(storageError(error)).toBe(error);
  });
});

/** What the writer had acknowledged when it was killed, right after its `count`th acknowledgement. */
async function killedAfter(directory: string, round: number, count: number): Promise<readonly Acknowledgement[]> {
  const writer = spawn(process.execPath, [join(import.meta.dirname, "writer.ts"), directory, String(round)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  let complaint = "";
  writer.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  writer.stdout.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
    if (printed.split("\n").length > count) writer.kill("SIGKILL");
  });
  const [, signal] = await once(writer, "close");
  expect({ signal, complaint }).toEqual({ signal: "SIGKILL", complaint: "" });
  // The kill may cut the last line, which then does not count as acknowledged.
  return printed
    .split("\n")
    .slice(0, -1)
    .map((line) => v.parse(acknowledgement, JSON.parse(line)));
}

/** The desk's current data for an acknowledgement, in the same shape. */
async function nowAt(desk: DemoDesk, ack: Acknowledgement): Promise<unknown> {
  const { tickets, uploads } = desk.adapter;
  switch (ack.kind) {
    case "ticket": {
      const page = await tickets.list({ filter: "all", search: ack.text }, by(ana));
      return { ...ack, ...page.items.map(({ id, title }) => ({ id, text: title }))[0] };
    }
    case "reply": {
      const { id = "", text = "" } = (await tickets.thread(ack.ticketId, undefined, by(ana))).items.at(-1) ?? {};
      return { ...ack, id, text };
    }
    case "file": {
      const blob = await uploads.download(ack.id, by(ana));
      const sha256 = createHash("sha256").update(new Uint8Array(await blob.arrayBuffer()));
      return { ...ack, sha256: sha256.digest("hex") };
    }
    default: {
      const { messages } = desk.agents.chat.transcript(ack.conversationId);
      return { ...ack, text: messages.find(({ id }) => id === ack.id)?.text };
    }
  }
}
