import type { SQLInputValue } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { openDatabase } from "../../demo/desk/database.ts";
import { ticketQuery } from "../../demo/desk/ticket-query.ts";
import { ana, boris, by, draft, nina, seededDesk, ticketDraft } from "./desk.ts";

describe("a search", () => {
  test("covers titles, numbers and the thread as members see it", async () => {
    await using stage = await seededDesk();
    const { desk, tickets } = stage;
    const { id, number } = await tickets.create(ticketDraft("Slovenščina - Žival", "Papagaj molči."), by(ana));
    await tickets.reply(id, draft("Še vedno ne govori."), by(ana));
    desk.agents.tickets.write(nina, id, draft("Ga boste peljali k veterinarju?"), "question");
    desk.agents.tickets.write(nina, id, draft("Sounds like a kakapo."), "note");
    const found = async (search: string) =>
      (await tickets.list({ filter: "all", search }, by(ana))).items.map((one) => one.id);
    for (const search of ["zival", "PAPAGAJ", "govori", "veterinarju", "zival veterinar", number, `#${number}`]) {
      expect([search, await found(search)]).toEqual([search, [id]]);
    }
    for (const search of ["kakapo", "papagaj kakapo", "xq", "papagaj xq"]) {
      expect([search, await found(search)]).toEqual([search, []]);
    }
    expect((await tickets.list({ filter: "awaiting", search: "papagaj" }, by(ana))).items).toHaveLength(1);
    expect((await tickets.list({ filter: "open", search: "papagaj" }, by(ana))).items).toEqual([]);
    expect((await tickets.list({ filter: "all", search: "papagaj" }, by(boris))).items).toEqual([]);
    expect(desk.agents.tickets.list(undefined, "papagaj veterinar")).toMatchObject([{ id }]);
  });

  test("finds nothing in a removed ticket", async () => {
    await using stage = await seededDesk();
    const { desk, tickets } = stage;
    const { id } = await tickets.create(ticketDraft("Slovenščina - Papagaj", "Papagaj molči."), by(ana));
    await desk.agents.tickets.remove(id);
    expect(desk.agents.tickets.list(undefined, "papagaj")).toEqual([]);
    const database = openDatabase(stage.directory);
    expect(database.all("SELECT 1 FROM ticket_texts WHERE ticket_texts MATCH 'papagaj'")).toEqual([]);
    expect(database.all("PRAGMA foreign_key_check")).toEqual([]);
    database.close();
  });
});

test("all lists, counts and searches of a member use an index", async () => {
  await using stage = await seededDesk();
  const database = openDatabase(stage.directory);
  const plan = (sql: string, ...values: SQLInputValue[]) =>
    database.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values).map(({ detail }) => detail);
  const filters = [
    { memberId: "ana" },
    { memberId: "ana", status: "open" },
    { memberId: "ana", before: 5 },
    { memberId: "ana", status: "awaiting", before: 5 },
    { status: "open" },
    {},
  ] as const;
  for (const filter of filters) {
    const [sql, values] = ticketQuery("t.id", { ...filter, limit: 20 });
    const steps = plan(sql, ...values).join("; ");
    expect(steps).toMatch(/ USING (?:COVERING )?INDEX tickets_by_/);
    // No full scan and no sort.
    expect(steps).not.toContain("TEMP B-TREE");
  }
  const [searching, values] = ticketQuery("t.id", { memberId: "ana", search: "narocila kosarica", limit: 20 });
  expect(plan(searching, ...values).filter((step) => step.includes("VIRTUAL TABLE INDEX"))).toHaveLength(2);
  expect(plan("SELECT status, count FROM ticket_counts WHERE member_id = ?", "ana")).toEqual([
    "SEARCH ticket_counts USING PRIMARY KEY (member_id=?)",
  ]);
  database.close();
});
