import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../../demo/desk/database.ts";
import { openDesk } from "../../demo/desk/desk.ts";
import { migrations } from "../../demo/desk/schema.ts";
import { ana, by, draft, nina } from "./desk.ts";
import { temporaryFolder } from "./folder.ts";

const [first = ""] = migrations;

/** A database of the desk's first version: a ticket of Ana's with a file, a note and a reply. */
function writeOld(directory: string): void {
  const old = new DatabaseSync(join(directory, "desk.sqlite"));
  old.exec(`PRAGMA journal_mode = WAL; ${first} PRAGMA user_version = 1;
    INSERT INTO members (id, created_at) VALUES ('ana', '2026-11-01T08:00:00.000Z');
    INSERT INTO agents (id, username, password, name, languages) VALUES ('nina', 'nina', 'x', 'Nina', '["en"]');
    INSERT INTO tickets (id, member_id, client_id, title, status, locale, fields, created_at, updated_at, changed)
      VALUES ('t1', 'ana', 'c1', 'Slovenščina - Papagaj', 'awaiting', 'sl', '{}', '2026-11-01T08:00:00.000Z',
        '2026-11-01T09:00:00.000Z', 3);
    INSERT INTO messages (id, ticket_id, internal, author_id, author_role, client_id, text, at) VALUES
      ('m1', 't1', 0, 'ana', 'member', 'c1', 'Papagaj molči.', '2026-11-01T08:00:00.000Z'),
      ('m2', 't1', 1, 'nina', 'agent', 'c2', 'Kakapo?', '2026-11-01T08:30:00.000Z'),
      ('m3', 't1', 0, 'nina', 'agent', 'c3', 'Od kdaj?', '2026-11-01T09:00:00.000Z');
    INSERT INTO attachments (id, member_id, client_id, name, bytes, type, at)
      VALUES ('a1', 'ana', 'c4', 'slika.png', 3, 'image/png', '2026-11-01T08:00:00.000Z');
    INSERT INTO message_attachments (message_id, attachment_id, position) VALUES ('m1', 'a1', 0);
    INSERT INTO conversations (id, member_id, client_id, status, name, email, locale, created_at) VALUES
      ('k1', 'ana', 'c5', 'ended', 'Ana', 'ana@example.org', 'sl', '2026-11-01T08:00:00.000Z'),
      ('k2', 'ana', 'c6', 'queued', 'Ana', 'ana@example.org', 'sl', '2026-11-01T10:00:00.000Z');
    INSERT INTO events (type, member_id, ticket_id, message_id) VALUES ('message', 'ana', 't1', 'm1');
  `);
  old.close();
}

test("a database of the first version opens with all its data and can be used", async () => {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  writeOld(folder.path);
  const desk = await openDesk({ directory: folder.path });
  onTestFinished(() => desk.close());
  const { tickets } = desk.adapter;
  expect((await tickets.list({ filter: "all", search: "papagaj molci" }, by(ana))).items).toMatchObject([
    { id: "t1", number: "1001", status: "awaiting", updatedBy: "agent" },
  ]);
  expect(await tickets.counts(by(ana))).toEqual({ open: 0, awaiting: 1, all: 1 });
  expect((await tickets.list({ filter: "all", search: "kakapo" }, by(ana))).items).toEqual([]);
  expect((await tickets.thread("t1", undefined, by(ana))).items).toMatchObject([
    { id: "m1", attachments: [{ id: "a1", name: "slika.png" }] },
    { id: "m3" },
  ]);
  await tickets.reply("t1", draft("Od včeraj."), by(ana));
  desk.agents.tickets.setStatus(nina, "t1", "resolved");
  expect((await tickets.list({ filter: "all", search: "vceraj" }, by(ana))).items).toMatchObject([{ id: "t1" }]);
  await desk.agents.tickets.remove("t1");
  expect(await desk.adapter.chat.current(by(ana))).toMatchObject({ id: "k2", position: 1 });
  desk.agents.chat.take(nina, "k2");
  desk.agents.chat.transfer(nina, "k2", undefined);
  expect(await desk.adapter.chat.last(by(ana))).toMatchObject({ id: "k2", status: "queued", position: 1 });

  const database = openDatabase(folder.path);
  expect(database.all("PRAGMA foreign_key_check")).toEqual([]);
  expect(database.one("PRAGMA integrity_check")).toEqual({ integrity_check: "ok" });
  expect(await tickets.counts(by(ana))).toEqual({ open: 0, awaiting: 0, all: 0 });
  expect(() => database.run("INSERT INTO message_attachments VALUES ('none', 'none', 0)")).toThrow(/FOREIGN KEY/);
  database.close();
});
