import { expect, test } from "vitest";
import { openDesk } from "../../demo/desk/desk.ts";
import { seed } from "../../demo/desk/seed.ts";
import { ana, by, draft, picture, seededDesk, ticketDraft } from "./desk.ts";

test("the demo starts with tickets in every status, numbered from 1001, and seeding again adds none", async () => {
  await using stage = await seededDesk();
  await seed({ directory: stage.directory, now: () => stage.clock.at });
  const { items } = await stage.tickets.list({ filter: "all" }, by(ana));
  expect(items.map(({ number, status }) => [number, status])).toEqual([
    ["1004", "open"],
    ["1003", "awaiting"],
    ["1002", "open"],
    ["1001", "resolved"],
  ]);
});

test("a reopened desk continues with its tickets and numbers", async () => {
  await using stage = await seededDesk();
  const again = await openDesk({ directory: stage.directory, now: () => stage.clock.at });
  const ticket = await again.adapter.tickets.create(ticketDraft(), by(ana));
  again.close();
  expect(ticket.number).toBe("1005");
  expect((await stage.tickets.list({ filter: "open" }, by(ana))).items[0]).toEqual(ticket);
});

test.each(["narocila", "NAROČILA", "#1004", "1004", "drugo kartico"])(
  "a search for %s finds the order",
  async (search) => {
    await using stage = await seededDesk();
    const { items } = await stage.tickets.list({ filter: "all", search }, by(ana));
    expect(items.map(({ number }) => number)).toEqual(["1004"]);
  },
);

test("the category is asked in the member's language and shown to agents in theirs", async () => {
  await using stage = await seededDesk();
  const asked = async (locale: string) => (await stage.tickets.fields(by(ana, locale))).map(({ label }) => label);
  expect(await asked("sl-SI")).toEqual(["Kategorija", "Številka naročila", "Datum plačila"]);
  expect(await asked("de")).toEqual(["Kategorie", "Bestellnummer", "Datum der Zahlung"]);
  expect(await asked("ar")).toEqual(["الفئة", "رقم طلب الشراء", "تاريخ الدفع"]);
  expect(await asked("fr")).toEqual(["Category", "Order number", "Date of payment"]);
  const ticket = await stage.tickets.create({ ...ticketDraft(), fields: { category: "payments" } }, by(ana));
  expect(stage.desk.agents.tickets.thread(ticket.id).fields).toEqual({ Category: "Payments" });
});

test.each([
  { fields: { category: "nonsense" }, named: "category" },
  { fields: { colour: "red" }, named: "colour" },
])("a field value that the desk does not know is refused by name: $named", async ({ fields, named }) => {
  await using stage = await seededDesk();
  const refused = stage.tickets.create({ ...ticketDraft(), fields }, by(ana));
  await expect(refused).rejects.toMatchObject({ code: "invalid", fields: { [named]: expect.any(String) } });
});

test("an empty or blank title and text are refused, both by name", async () => {
  await using stage = await seededDesk();
  await expect(stage.tickets.create(ticketDraft(" ", "\n"), by(ana))).rejects.toMatchObject({
    code: "invalid",
    fields: { title: expect.any(String), text: expect.any(String) },
  });
});

test("a picture suffices for a reply, but not for a ticket", async () => {
  await using stage = await seededDesk();
  const file = await stage.uploads.upload(picture(), by(ana));
  const said = { ...draft(""), attachments: [file.id] };
  await expect(stage.tickets.create({ ...said, title: "Slika" }, by(ana))).rejects.toMatchObject({ code: "invalid" });
  const { id } = await stage.tickets.create(ticketDraft(), by(ana));
  expect((await stage.tickets.reply(id, said, by(ana))).attachments).toMatchObject([{ id: file.id }]);
});

test("a message id is refused in another ticket", async () => {
  await using stage = await seededDesk();
  const [one, other] = [
    await stage.tickets.create(ticketDraft(), by(ana)),
    await stage.tickets.create(ticketDraft(), by(ana)),
  ];
  const message = draft();
  await stage.tickets.reply(one.id, message, by(ana));
  await expect(stage.tickets.reply(other.id, message, by(ana))).rejects.toMatchObject({
    code: "invalid",
    fields: { clientId: expect.any(String) },
  });
});

test("an invalid cursor is refused", async () => {
  await using stage = await seededDesk();
  const refused = stage.tickets.list({ filter: "all", cursor: "1 OR 1=1" }, by(ana));
  await expect(refused).rejects.toMatchObject({ code: "invalid" });
});
