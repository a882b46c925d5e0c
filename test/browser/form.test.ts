import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import type { Field } from "../../src/core/contract/adapter.ts";
import { createWorld, signIn } from "./world.ts";

/** A minute to say what is wrong, and nothing typed twice. */
const topics = [
  { value: "app", label: "Aplikacija" },
  { value: "order", label: "Naročilo" },
];
const parts = ["Šotor", "Nahrbtnik", "Svetilka"].map((label) => ({ value: label.toLowerCase(), label }));
const fields: readonly Field[] = [
  { key: "topic", label: "Področje", kind: "select", options: topics, required: true },
  {
    key: "order",
    label: "Številka naročila",
    kind: "text",
    required: true,
    pattern: String.raw`BR-\d{6}`,
    help: "BR- in šest števk.",
    showWhen: { key: "topic", values: ["order"] },
  },
  {
    key: "parts",
    label: "Kateri kosi",
    kind: "multi-select",
    options: parts,
    showWhen: { key: "topic", values: ["order"] },
  },
  { key: "since", label: "Od kdaj", kind: "date" },
  { key: "times", label: "Kolikokrat", kind: "number" },
  { key: "urgent", label: "Nujno je", kind: "checkbox" },
  { key: "note", label: "Opomba", kind: "long-text" },
];
const world = createWorld({ fields });

const box = (page: Page, name: string | RegExp) => page.getByRole("textbox", { name });
const submit = (page: Page) => page.getByRole("button", { name: "Prijavi tehnično težavo", exact: true }).click();
const sent = (page: Page) => page.getByText(/Vaš zahtevek ima številko/).waitFor();
const newest = () => world.rows("SELECT * FROM tickets WHERE member_id = 'ana' ORDER BY number DESC LIMIT 1")[0];
const firstWords = () =>
  world.rows("SELECT text FROM messages WHERE ticket_id = ? ORDER BY seq LIMIT 1", String(newest()?.["id"]))[0]?.[
    "text"
  ];

async function openForm(page: Page) {
  await signIn(page);
  await page.getByRole("button", { name: "Prijavi novo tehnično težavo" }).click();
  await page.getByRole("combobox", { name: "Področje" }).waitFor();
}

async function fill(page: Page, title: string, text: string) {
  await box(page, "Naslov zahtevka").fill(title);
  await box(page, "Kaj se je zgodilo?").fill(text);
}

describe("what the desk asks for besides", () => {
  test("arrives at the desk, each kind in its own form, and what depends on another answer only with it", async () => {
    const page = await world.visit();
    await openForm(page);
    await fill(page, "Napačen paket", "Manjka svetilka.");
    expect(await box(page, "Številka naročila").count()).toBe(0);
    await page.getByRole("combobox", { name: "Področje" }).selectOption("Naročilo");
    await box(page, "Številka naročila").fill("BR-204816");
    await page.getByRole("group", { name: "Kateri kosi" }).getByRole("checkbox", { name: "Svetilka" }).check();
    await page.getByRole("group", { name: "Kateri kosi" }).getByRole("checkbox", { name: "Šotor" }).check();
    await page.getByLabel("Od kdaj").fill("2026-11-20");
    await page.getByRole("spinbutton", { name: "Kolikokrat" }).fill("3");
    await page.getByRole("checkbox", { name: "Nujno je" }).check();
    await box(page, "Opomba").fill("Prva vrstica\ndruga");
    await submit(page);
    await sent(page);
    expect(JSON.parse(String(newest()?.["fields"]))).toEqual({
      topic: "order",
      order: "BR-204816",
      parts: ["šotor", "svetilka"],
      since: "2026-11-20",
      times: 3,
      urgent: true,
      note: "Prva vrstica\ndruga",
    });
  });

  test("is checked before it goes: the message stands at the field, and the focus goes to the first", async () => {
    const page = await world.visit();
    await openForm(page);
    await fill(page, "Napačen paket", "Manjka svetilka.");
    const topic = page.getByRole("combobox", { name: "Področje" });
    await submit(page);
    await expect.poll(() => topic.evaluate((element) => element.matches(":focus"))).toBe(true);
    await topic.selectOption("Naročilo");
    const order = box(page, "Številka naročila");
    await order.fill("204816");
    await submit(page);
    await expect.poll(() => order.evaluate((element) => element.matches(":focus"))).toBe(true);
    expect(await order.getAttribute("aria-invalid")).toBe("true");
    expect(world.rows("SELECT * FROM tickets WHERE title LIKE '%Napačen paket'")).toEqual([]);
  });

  test("is checked at the desk as well: what it refuses lands at the field, and nothing is lost", async () => {
    const page = await world.visit();
    // The desk has changed its mind since the form was drawn.
    await page.route("**/tickets/fields", async (route) => {
      const response = await route.fetch();
      const { items } = (await response.json()) as { items: Field[] };
      const lenient = items.map((field) => ({ ...field, pattern: ".*" }));
      await route.fulfill({ response, json: { items: lenient } });
    });
    await openForm(page);
    await fill(page, "Napačen paket", "Manjka svetilka.");
    await page.getByRole("combobox", { name: "Področje" }).selectOption("Naročilo");
    const order = box(page, "Številka naročila");
    await order.fill("204816");
    await submit(page);
    await page.getByText("Podpora tega ni sprejela. Prosimo, spremenite.").waitFor();
    await expect.poll(() => order.evaluate((element) => element.matches(":focus"))).toBe(true);
    expect(await box(page, "Kaj se je zgodilo?").inputValue()).toBe("Manjka svetilka.");
    await order.fill("BR-204816");
    await submit(page);
    await sent(page);
  });
});

test("three questions reach the desk as text that reads by itself", async () => {
  const page = await world.visit();
  await openForm(page);
  await box(page, "Naslov zahtevka").fill("Košarica je prazna");
  await box(page, "Kaj ste storili?").fill("Kliknem »Oddaj naročilo«.");
  await box(page, "Kaj se je zgodilo?").fill("Košarica je prazna.");
  await box(page, "Kaj ste pričakovali?").fill("Potrditev naročila.");
  await page.getByRole("combobox", { name: "Področje" }).selectOption("Aplikacija");
  await submit(page);
  await sent(page);
  expect(firstWords()).toBe(
    "Kaj ste storili?\nKliknem »Oddaj naročilo«.\n\nKaj se je zgodilo?\nKošarica je prazna.\n\nKaj ste pričakovali?\nPotrditev naročila.",
  );
});

test("afterwards: the number, when an answer can be expected by what the desk really takes, and the way to the issue", async () => {
  const page = await world.visit();
  await openForm(page);
  await fill(page, "Košarica je prazna", "Vedno.");
  await page.getByRole("combobox", { name: "Področje" }).selectOption("Aplikacija");
  await submit(page);
  await sent(page);
  await page.getByText(`Vaš zahtevek ima številko ${String(newest()?.["number"])}.`).waitFor();
  await page.getByText(/^Odgovor lahko pričakujete čez \d+ /).waitFor();
  await page.getByRole("button", { name: "Prikaži ta zahtevek" }).click();
  await page.getByRole("log", { name: "Sporočila" }).getByText("Vedno.").waitFor();
});

describe("the member's language", () => {
  const send = async (page: Page) => {
    await openForm(page);
    await fill(page, "Košarica je prazna", "Vedno.");
    await page.getByRole("combobox", { name: "Področje" }).selectOption("Aplikacija");
    await submit(page);
    await sent(page);
    return { title: newest()?.["title"], locale: newest()?.["locale"] };
  };

  test("stands in front of the title, as the guide has it", async () => {
    expect(await send(await world.visitTag({}))).toEqual({ title: "Slovenščina - Košarica je prazna", locale: "sl" });
  });

  test("goes beside the title where the site wants it so", async () => {
    const page = await world.visitTag({ "ticket-language": "field" });
    await signIn(page);
    await page.getByRole("button", { name: "Prijavi novo tehnično težavo" }).click();
    await page.getByRole("combobox", { name: "Jezik zahtevka" }).selectOption("Deutsch");
    await fill(page, "Košarica je prazna", "Vedno.");
    await page.getByRole("combobox", { name: "Področje" }).selectOption("Aplikacija");
    await submit(page);
    await sent(page);
    expect(newest()).toMatchObject({ title: "Košarica je prazna", locale: "de" });
  });

  test("is not asked for where the site does not want it", async () => {
    const page = await world.visitTag({ "ticket-language": "off" });
    expect(await send(page)).toEqual({ title: "Košarica je prazna", locale: "sl" });
    await page.getByRole("button", { name: "Nazaj na moje zahtevke" }).click();
    await page.getByRole("button", { name: "Prijavi novo tehnično težavo" }).click();
    await box(page, "Naslov zahtevka").waitFor();
    expect(await page.getByRole("combobox", { name: "Jezik zahtevka" }).count()).toBe(0);
  });
});

describe("what the widget adds of itself", () => {
  const fault = `<button onclick="setTimeout(() => { throw new Error('košarica je pokvarjena') })">Oddaj</button>`;
  const context = () => JSON.parse(String(newest()?.["context"]));

  test("is shown before it is sent, can be taken out part by part, and what is taken out does not leave", async () => {
    const page = await world.visitTag({ "app-version": "shop 4.2" }, fault);
    await page.getByRole("button", { name: "Oddaj" }).click();
    await expect.poll(() => world.takeThrown().join()).toContain("košarica je pokvarjena");
    await openForm(page);
    await fill(page, "Košarica je prazna", "Vedno.");
    await page.getByRole("combobox", { name: "Področje" }).selectOption("Aplikacija");
    await page.getByText("Kaj pošljemo zraven (6)").click();
    await page.getByRole("checkbox", { name: "shop 4.2" }).waitFor();
    await page.getByRole("checkbox", { name: /košarica je pokvarjena/ }).waitFor();
    const address = page.locator("label").filter({ hasText: "tag.html" }).first();
    expect(await address.innerText()).not.toContain("s3cret");
    await page.getByRole("checkbox", { name: /^Brskalnik/ }).uncheck();
    await page.getByText("Kaj pošljemo zraven (5)").waitFor();
    await submit(page);
    await sent(page);
    const sentAlong = context();
    expect(Object.keys(sentAlong).toSorted()).toEqual(["appVersion", "errors", "language", "page", "screen"]);
    expect(sentAlong).toMatchObject({ appVersion: "shop 4.2", language: "sl-SI" });
    expect(sentAlong.page).toMatch(/\/tag\.html\?page=2&token=%E2%80%A6$/);
    expect(sentAlong.errors.join()).toContain("košarica je pokvarjena");
    // For agents alone: the member's own words are not mixed with it.
    expect(firstWords()).toBe("Vedno.");
  });

  test("is nothing where the site has switched it off", async () => {
    const page = await world.visitTag({ "page-context": "off" });
    await openForm(page);
    await fill(page, "Košarica je prazna", "Vedno.");
    expect(await page.getByText(/Kaj pošljemo zraven/).count()).toBe(0);
    await page.getByRole("combobox", { name: "Področje" }).selectOption("Aplikacija");
    await submit(page);
    await sent(page);
    expect(newest()?.["context"]).toBeNull();
  });
});

test("while the title is typed, the member's own open issues that sound like it are offered, and the draft is kept", async () => {
  await world.ticket("Slovenščina - Zemljevid se ne naloži", "Opis.", { fields: { topic: "app" } });
  const page = await world.visit();
  await openForm(page);
  await box(page, "Naslov zahtevka").fill("zemljevida ne vidim");
  const offered = page.getByRole("list", { name: "Ste to morda že prijavili?" });
  await offered.getByRole("button", { name: /Zemljevid se ne naloži/ }).click();
  await page.getByRole("heading", { name: "Slovenščina - Zemljevid se ne naloži" }).waitFor();
  await page.getByRole("button", { name: "Nazaj na moje zahtevke" }).click();
  await page.getByRole("button", { name: "Prijavi novo tehnično težavo" }).click();
  await expect.poll(() => box(page, "Naslov zahtevka").inputValue()).toBe("zemljevida ne vidim");
});
